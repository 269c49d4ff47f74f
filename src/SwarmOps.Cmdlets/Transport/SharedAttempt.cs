namespace SwarmOps.Transport;

/// <summary>
/// A resource that is opened once for all callers. Callers that arrive while it is being opened wait for the same attempt and share its result:
/// thirty calls to an unreachable node wait for one connect timeout, not for thirty in a row.
/// </summary>
/// <param name="open">Opens it.</param>
/// <param name="isUsable">Whether the resource can still be used.</param>
/// <param name="close">Closes it.</param>
internal sealed class SharedAttempt<T>(Func<CancellationToken, Task<T>> open, Func<T, bool> isUsable, Func<T, ValueTask> close)
    : IAsyncDisposable
    where T : class
{
    private readonly object gate = new();
    private readonly CancellationTokenSource closed = new();
    private Task<T>? attempt;

    /// <summary>Whether it is open, as far as known.</summary>
    public bool IsOpen
    {
        get
        {
            lock (gate)
                return attempt is { IsCompletedSuccessfully: true } && !closed.IsCancellationRequested && isUsable(attempt.Result);
        }
    }

    /// <summary>The open resource, or the pending attempt to open it; cancellation ends only the caller's wait.</summary>
    /// <exception cref="ObjectDisposedException">It was closed permanently.</exception>
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

    /// <summary>Cancels a pending attempt and closes an open resource.</summary>
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
            // It was never open, and the callers have received the error.
            return;
        }

        await close(opened).ConfigureAwait(false);
    }
}
