using Docker.DotNet;

namespace SwarmOps.Transport;

/// <summary>The connection to one node: opens on first use, once for all who wait, and turns every failure into an error that names it.</summary>
internal sealed class NodeConnection : INodeConnection, IAsyncDisposable
{
    private readonly Func<INodeTransport> createTransport;
    private readonly TimeSpan connectTimeout;
    private readonly SemaphoreSlim opening = new(1, 1);
    private INodeTransport? transport;
    private IDockerClient? engine;
    private bool disposed;

    private NodeConnection(SwarmNode node, Func<INodeTransport> createTransport, TimeSpan connectTimeout)
    {
        Node = node;
        this.createTransport = createTransport;
        this.connectTimeout = connectTimeout;
    }

    public SwarmNode Node { get; }

    /// <summary>Makes the connection without opening it.</summary>
    /// <exception cref="SwarmOpsException"><c>NodeHasNoEndpoint</c>, <c>DockerHostInvalid</c>.</exception>
    public static NodeConnection Create(SwarmNode node, ConnectionOptions options)
    {
        if (string.IsNullOrEmpty(node.DockerHost))
            throw TransportErrors.NodeHasNoEndpoint(node);
        var endpoint = EngineEndpoint.Parse(node.DockerHost, node);
        return new NodeConnection(node, () => CreateTransport(node, endpoint, options), options.ConnectTimeout);
    }

    public async Task<IDockerClient> GetEngineAsync(CancellationToken cancellationToken)
    {
        if (engine is { } open)
            return open;
        await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return engine ??= await OpenEngineAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            opening.Release();
        }
    }

    public async Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken)
    {
        CallLedger.Current?.AddCommand(Node.Name);
        using var activity = EngineDiagnostics.StartCommand(Node.Name);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(command.Timeout + connectTimeout);
        try
        {
            return await Transport().RunAsync(command, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TransportErrors.CommandTimedOut(Node, command);
        }
        catch (Exception exception) when (TransportErrors.TryFrom(Node, exception) is { } error)
        {
            throw error;
        }
    }

    public async Task ResetAsync()
    {
        Interlocked.Exchange(ref engine, null)?.Dispose();
        INodeTransport? open;
        lock (opening)
            (open, transport) = (transport, null);
        if (open is not null)
            await open.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Closes for good. What is still being opened is closed as soon as it is open.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (opening)
            disposed = true;
        await ResetAsync().ConfigureAwait(false);
    }

    private static INodeTransport CreateTransport(SwarmNode node, EngineEndpoint endpoint, ConnectionOptions options) => endpoint.Kind switch
    {
        EngineEndpointKind.Ssh => new SshTransport(node, endpoint, options),
        EngineEndpointKind.Tcp => new TcpTransport(node, endpoint),
        _ => new LocalTransport(endpoint),
    };

    private INodeTransport Transport()
    {
        lock (opening)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return transport ??= createTransport();
        }
    }

    private async Task<IDockerClient> OpenEngineAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(connectTimeout);
        try
        {
            return await EngineHandshake.ConnectAsync(Node, Transport(), timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TransportErrors.NodeUnreachable(Node, $"no answer within {connectTimeout.TotalSeconds:0} s", null);
        }
        catch (Exception exception) when (TransportErrors.TryFrom(Node, exception) is { } error)
        {
            throw error;
        }
    }
}
