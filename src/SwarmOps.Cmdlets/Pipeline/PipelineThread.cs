using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace SwarmOps.Pipeline;

/// <summary>
/// Runs a stage's asynchronous work off the pipeline thread, and on the pipeline thread everything that PowerShell allows only there
/// (Write*, ShouldProcess): the worker posts it, this drains it until the work has ended.
/// </summary>
internal sealed class PipelineThread : IDisposable
{
    /// <summary>How long work that ignores cancellation may hold the prompt after Ctrl+C; issue 2 promises 2 s in all.</summary>
    private static readonly TimeSpan AbandonAfter = TimeSpan.FromSeconds(1);

    /// <summary>How many objects of a stage that has very many may wait for the pipeline thread.</summary>
    private const int MostWaiting = 256;

    private readonly BlockingCollection<Action> posted = [];

    // Never disposed: work that was left behind may still wait on it, and without a wait handle there is nothing in it to free.
    private readonly SemaphoreSlim room = new(MostWaiting, MostWaiting);
    private readonly CancellationTokenSource abandoned = new();

    /// <summary>Posts an action to the pipeline thread and goes on; after the end it is dropped.</summary>
    public void Post(Action action) => TryPost(action);

    /// <summary>
    /// Posts one of very many actions; waits, without a thread, while too many of them are in the queue. What is asked and said beside them does not wait for room, so
    /// a question can always be put while a later stage is slow.
    /// </summary>
    /// <exception cref="OperationCanceledException">Ctrl+C, or nobody takes the results any more.</exception>
    public async Task PostAsync(Action action, CancellationToken cancellationToken)
    {
        await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        var isPosted = TryPost(() =>
        {
            room.Release();
            action();
        });
        if (!isPosted)
            throw new OperationCanceledException("Nobody takes the results any more.", new CancellationToken(canceled: true));
    }

    /// <summary>Posts a question to the pipeline thread and waits for the answer.</summary>
    /// <exception cref="OperationCanceledException">Nobody is there any more to answer.</exception>
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
                // The pipeline is ending by this very exception: the work is only told to end.
                answer.SetCanceled(CancellationToken.None);
                throw;
            }
        });
        return asked ? answer.Task.WaitAsync(cancellationToken) : Task.FromCanceled<T>(new CancellationToken(canceled: true));
    }

    /// <summary>Runs the work to its end on the calling (pipeline) thread's behalf.</summary>
    /// <param name="work">The work; what it throws comes out of here.</param>
    /// <param name="stopping">Cancelled by Ctrl+C; cancelled here when nobody takes the results any more.</param>
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
            // A later stage threw or wants no more. The work gets the time to clean up while its connections are still open.
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
            // The stage has ended (or was abandoned): nobody listens any more.
            return false;
        }
    }
}
