namespace SwarmOps.Transport;

/// <summary>
/// Something that is opened once for all who need it. Who asks while it is being opened waits for that same attempt and shares its end:
/// thirty calls to a dead node wait for one connect timeout, not for thirty in a row.
/// </summary>
/// <param name="open">Opens it.</param>
/// <param name="isUsable">Whether what was opened can still be used.</param>
/// <param name="close">Closes it.</param>
internal sealed class SharedAttempt<T>(Func<CancellationToken, Task<T>> open, Func<T, bool> isUsable, Func<T, ValueTask> close) : IAsyncDisposable
    where T : class
{
    private readonly object gate = new();
    private readonly CancellationTokenSource closed = new();
    private Task<T>? attempt;

    /// <summary>What is open, or the attempt to open it; a caller's cancellation ends its wait only.</summary>
    /// <exception cref="ObjectDisposedException">It was closed for good.</exception>
    public Task<T> GetAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed.IsCancellationRequested, this);
            if (attempt is null || attempt.IsFaulted || attempt.IsCanceled || (attempt.IsCompleted && !isUsable(attempt.Result)))
                attempt = Task.Run(() => open(closed.Token));
            return attempt.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Cancels an attempt that is under way and closes what is open.</summary>
    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync().ConfigureAwait(false);
        T opened;
        try
        {
            if (attempt is null)
                return;
            opened = await attempt.ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It was never open, and whoever waited for it knows why.
            return;
        }

        await close(opened).ConfigureAwait(false);
    }
}
