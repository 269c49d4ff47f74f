using SwarmOps.Nodes;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Locking;

/// <summary>
/// The lock of hosts that are in no swarm yet: a run that initializes a swarm holds it on each of them. Two runs with different first nodes, or overlapping node sets, conflict on
/// their common hosts.
/// </summary>
/// <param name="hosts">The hosts, in any order.</param>
internal sealed class HostsLock(IReadOnlyList<NodeObservation> hosts) : IChangeLock
{
    /// <summary>The key of the lock.</summary>
    public const string Hosts = "hosts";

    public string Key => Hosts;

    public async Task<IHeldLock> TakeAsync(IOperationContext context, LockSettings settings)
    {
        // In the order of the engines' ids, which is the same for every run.
        var stores = hosts
            .OrderBy(host => host.Info.ID, StringComparer.Ordinal)
            .Select(host => new HostLockStore(host.Connection))
            .ToList();
        var taken = await LockTakings.Create(context, settings).TakeAsync(stores, context.CancellationToken).ConfigureAwait(false);
        foreach (var store in stores.Where(store => !store.IsAble))
            context.WriteVerbose(
                $"{store.Place}: cannot hold a lock, since it runs no commands or has no flock; continuing without a lock there, so another run could initialize a swarm on it at the same time"
            );
        return taken;
    }
}
