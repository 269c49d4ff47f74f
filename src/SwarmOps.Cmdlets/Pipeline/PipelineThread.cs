using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace SwarmOps.Pipeline;

/// <summary>
/// Runs a cmdlet's asynchronous work off the pipeline thread, and everything that PowerShell allows only on the pipeline thread
/// (Write*, ShouldProcess) on it: the worker posts actions, and this class runs them until the work has ended.
/// </summary>
internal sealed class PipelineThread : IDisposable
{
    /// <summary>How long work that ignores cancellation may delay the prompt after Ctrl+C, which is to return within 2 s.</summary>
    private static readonly TimeSpan AbandonAfter = TimeSpan.FromSeconds(1);

    /// <summary>How many objects may wait for the pipeline thread, for a cmdlet that writes very many.</summary>
    private const int MostWaiting = 256;

    private readonly BlockingCollection<Action> posted = [];

    // Never disposed: abandoned work may still wait on it, and without a wait handle it holds no resources.
    private readonly SemaphoreSlim room = new(MostWaiting, MostWaiting);
    private readonly CancellationTokenSource abandoned = new();

    /// <summary>Posts an action to the pipeline thread without waiting; after the end of the work it is dropped.</summary>
    public void Post(Action action) => TryPost(action);

    /// <summary>
    /// Posts one of very many actions; waits, without blocking a thread, while too many of them are in the queue. Other actions do not wait for room, so
    /// a confirmation can be asked for even while a later cmdlet is slow.
    /// </summary>
    /// <exception cref="OperationCanceledException">Ctrl+C was pressed, or the pipeline has ended.</exception>
    public async Task PostAsync(Action action, CancellationToken cancellationToken)
    {
        await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        var isPosted = TryPost(() =>
        {
            room.Release();
            action();
        });
        if (!isPosted)
            throw new OperationCanceledException("The pipeline has ended.", new CancellationToken(canceled: true));
    }

    /// <summary>Posts a question to the pipeline thread and waits for the answer.</summary>
    /// <exception cref="OperationCanceledException">The pipeline has ended.</exception>
    public Task<T> AskAsync<T>(Func<T> question, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = TryPost(() =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch
            {
                // This exception ends the pipeline; the work is only cancelled.
                answer.SetCanceled(CancellationToken.None);
                throw;
            }
        });
        return asked ? answer.Task.WaitAsync(cancellationToken) : Task.FromCanceled<T>(new CancellationToken(canceled: true));
    }

    /// <summary>Runs the work to its end while the calling (pipeline) thread runs the posted actions.</summary>
    /// <param name="work">The work; its exceptions are rethrown here.</param>
    /// <param name="stopping">Cancelled by Ctrl+C, and here when the pipeline has ended.</param>
    /// <exception cref="OperationCanceledException">The work was cancelled, or did not end in time after cancellation.</exception>
    public void Run(Func<Task> work, CancellationTokenSource stopping)
    {
        ExceptionDispatchInfo? failure = null;
        using var abandonLater = stopping.Token.Register(() => abandoned.CancelAfter(AbandonAfter));
        var worker = Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
            finally
            {
                posted.CompleteAdding();
            }
        });

        try
        {
            foreach (var action in posted.GetConsumingEnumerable(abandoned.Token))
                action();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !abandoned.IsCancellationRequested)
        {
            // A later cmdlet threw or stopped the pipeline. The work gets time to clean up while its connections are still open.
            stopping.Cancel();
            Task.WaitAny([worker], AbandonAfter);
            throw;
        }

        failure?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        posted.CompleteAdding();
        abandoned.Dispose();
    }

    private bool TryPost(Action action)
    {
        try
        {
            posted.Add(action);
            return true;
        }
        catch (InvalidOperationException)
        {
            // The work has ended or was abandoned: nothing reads the queue any more.
            return false;
        }
    }
}
