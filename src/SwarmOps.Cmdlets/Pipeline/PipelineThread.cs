using System.Collections.Concurrent;

namespace SwarmOps.Pipeline;

/// <summary>
/// Runs a stage's asynchronous work off the pipeline thread, and on the pipeline thread everything that PowerShell allows only there
/// (Write*, ShouldProcess): the worker posts it, this drains it until the work has ended.
/// </summary>
internal sealed class PipelineThread : IDisposable
{
    /// <summary>How long work that ignores cancellation may hold the prompt after Ctrl+C; issue 2 promises 2 s in all.</summary>
    private static readonly TimeSpan AbandonAfter = TimeSpan.FromSeconds(1.5);

    private readonly BlockingCollection<Action> posted = [];
    private readonly CancellationTokenSource abandoned = new();

    /// <summary>Posts an action to the pipeline thread and goes on; after the end it is dropped.</summary>
    public void Post(Action action)
    {
        try
        {
            posted.Add(action);
        }
        catch (InvalidOperationException)
        {
            // The stage has ended (or was abandoned): nobody listens any more.
        }
    }

    /// <summary>Posts a question to the pipeline thread and waits for the answer.</summary>
    public Task<T> AskAsync<T>(Func<T> question, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch (Exception exception)
            {
                answer.SetException(exception);
                throw;
            }
        });
        return answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Runs the work to its end on the calling (pipeline) thread's behalf.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled, or did not end in time after cancellation.</exception>
    public void Run(Func<Task> work, CancellationTokenSource stopping)
    {
        using var abandonLater = stopping.Token.Register(() => abandoned.CancelAfter(AbandonAfter));
        var worker = Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
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
        catch
        {
            // A downstream stage threw or stopped the pipeline: the work has no reader any more.
            stopping.Cancel();
            Observe(worker);
            throw;
        }

        worker.ConfigureAwait(false).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        posted.CompleteAdding();
        abandoned.Dispose();
    }

    private static void Observe(Task worker) => worker.ContinueWith(
        static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
