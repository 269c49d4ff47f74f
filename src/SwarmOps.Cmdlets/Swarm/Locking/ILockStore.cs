namespace SwarmOps.Swarm.Locking;

/// <summary>A place that stores one lock and decides who gets it: the raft log of a swarm, the disk of a host.</summary>
internal interface ILockStore
{
    /// <summary>The place, for messages.</summary>
    string Place { get; }

    /// <summary>How to remove a lock there by hand.</summary>
    string ByHand { get; }

    /// <summary>Takes the lock when nobody holds it, or when it is still exactly the stale one.</summary>
    /// <param name="holder">Who takes it.</param>
    /// <param name="stale">A lock that may be taken over; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when it was taken; otherwise the present lock.</returns>
    Task<LockSight?> TryTakeAsync(LockHolder holder, LockSight? stale, CancellationToken cancellationToken);

    /// <summary>Renews the lock.</summary>
    /// <returns>Null when the holder still has the lock; otherwise the present state, as text.</returns>
    Task<string?> RenewAsync(LockHolder holder, CancellationToken cancellationToken);

    /// <summary>Releases the lock, if the holder still has it.</summary>
    Task ReleaseAsync(LockHolder holder, CancellationToken cancellationToken);
}

/// <summary>A lock that someone else holds.</summary>
/// <param name="Fingerprint">A value that every renewal changes.</param>
/// <param name="Holder">The holder; null when it cannot be read.</param>
internal sealed record LockSight(string Fingerprint, LockHolder? Holder);
