namespace SwarmOps.Transport;

/// <summary>A way to a node: a byte stream to its engine, and commands on its host.</summary>
internal interface INodeTransport : IAsyncDisposable
{
    /// <summary>The address that HTTP requests carry; its host is only a name where the stream comes from elsewhere.</summary>
    Uri HttpEndpoint { get; }

    /// <summary>How many streams may be open at the same time.</summary>
    int MaxStreams { get; }

    /// <summary>Adds what this way needs to the HTTP handler, such as certificates.</summary>
    void Configure(SocketsHttpHandler handler);

    /// <summary>Opens a stream to the engine.</summary>
    Task<Stream> OpenEngineStreamAsync(CancellationToken cancellationToken);

    /// <summary>Opens a stream to the engine that may be read slowly: nothing else waits behind it, and the engine is held up while nobody reads.</summary>
    Task<Stream> OpenOwnStreamAsync(CancellationToken cancellationToken) => OpenEngineStreamAsync(cancellationToken);

    /// <summary>Runs a command on the host.</summary>
    Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken);
}
