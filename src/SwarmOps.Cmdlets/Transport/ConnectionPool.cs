using System.Collections.Concurrent;

namespace SwarmOps.Transport;

/// <summary>
/// The connections of one pipeline: all its cmdlets lease the same pool. The last to end closes them, or leaves them to the next pipeline of the session for a while (<see cref="KeptNodes"/>).
/// Pools are kept apart by runspace, since Azure Automation may run jobs of different owners in one process.
/// </summary>
internal sealed class ConnectionPool
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromMilliseconds(800);
    private static readonly Dictionary<Guid, ConnectionPool> Pools = [];

    private readonly ConcurrentDictionary<ConnectionKey, Lazy<NodeConnection>> connections = new();
    private readonly Guid runspace;
    private int leases;
    private bool isClosing;

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
            .GetOrAdd(
                key,
                _ => new Lazy<NodeConnection>(() =>
                    NodeConnection.Create(
                        node,
                        options with
                        {
                            Credential = credential,
                        },
                        KeptNodes.Take(new(runspace, key, node.Name, options.ConnectTimeout))
                    )
                )
            )
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

    /// <summary>Releases a lease; the last one closes all connections, or keeps them for the next pipeline.</summary>
    /// <param name="keep">Whether the work went to its end, so that they may be kept.</param>
    public void Release(bool keep = false)
    {
        lock (Pools)
        {
            isClosing |= !keep;
            if (--leases > 0)
                return;
            Pools.Remove(runspace);
        }

        var opened = connections
            .Where(connection => connection.Value.IsValueCreated)
            .Select(connection => (connection.Key, connection.Value.Value));
        var closing = opened.Select(connection => CloseAsync(connection.Key, connection.Value));
        Task.WaitAny([Task.WhenAll(closing)], CloseTimeout);
    }

    private async Task CloseAsync(ConnectionKey key, NodeConnection connection)
    {
        if (isClosing)
            await connection.DisposeAsync().ConfigureAwait(false);
        else if (await connection.PartAsync().ConfigureAwait(false) is { } parting)
            KeptNodes.Keep(new(runspace, key, connection.Node.Name, connection.ConnectTimeout), parting);
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
                pool.Release(keep: true);
        }
    }
}
