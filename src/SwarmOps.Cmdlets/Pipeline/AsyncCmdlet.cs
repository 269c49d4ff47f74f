using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;
using SwarmOps.Completion;
using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>
/// What every cmdlet inherits: asynchronous work that Ctrl+C cancels, connections shared with the other stages of the pipeline,
/// and errors that carry their id and the next step.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly CallLedger ledger = new();
    private readonly ConcurrentDictionary<string, SwarmNode> asked = new(StringComparer.OrdinalIgnoreCase);
    private ConnectionPool? connections;
    private CompletionSession? completion;
    private PipelineThread? pipeline;
    private bool failed;
    private bool disposed;

    /// <summary>Cancels the work; the prompt comes back.</summary>
    protected sealed override void StopProcessing()
    {
        // Not Cancel(): what reacts to it must not run on, or hold up, the thread of Ctrl+C.
        _ = stopping.CancelAsync();
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing()
    {
        connections = ConnectionPool.Lease(Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty);
        completion = CompletionSession.Current;
        ReadSession();
        Run(BeginAsync);
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Run(ProcessAsync);

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        Run(EndAsync);
        foreach (var (node, calls) in ledger.Summary())
            WriteVerbose($"{node}: {calls}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the stage's share of the connections back; the last stage closes them.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposed || !disposing)
            return;
        disposed = true;
        // Never disposed itself: Ctrl+C may come at any moment, and without a timer there is nothing in it to free.
        stopping.Cancel();
        // The nodes of a stage that came to nothing are not what Tab should ask.
        completion?.NoteStage(failed ? [] : [.. asked.Values]);
        connections?.Release();
    }

    /// <summary>Work before the first object.</summary>
    private protected virtual Task BeginAsync(IOperationContext context) => Task.CompletedTask;

    /// <summary>Work for each object of the pipeline.</summary>
    private protected virtual Task ProcessAsync(IOperationContext context) => Task.CompletedTask;

    /// <summary>Work after the last object.</summary>
    private protected virtual Task EndAsync(IOperationContext context) => Task.CompletedTask;

    /// <summary>What only the pipeline thread may read (session variables, other commands), before the first work.</summary>
    private protected virtual void ReadSession()
    {
    }

    /// <summary>Lets work ask what only the pipeline thread may (other commands of the session). What the question throws comes out of here.</summary>
    private protected async Task<T> OnPipelineThreadAsync<T>(Func<T> question)
    {
        var (answer, failure) = await pipeline!.AskAsync(() => Try(question), stopping.Token).ConfigureAwait(false);
        failure?.Throw();
        return answer!;
    }

    /// <summary>The same for what gives no answer.</summary>
    private protected Task OnPipelineThreadAsync(Action action) => OnPipelineThreadAsync(() =>
    {
        action();
        return true;
    });

    /// <summary>How the stage wants its nodes opened.</summary>
    private protected abstract ConnectionOptions ConnectionOptions { get; }

    /// <summary>The stage's own time limit, of every stage that has one: the parameter of this name.</summary>
    private TimeSpan? StageLimit => GetType().GetProperty("TimeoutSeconds")?.GetValue(this) is int seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>An error of ours must reach whoever asked; any other exception ends the pipeline.</summary>
    private static (T? Answer, ExceptionDispatchInfo? Failure) Try<T>(Func<T> question)
    {
        try
        {
            return (question(), null);
        }
        catch (SwarmOpsException exception)
        {
            return (default, ExceptionDispatchInfo.Capture(exception));
        }
    }

    private void Run(Func<IOperationContext, Task> stage)
    {
        using var thread = new PipelineThread();
        pipeline = thread;
        var context = new CmdletContext(this, thread, connections!, ConnectionOptions, asked, stopping.Token);
        try
        {
            thread.Run(
                () =>
                {
                    CallLedger.Current = ledger;
                    EngineCall.StageLimit = StageLimit;
                    return stage(context);
                },
                stopping);
            context.CloseProgress();
        }
        catch (Exception exception) when (stopping.IsCancellationRequested && exception is OperationCanceledException or SwarmOpsException)
        {
            // However the work put it: it ended because it was told to.
            throw new PipelineStoppedException();
        }
        catch (SwarmOpsException exception)
        {
            failed = true;
            context.CloseProgress();
            ThrowTerminatingError(ErrorRecords.From(exception));
        }
    }
}
