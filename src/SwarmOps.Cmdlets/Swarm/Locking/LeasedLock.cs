using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Locking;

/// <summary>
/// A lock that is held in one or more places and renewed in the background. A holder that could not renew in time (no leader, a suspended machine or
/// process) is in doubt: no change is made before a renewal has confirmed that nobody took the lock over in between, which a takeover would have changed permanently.
/// </summary>
internal sealed class LeasedLock : IHeldLock
{
    /// <summary>How long a change waits, when in doubt, for a confirmation.</summary>
    private static readonly TimeSpan DoubtLimit = LockLease.Length;

    /// <summary>Time limit of the release: a lock that remains delays the next run until its lease ends. After Ctrl+C the prompt does not wait for it.</summary>
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly LockHolder holder;
    private readonly Action<string> tell;
    private readonly TimeProvider time;
    private readonly LockLease lease;
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource ending = new();
    private readonly SemaphoreSlim renewing = new(1, 1);
    private volatile IReadOnlyList<ILockStore> stores = [];
    private volatile SwarmOpsException? loss;
    private volatile bool lapsed;

    /// <summary>Creates a lock that is not stored anywhere yet.</summary>
    /// <param name="holder">Who takes it.</param>
    /// <param name="tell">Receives messages about renewals.</param>
    /// <param name="time">The clocks.</param>
    public LeasedLock(LockHolder holder, Action<string> tell, TimeProvider time)
    {
        (this.holder, this.tell, this.time) = (holder, tell, time);
        lease = new LockLease(time);
        // Before the first attempt: a lock of this process that is not registered counts as abandoned.
        ProcessIdentity.Note(holder);
    }

    public CancellationToken Lost => lost.Token;

    /// <summary>Adds a store whose lock was just taken; it is renewed from now on.</summary>
    public void Add(IReadOnlyList<ILockStore> taken)
    {
        var isFirst = stores.Count == 0;
        if (isFirst)
            lease.Confirm(lease.Ask());
        stores = [.. stores, .. taken];
        if (!isFirst)
            return;
        // Outside the cmdlet's asynchronous flow: renewals are neither counted nor guarded.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(RenewRegularlyAsync);
    }

    public async ValueTask ConfirmAsync(CancellationToken cancellationToken)
    {
        if (lapsed)
            return;
        if (loss is not null)
            throw loss;
        if (lease.IsFresh)
            return;
        tell("The lock could not be renewed for a while: no further change is made until a renewal confirms that this run still holds it.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DoubtLimit);
        SwarmOpsException? last = null;
        while (!lease.IsFresh && !lapsed)
        {
            try
            {
                last = await RenewAsync(limit.Token).ConfigureAwait(false) ?? last;
                if (!lease.IsFresh && loss is null)
                    await Task.Delay(Pause, time, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw LockErrors.SwarmLockLost(stores[0], $"it could not be renewed for {lease.Age.TotalSeconds:0} s", last);
            }

            if (loss is not null)
                throw loss;
        }
    }

    public void Lapse() => lapsed = true;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync().ConfigureAwait(false);
        // A renewal may hang at an engine that does not answer; the release does not wait for it.
        if (!lapsed && loss is null)
        {
            ChangeGuard.Current = null;
            await ReleaseAsync(stores, holder, tell).ConfigureAwait(false);
        }

        ProcessIdentity.Forget(holder);
    }

    /// <summary>Releases the lock in all places at once, within a time limit; where that fails, the lease expires.</summary>
    public static async Task ReleaseAsync(IReadOnlyList<ILockStore> stores, LockHolder holder, Action<string> tell)
    {
        using var limit = new CancellationTokenSource(ReleaseLimit);
        await Task.WhenAll(
                stores.Select(async store =>
                {
                    try
                    {
                        await store.ReleaseAsync(holder, limit.Token).ConfigureAwait(false);
                    }
                    catch (Exception error) when (error is SwarmOpsException or OperationCanceledException or ObjectDisposedException)
                    {
                        tell(
                            $"The lock of {store.Place} could not be released and expires by itself after {LockLease.Length.TotalSeconds:0} s: {error.Message}"
                        );
                    }
                })
            )
            .ConfigureAwait(false);
    }

    private async Task RenewRegularlyAsync()
    {
        try
        {
            while (!lapsed && loss is null)
            {
                await Task.Delay(lease.IsFresh && lease.Age < LockLease.Renewal ? LockLease.Renewal - lease.Age : Pause, time, ending.Token)
                    .ConfigureAwait(false);
                if (!lapsed && await RenewAsync(ending.Token).ConfigureAwait(false) is { } trouble)
                    tell($"The lock was not renewed: {trouble.Message}");
            }
        }
        catch (OperationCanceledException)
        {
            // The lock is being released.
        }
    }

    /// <summary>Renews in all places. A place where someone else holds the lock ends the run.</summary>
    /// <returns>The error; null when all is confirmed, or lost.</returns>
    private async Task<SwarmOpsException?> RenewAsync(CancellationToken cancellationToken)
    {
        await renewing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ChangeGuard.Current = null;
            var asked = lease.Ask();
            var places = stores;
            var answers = await Task.WhenAll(places.Select(store => store.RenewAsync(holder, cancellationToken))).ConfigureAwait(false);
            foreach (var (store, said) in places.Zip(answers))
            {
                if (said is null || lapsed)
                    continue;
                loss = LockErrors.SwarmLockLost(store, said);
                await lost.CancelAsync().ConfigureAwait(false);
                return null;
            }

            lease.Confirm(asked);
            return null;
        }
        catch (SwarmOpsException error)
        {
            return error;
        }
        finally
        {
            renewing.Release();
        }
    }
}
