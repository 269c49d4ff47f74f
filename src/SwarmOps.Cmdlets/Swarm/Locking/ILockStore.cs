namespace SwarmOps.Swarm.Locking;

/// <summary>A place that holds one lock and decides who gets it: the raft log of a swarm, the disk of a host.</summary>
internal interface ILockStore
{
    /// <summary>The place, for messages.</summary>
    string Place { get; }

    /// <summary>How to take a lock away there by hand.</summary>
    string ByHand { get; }

    /// <summary>Takes the lock where nobody holds it, or where it is still exactly what was seen.</summary>
    /// <param name="holder">Who takes it.</param>
    /// <param name="stale">A lock that may be taken over; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when it is taken; else the lock that is there.</returns>
    Task<LockSight?> TryTakeAsync(LockHolder holder, LockSight? stale, CancellationToken cancellationToken);

    /// <summary>Shows that the holder lives.</summary>
    /// <returns>Null when the lock is still the holder's; else what is there, in words.</returns>
    Task<string?> RenewAsync(LockHolder holder, CancellationToken cancellationToken);

    /// <summary>Lets go of the lock, where it is still the holder's.</summary>
    Task ReleaseAsync(LockHolder holder, CancellationToken cancellationToken);
}

/// <summary>A lock that someone else holds.</summary>
/// <param name="Fingerprint">What every renewal changes.</param>
/// <param name="Holder">Who; null where that cannot be read.</param>
internal sealed record LockSight(string Fingerprint, LockHolder? Holder);
