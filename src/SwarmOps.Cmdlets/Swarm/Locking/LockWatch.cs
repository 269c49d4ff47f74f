namespace SwarmOps.Swarm.Locking;

/// <summary>
/// The waiter's side of the lease. No two machines' clocks are compared: a lock is stale when it was seen unchanged for the whole lease on the waiter's own monotonic clock.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LockWatch(TimeProvider time)
{
    private string? seen;
    private long since;
    private long? first;

    /// <summary>Whether the lock was seen to change: its holder lives, or another one came after it.</summary>
    public bool SawRenewal { get; private set; }

    /// <summary>How long ago it was seen first.</summary>
    public TimeSpan Age => first is { } start ? time.GetElapsedTime(start) : TimeSpan.Zero;

    /// <summary>Takes in what the lock looks like now.</summary>
    /// <param name="fingerprint">What every renewal changes.</param>
    /// <returns>Whether its holder has let the lease run out.</returns>
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

    /// <summary>The lock could not be looked at: its holder may not have been able to renew it either, and gets its time again.</summary>
    public void Miss() => seen = null;
}
