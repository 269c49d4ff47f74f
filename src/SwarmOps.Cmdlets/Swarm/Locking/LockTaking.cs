using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Locking;

/// <summary>Takes a lock in one or more places, in their order: two runs that want overlapping places cannot wait for each other.</summary>
/// <param name="settings">How long to wait, and what for.</param>
/// <param name="time">The clocks.</param>
internal sealed class LockTaking(LockSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Is told who is waited for.</summary>
    public Action<string> Tell { get; init; } = static _ => { };

    /// <summary>Is told what only matters to whoever wants to know all.</summary>
    public Action<string> TellMore { get; init; } = static _ => { };

    /// <summary>Whether a holder is known to have ended without letting go.</summary>
    public Func<LockHolder?, bool> IsGone { get; init; } = ProcessIdentity.IsGone;

    /// <summary>Whether a holder is known to live.</summary>
    public Func<LockHolder?, bool> IsHere { get; init; } = ProcessIdentity.IsHere;

    /// <summary>Takes it.</summary>
    /// <exception cref="SwarmOpsException"><c>SwarmLockHeld</c>, the transport's errors.</exception>
    public async Task<LeasedLock> TakeAsync(IReadOnlyList<ILockStore> stores, CancellationToken cancellationToken)
    {
        var holder = LockHolder.Create(settings.Activity);
        var taken = new LeasedLock(holder, TellMore, time);
        try
        {
            // Every place is watched from the first look on: a killed run that left its lock in all of them delays no longer than one lease.
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
                // Renewed while the next one is waited for.
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

    /// <summary>All places at once, which is how it nearly always goes; where one is held, none is kept.</summary>
    private async Task<bool> TryAllAsync(IReadOnlyList<ILockStore> stores, IReadOnlyList<LockWatch> watches, LockHolder holder, CancellationToken cancellationToken)
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
        LeasedLock.ReleaseAsync([.. stores.Where((_, index) => !attempts[index].IsCompletedSuccessfully || attempts[index].Result is null)], holder, TellMore);

    /// <summary>Where the wait ends in the middle of an attempt, that may have been carried out.</summary>
    private async Task WaitReleasedAsync(ILockStore store, LockWatch watch, LockHolder holder, long started, CancellationToken cancellationToken)
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
            // An answer that took so long had to wait for a leader: so had the holder's renewal, and the holder gets its time again.
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
            // Who was not seen alive may be a killed run, whose lock nobody would ever take over if each next one gave up before the lease is over.
            if (waited + Pause > settings.Wait && (watch.SawRenewal || IsHere(sight.Holder) || watch.Age > LockLease.Length + Pause))
                throw LockErrors.SwarmLockHeld(store, sight.Holder, waited);
            Tell($"Waiting for the lock of {store.Place}, held by {NameOf(sight)}");
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string NameOf(LockSight sight) => sight.Holder?.ToString() ?? "an unidentified run";
}
