using SwarmOps.Maintenance.Suspension;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>
/// Who of several nodes leaves and returns when. One at a time, so that each is judged by what the others do by then; a node that cannot be missed while others are out waits until one of
/// them is back.
/// </summary>
/// <param name="cancellationToken">Ends the wait for a turn.</param>
internal sealed class MaintenanceTurns(CancellationToken cancellationToken) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int away;

    /// <summary>Whether no further node leaves, because one had trouble.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Lets a node leave when it is its turn.</summary>
    /// <returns>Whether it left; not when the maintenance ends meanwhile.</returns>
    /// <exception cref="SwarmOpsException">Those of the suspension, when no other node is away.</exception>
    public async Task<bool> LeaveAsync(Func<Task> suspend)
    {
        while (true)
        {
            // Taken before the attempt: who returns during it counts.
            var others = changed.Task;
            await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (IsEnding)
                    return false;
                await suspend().ConfigureAwait(false);
                away++;
                return true;
            }
            catch (SwarmOpsException error) when (away > 0 && IsRefusal(error))
            {
                // Another node is away: this one is asked again when that one is back.
            }
            finally
            {
                gate.Release();
            }

            await others.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets a node return when it is its turn.</summary>
    /// <exception cref="SwarmOpsException">Those of the resumption.</exception>
    public async Task ReturnAsync(Func<Task> resume)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await resume().ConfigureAwait(false);
            away--;
            Signal();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Ends the maintenance: nodes that are away return, and no other leaves.</summary>
    public void End()
    {
        IsEnding = true;
        Signal();
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private void Signal() =>
        Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private static bool IsRefusal(SwarmOpsException error) =>
        error.ErrorId is nameof(SuspendErrors.SuspendWouldBeNoticed) or nameof(SuspendErrors.NodeNotSuspended);
}
