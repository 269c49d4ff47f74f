using System.Collections.Concurrent;

namespace SwarmOps.Transport;

/// <summary>
/// The connections of one pipeline: all its cmdlets lease the same pool, and the last to end closes it.
/// Pools are kept apart by runspace, since Azure Automation may run jobs of different owners in one process.
/// </summary>
internal sealed class ConnectionPool
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromMilliseconds(800);
    private static readonly Dictionary<Guid, ConnectionPool> Pools = [];

    private readonly ConcurrentDictionary<ConnectionKey, Lazy<NodeConnection>> connections = new();
    private readonly Guid runspace;
    private int leases;

    private ConnectionPool(Guid runspace) => this.runspace = runspace;

    /// <summary>The pool of a runspace's running pipeline; release it with <see cref="Release"/>.</summary>
    public static ConnectionPool Lease(Guid runspace)
    {
        lock (Pools)
        {
            if (!Pools.TryGetValue(runspace, out var pool))
                Pools.Add(runspace, pool = new ConnectionPool(runspace));
            pool.leases++;
            return pool;
        }
    }

    /// <summary>The connection to a node, made on first use.</summary>
    public INodeConnection Get(SwarmNode node, ConnectionOptions options)
    {
        var credential = Merge(options.Credential, node.Credential);
        var key = new ConnectionKey(
            node.DockerHost,
            node.KeyFilePath,
            node.HostKeyFingerprint,
            node.KnownHostsPath,
            node.HostKeyPolicy,
            node.CertificatePath,
            credential
        );
        return connections
            .GetOrAdd(key, _ => new Lazy<NodeConnection>(() => NodeConnection.Create(node, options with { Credential = credential })))
            .Value;
    }

    /// <summary>An additional lease, for work that outlasts its cmdlet.</summary>
    /// <returns>Releases the lease when disposed; null when the pool is already closed.</returns>
    public IDisposable? Hold()
    {
        lock (Pools)
        {
            if (leases == 0)
                return null;
            leases++;
            return new HeldLease(this);
        }
    }

    /// <summary>Releases a lease; the last one closes all connections.</summary>
    public void Release()
    {
        lock (Pools)
        {
            if (--leases > 0)
                return;
            Pools.Remove(runspace);
        }

        var closing = connections
            .Values.Where(connection => connection.IsValueCreated)
            .Select(connection => connection.Value.DisposeAsync().AsTask());
        Task.WaitAny([Task.WhenAll(closing)], CloseTimeout);
    }

    /// <summary>The cmdlet's credentials take precedence; a passphrase alone belongs to the node's own key.</summary>
    private static NodeCredential? Merge(NodeCredential? given, NodeCredential? own) =>
        given is { Password: null, PrivateKey: null } && own is not null ? own with { KeyPassphrase = given.KeyPassphrase } : given ?? own;

    /// <summary>A lease that is released once.</summary>
    private sealed class HeldLease(ConnectionPool pool) : IDisposable
    {
        private int given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref given, 1) == 0)
                pool.Release();
        }
    }

    /// <summary>Identifies a connection: nodes with equal keys share one.</summary>
    private sealed record ConnectionKey(
        string? DockerHost,
        string? KeyFilePath,
        string? HostKeyFingerprint,
        string? KnownHostsPath,
        HostKeyPolicy Policy,
        string? CertificatePath,
        NodeCredential? Credential
    );
}
