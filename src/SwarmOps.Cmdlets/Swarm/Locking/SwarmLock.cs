using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Locking;

/// <summary>The lock of a swarm, held by every run that changes the swarm.</summary>
/// <param name="swarm">The swarm.</param>
internal sealed class SwarmLock(SwarmSession swarm) : IChangeLock
{
    public string Key => swarm.SwarmId;

    public async Task<IHeldLock> TakeAsync(IOperationContext context, LockSettings settings)
    {
        var store = new ConfigLockStore(Key, (token, limit) => swarm.Beside(new QuietContext(context, token), limit));
        return await LockTakings.Create(context, settings).TakeAsync([store], context.CancellationToken).ConfigureAwait(false);
    }
}
