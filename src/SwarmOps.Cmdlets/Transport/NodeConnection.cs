using Docker.DotNet;

namespace SwarmOps.Transport;

/// <summary>The connection to one node: opens on first use, once for all callers, and converts every failure to an error that names the node.</summary>
internal sealed class NodeConnection : INodeConnection, IAsyncDisposable
{
    private readonly Func<INodeTransport> createTransport;
    private readonly TimeSpan connectTimeout;
    private readonly bool hasPassword;
    private readonly object gate = new();
    private OpenNode? open;
    private SwarmOpsException? refusal;
    private bool disposed;

    private NodeConnection(SwarmNode node, Func<INodeTransport> createTransport, ConnectionOptions options)
    {
        Node = node;
        this.createTransport = createTransport;
        connectTimeout = options.ConnectTimeout;
        hasPassword = options.Credential?.Password is not null;
    }

    public SwarmNode Node { get; }

    /// <summary>Creates the connection without opening it.</summary>
    /// <exception cref="SwarmOpsException"><c>NodeHasNoEndpoint</c>, <c>DockerHostInvalid</c>.</exception>
    public static NodeConnection Create(SwarmNode node, ConnectionOptions options)
    {
        if (string.IsNullOrEmpty(node.DockerHost))
            throw TransportErrors.NodeHasNoEndpoint(node);
        var endpoint = EngineEndpoint.Parse(node.DockerHost, node);
        return new NodeConnection(node, () => CreateTransport(node, endpoint, options), options);
    }

    public async Task<IDockerClient> GetEngineAsync(CancellationToken cancellationToken) =>
        (await OpenAsync(cancellationToken).ConfigureAwait(false)).Client;

    public async Task<EngineApi> GetApiAsync(CancellationToken cancellationToken) =>
        (await OpenAsync(cancellationToken).ConfigureAwait(false)).Api;

    public async Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken)
    {
        if (ChangeGuard.Current is { } guard)
            await guard.PassAsync(cancellationToken).ConfigureAwait(false);
        CallLedger.Current?.AddCommand(Node.Name);
        using var activity = EngineDiagnostics.StartCommand(Node.Name);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(command.Timeout + connectTimeout);
        try
        {
            return await CallChain.CountAsync(() => Opened().Transport.RunAsync(command, timeout.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TransportErrors.CommandTimedOut(Node, command);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            EngineCall.Note(exception, "a command on its host");
            if (TransportErrors.TryFrom(Node, exception) is { } error)
                throw Remember(error);
            throw;
        }
    }

    public async Task ResetAsync()
    {
        OpenNode? closing;
        lock (gate)
            (closing, open) = (open, null);
        if (closing is not null)
            await closing.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Closes the connection permanently. What is still being opened is closed as soon as it is open.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
            disposed = true;
        await ResetAsync().ConfigureAwait(false);
    }

    private async Task<OpenEngine> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var engine = await Opened().Engine.GetAsync(cancellationToken).ConfigureAwait(false);
            engine.Opening.Join();
            return engine;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TransportErrors.NodeUnreachable(Node, $"no answer within {connectTimeout.TotalSeconds:0} s", null);
        }
        catch (Exception exception) when (TransportErrors.TryFrom(Node, exception) is { } error)
        {
            throw Remember(error);
        }
    }

    private static INodeTransport CreateTransport(SwarmNode node, EngineEndpoint endpoint, ConnectionOptions options) =>
        endpoint.Kind switch
        {
            EngineEndpointKind.Ssh => new SshTransport(node, endpoint, options),
            EngineEndpointKind.Tcp => new TcpTransport(node, endpoint),
            _ => new LocalTransport(node, endpoint),
        };

    /// <summary>A rejected password is not sent again: accounts are locked after few wrong attempts.</summary>
    private SwarmOpsException Remember(SwarmOpsException error)
    {
        if (hasPassword && error.ErrorId == nameof(TransportErrors.SshAuthenticationFailed))
            refusal = error;
        return error;
    }

    private OpenNode Opened()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (refusal is not null)
                throw refusal;
            return open ??= new OpenNode(Node, createTransport(), connectTimeout);
        }
    }

    /// <summary>What is open between two resets.</summary>
    private sealed class OpenNode(SwarmNode node, INodeTransport transport, TimeSpan connectTimeout) : IAsyncDisposable
    {
        public INodeTransport Transport => transport;

        public SharedAttempt<OpenEngine> Engine { get; } =
            new(token => ConnectAsync(node, transport, connectTimeout, token), static _ => true, Close);

        public async ValueTask DisposeAsync()
        {
            // The connection first: closing its streams is then quick, even when the other side no longer answers.
            await transport.DisposeAsync().ConfigureAwait(false);
            await Engine.DisposeAsync().ConfigureAwait(false);
        }

        private static ValueTask Close(OpenEngine engine)
        {
            engine.Dispose();
            return ValueTask.CompletedTask;
        }

        private static async Task<OpenEngine> ConnectAsync(
            SwarmNode node,
            INodeTransport transport,
            TimeSpan connectTimeout,
            CancellationToken cancellationToken
        )
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(connectTimeout);
            return await EngineHandshake.ConnectAsync(node, transport, timeout.Token).ConfigureAwait(false);
        }
    }
}
