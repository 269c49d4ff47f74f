using System.Globalization;

namespace SwarmOps.Swarm.Locking;

/// <summary>What can be wrong with a lock, each with its id and the next step (docs/errors).</summary>
internal static class LockErrors
{
    public static SwarmOpsException SwarmLockHeld(ILockStore store, LockHolder? holder, TimeSpan waited) => new(
        "SwarmLockHeld",
        ErrorKind.InvalidState,
        $"Someone else is changing {store.Place}: {holder?.ToString() ?? "a run that does not say who it is"} holds its lock{(waited > TimeSpan.FromSeconds(1) ? $", and still did after {Seconds(waited)} s" : "")}. Nothing was changed.",
        $"Run the same command again when that run has ended, or let it wait longer with -WaitForLock. The lock of a run that was killed is taken over {Seconds(LockLease.Length)} s after its last renewal was seen. By hand, once you are sure that the run is over: {store.ByHand}.",
        store.Place);

    public static SwarmOpsException SwarmLockLost(ILockStore store, string why, Exception? cause = null) => new(
        "SwarmLockLost",
        ErrorKind.InvalidState,
        $"This run no longer holds the lock of {store.Place}: {why}. It changed nothing after that; what it had begun may be half done.",
        "Run the same command again: it looks at what is there and finishes it.",
        store.Place,
        cause);

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
