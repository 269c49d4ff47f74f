using Docker.DotNet;

namespace SwarmOps.Transport;

/// <summary>The connection to one node: opens on first use, once for all callers, and converts every failure to an error that names the node.</summary>
internal sealed class NodeConnection : INodeConnection, IAsyncDisposable
{
    /// <summary>How long an engine that answered before may take to answer again, before its connection counts as broken.</summary>
    private static readonly TimeSpan ProofPatience = TimeSpan.FromSeconds(3);

    /// <summary>What was in use until now needs no proof: it may break at any moment of a pipeline, too.</summary>
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(2);

    private readonly Func<INodeTransport> createTransport;
    private readonly TimeSpan connectTimeout;
    private readonly bool hasPassword;
    private readonly object gate = new();
    private OpenNode? open;
    private OpenNode? unproven;
    private Task<CallChain.Mark>? proof;
    private SwarmOpsException? refusal;
    private bool disposed;

    private NodeConnection(SwarmNode node, Func<INodeTransport> createTransport, ConnectionOptions options, OpenNode? kept)
    {
        Node = node;
        this.createTransport = createTransport;
        connectTimeout = options.ConnectTimeout;
        hasPassword = options.Credential?.Password is not null;
        open = kept;
        unproven = kept is not null && DateTimeOffset.UtcNow - kept.LastUsed > Trusted ? kept : null;
    }

    public SwarmNode Node { get; }

    /// <summary>How long opening it may take.</summary>
    public TimeSpan ConnectTimeout => connectTimeout;

    /// <summary>Creates the connection without opening it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="options">How to connect to it.</param>
    /// <param name="kept">What an earlier pipeline left open to the same node: it is tested on first use, and replaced when it does not answer.</param>
    /// <exception cref="SwarmOpsException"><c>NodeHasNoEndpoint</c>, <c>DockerHostInvalid</c>.</exception>
    public static NodeConnection Create(SwarmNode node, ConnectionOptions options, OpenNode? kept = null)
    {
        if (string.IsNullOrEmpty(node.DockerHost))
            throw TransportErrors.NodeHasNoEndpoint(node);
        var endpoint = EngineEndpoint.Parse(node.DockerHost, node);
        return new NodeConnection(node, () => CreateTransport(node, endpoint, options), options, kept);
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
            var ready = await ReadyAsync(timeout.Token).ConfigureAwait(false);
            return await CallChain.CountAsync(() => ready.Transport.RunAsync(command, timeout.Token)).ConfigureAwait(false);
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

    /// <summary>Ends the connection and hands over what is open; null when that is not worth keeping: it is closed then.</summary>
    public async Task<OpenNode?> PartAsync()
    {
        OpenNode? parting = null;
        lock (gate)
        {
            disposed = true;
            if (open is { CanBeKept: true } && refusal is null && proof is not { IsCompleted: false })
                (parting, open) = (open, null);
        }
        await ResetAsync().ConfigureAwait(false);
        return parting;
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
            var ready = await ReadyAsync(cancellationToken).ConfigureAwait(false);
            var engine = await ready.Engine.GetAsync(cancellationToken).ConfigureAwait(false);
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
            open ??= new OpenNode(Node, createTransport(), connectTimeout);
            open.LastUsed = DateTimeOffset.UtcNow;
            return open;
        }
    }

    private async Task<OpenNode> ReadyAsync(CancellationToken cancellationToken)
    {
        Task<CallChain.Mark>? proving;
        lock (gate)
        {
            if (unproven is { } kept && !disposed)
                proof ??= Task.Run(() => ProveAsync(kept), CancellationToken.None);
            proving = proof;
        }
        if (proving is not null)
            (await proving.WaitAsync(cancellationToken).ConfigureAwait(false)).Join();
        return Opened();
    }

    /// <summary>Asks the engine over a connection that was not used for a while; one that has broken meanwhile is replaced.</summary>
    private async Task<CallChain.Mark> ProveAsync(OpenNode kept)
    {
        try
        {
            using var limit = new CancellationTokenSource(ProofPatience);
            var engine = await kept.Engine.GetAsync(limit.Token).ConfigureAwait(false);
            await engine.Client.System.PingAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            lock (gate)
            {
                if (ReferenceEquals(open, kept))
                    open = null;
            }
            // Not awaited: to close what no longer answers may take as long as to use it.
            _ = kept.DisposeAsync().AsTask();
        }
        lock (gate)
            unproven = null;
        return CallChain.Mark.Here();
    }
}
