namespace SwarmOps.Swarm.Locking;

/// <summary>
/// The waiter's side of the lease. Clocks of different machines are never compared: a lock is stale when it stayed unchanged for the whole lease on the waiter's own monotonic clock.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LockWatch(TimeProvider time)
{
    private string? seen;
    private long since;
    private long? first;

    /// <summary>Whether the lock has changed: its holder is active, or another one has taken it.</summary>
    public bool SawRenewal { get; private set; }

    /// <summary>Time since it was first seen.</summary>
    public TimeSpan Age => first is { } start ? time.GetElapsedTime(start) : TimeSpan.Zero;

    /// <summary>Records the present state of the lock.</summary>
    /// <param name="fingerprint">A value that every renewal changes.</param>
    /// <returns>Whether the holder's lease has expired.</returns>
    public bool See(string fingerprint)
    {
        first ??= time.GetTimestamp();
        if (seen == fingerprint)
            return time.GetElapsedTime(since) >= LockLease.Length;
        SawRenewal |= seen is not null;
        seen = fingerprint;
        since = time.GetTimestamp();
        return false;
    }

    /// <summary>The lock could not be read: its holder may not have been able to renew it either, so its time is reset.</summary>
    public void Miss() => seen = null;
}
