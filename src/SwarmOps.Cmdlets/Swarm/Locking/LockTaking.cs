using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Locking;

/// <summary>Takes a lock in one or more places, in a fixed order, so that two runs with overlapping places cannot deadlock.</summary>
/// <param name="settings">How long to wait, and for which cmdlet.</param>
/// <param name="time">The clocks.</param>
internal sealed class LockTaking(LockSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Receives messages about the holder that is waited for.</summary>
    public Action<string> Tell { get; init; } = static _ => { };

    /// <summary>Receives verbose messages.</summary>
    public Action<string> TellMore { get; init; } = static _ => { };

    /// <summary>Whether a holder is known to have ended without a release.</summary>
    public Func<LockHolder?, bool> IsGone { get; init; } = ProcessIdentity.IsGone;

    /// <summary>Whether a holder is known to be running.</summary>
    public Func<LockHolder?, bool> IsHere { get; init; } = ProcessIdentity.IsHere;

    /// <summary>Takes it.</summary>
    /// <exception cref="SwarmOpsException"><c>SwarmLockHeld</c>, the transport's errors.</exception>
    public async Task<LeasedLock> TakeAsync(IReadOnlyList<ILockStore> stores, CancellationToken cancellationToken)
    {
        var holder = LockHolder.Create(settings.Activity);
        var taken = new LeasedLock(holder, TellMore, time);
        try
        {
            // Every place is watched from the start, so that the locks of an interrupted run in all of them delay this one by one lease at most.
            var watches = stores.Select(_ => new LockWatch(time)).ToList();
            if (await TryAllAsync(stores, watches, holder, cancellationToken).ConfigureAwait(false))
            {
                taken.Add(stores);
                return taken;
            }

            var started = time.GetTimestamp();
            foreach (var (store, watch) in stores.Zip(watches))
            {
                await WaitReleasedAsync(store, watch, holder, started, cancellationToken).ConfigureAwait(false);
                // Renewed while waiting for the next one.
                taken.Add([store]);
            }

            return taken;
        }
        catch
        {
            await taken.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Tries all places at once, which nearly always succeeds; when one is held, none is kept.</summary>
    private async Task<bool> TryAllAsync(
        IReadOnlyList<ILockStore> stores,
        IReadOnlyList<LockWatch> watches,
        LockHolder holder,
        CancellationToken cancellationToken
    )
    {
        var attempts = stores.Select(store => store.TryTakeAsync(holder, null, cancellationToken)).ToList();
        try
        {
            var sights = await Task.WhenAll(attempts).ConfigureAwait(false);
            if (sights.All(sight => sight is null))
                return true;
            foreach (var (sight, watch) in sights.Zip(watches))
            {
                if (sight is not null)
                    watch.See(sight.Fingerprint);
            }
        }
        catch
        {
            await ReleaseTakenAsync(stores, attempts, holder).ConfigureAwait(false);
            throw;
        }

        await ReleaseTakenAsync(stores, attempts, holder).ConfigureAwait(false);
        return false;
    }

    private Task ReleaseTakenAsync(IReadOnlyList<ILockStore> stores, List<Task<LockSight?>> attempts, LockHolder holder) =>
        LeasedLock.ReleaseAsync(
            [.. stores.Where((_, index) => !attempts[index].IsCompletedSuccessfully || attempts[index].Result is null)],
            holder,
            TellMore
        );

    /// <summary>Handles a wait that ends during an attempt, which may have succeeded.</summary>
    private async Task WaitReleasedAsync(
        ILockStore store,
        LockWatch watch,
        LockHolder holder,
        long started,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await WaitAsync(store, watch, holder, started, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not SwarmOpsException { ErrorId: nameof(LockErrors.SwarmLockHeld) })
        {
            await LeasedLock.ReleaseAsync([store], holder, TellMore).ConfigureAwait(false);
            throw;
        }
    }

    private async Task WaitAsync(ILockStore store, LockWatch watch, LockHolder holder, long started, CancellationToken cancellationToken)
    {
        LockSight? stale = null;
        while (true)
        {
            var asked = time.GetTimestamp();
            if (await store.TryTakeAsync(holder, stale, cancellationToken).ConfigureAwait(false) is not { } sight)
                return;
            // An answer that took so long waited for a leader; so did the holder's renewal, so its time is reset.
            if (time.GetElapsedTime(asked) > LockLease.Renewal)
                watch.Miss();
            var isStale = watch.See(sight.Fingerprint) || IsGone(sight.Holder);
            if (isStale && stale != sight)
            {
                TellMore($"The lock of {store.Place} was not released by {NameOf(sight)}; taking it over.");
                stale = sight;
                continue;
            }

            stale = null;
            var waited = time.GetElapsedTime(started);
            // A holder of unknown state may be an interrupted run, whose lock would never be taken over if every waiter gave up before the lease expires.
            if (waited + Pause > settings.Wait && (watch.SawRenewal || IsHere(sight.Holder) || watch.Age > LockLease.Length + Pause))
                throw LockErrors.SwarmLockHeld(store, sight.Holder, waited);
            Tell($"Waiting for the lock of {store.Place}, held by {NameOf(sight)}");
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string NameOf(LockSight sight) => sight.Holder?.ToString() ?? "an unidentified run";
}
