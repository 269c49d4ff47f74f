namespace SwarmOps.Transport;

/// <summary>A transport to a node: byte streams to its engine, and commands on its host.</summary>
internal interface INodeTransport : IAsyncDisposable
{
    /// <summary>The base address of HTTP requests; its host is a placeholder where the stream is not TCP.</summary>
    Uri HttpEndpoint { get; }

    /// <summary>How many streams may be open at the same time.</summary>
    int MaxStreams { get; }

    /// <summary>Whether it is open and was costly to open: the next pipeline may then take it over.</summary>
    bool CanBeKept => false;

    /// <summary>Adds what the transport needs to the HTTP handler, such as certificates.</summary>
    void Configure(SocketsHttpHandler handler);

    /// <summary>Opens a stream to the engine.</summary>
    Task<Stream> OpenEngineStreamAsync(CancellationToken cancellationToken);

    /// <summary>Opens a stream to the engine that may be read slowly: no other stream waits for it, and the engine blocks while it is not read.</summary>
    Task<Stream> OpenOwnStreamAsync(CancellationToken cancellationToken) => OpenEngineStreamAsync(cancellationToken);

    /// <summary>Runs a command on the host.</summary>
    Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken);
}
