using System.Globalization;

namespace SwarmOps.Swarm.Locking;

/// <summary>Errors of locks, each with its id and recommended action (docs/errors/swarm.md).</summary>
internal static class LockErrors
{
    public static SwarmOpsException SwarmLockHeld(ILockStore store, LockHolder? holder, TimeSpan waited) =>
        new(
            ErrorKind.InvalidState,
            $"Someone else is changing {store.Place}: {holder?.ToString() ?? "an unidentified run"} holds its lock{(waited > TimeSpan.FromSeconds(1) ? $", still after waiting {Seconds(waited)} s" : "")}. Nothing was changed.",
            $"Run the same command again when that run has ended, or wait longer with -WaitForLock. The lock of an interrupted run is taken over {Seconds(LockLease.Length)} s after its last renewal. To remove the lock by hand, when you are sure that the run has ended: {store.ByHand}.",
            store.Place
        );

    public static SwarmOpsException SwarmLockLost(ILockStore store, string why, Exception? cause = null) =>
        new(
            ErrorKind.InvalidState,
            $"This run no longer holds the lock of {store.Place}: {why}. Nothing was changed after that; changes made before may be incomplete.",
            "Run the same command again: it continues from the present state.",
            store.Place,
            cause
        );

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
