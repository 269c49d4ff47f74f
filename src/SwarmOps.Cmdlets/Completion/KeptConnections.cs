using SwarmOps.Transport;

namespace SwarmOps.Completion;

/// <summary>
/// Keeps the session's connections open between one Tab and the next, and for the command that is then run: at the prompt no pipeline is
/// running that would hold them.
/// </summary>
/// <param name="runspace">The session.</param>
/// <param name="idle">How long after the last Tab they are kept.</param>
internal sealed class KeptConnections(Guid runspace, TimeSpan idle)
{
    private readonly object gate = new();
    private ConnectionPool? pool;
    private Timer? closing;

    /// <summary>The connection to a node, as every stage of the session would get it.</summary>
    /// <exception cref="SwarmOpsException"><c>NodeHasNoEndpoint</c>, <c>DockerHostInvalid</c>.</exception>
    public INodeConnection Get(SwarmNode node, ConnectionOptions options)
    {
        lock (gate)
        {
            pool ??= ConnectionPool.Lease(runspace);
            closing ??= new Timer(_ => Close());
            closing.Change(idle, Timeout.InfiniteTimeSpan);
            return pool.Get(node, options);
        }
    }

    private void Close()
    {
        ConnectionPool? unused;
        lock (gate)
            (unused, pool) = (pool, null);
        unused?.Release();
    }
}
