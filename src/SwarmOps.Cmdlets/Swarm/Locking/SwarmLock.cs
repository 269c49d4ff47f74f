using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Locking;

/// <summary>The lock of a swarm, held by every run that changes the swarm.</summary>
/// <param name="swarm">The swarm.</param>
internal sealed class SwarmLock(LocatedSwarm swarm) : IChangeLock
{
    public string Key => swarm.View.SwarmId;

    public async Task<IHeldLock> TakeAsync(IOperationContext context, LockSettings settings)
    {
        IReadOnlyList<INodeConnection> managers =
        [
            swarm.View.Manager,
            .. swarm.Observations.Where(observation => observation.IsManager && !ReferenceEquals(observation.Connection, swarm.View.Manager)).Select(observation => observation.Connection),
        ];
        var route = new ManagerRoute(context, Key, managers);
        var store = new ConfigLockStore(Key, (token, limit) => route.For(new QuietContext(context, token), limit));
        return await LockTakings.Create(context, settings).TakeAsync([store], context.CancellationToken).ConfigureAwait(false);
    }
}
