using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;
using SwarmOps.Completion;
using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>
/// The base of every cmdlet: asynchronous work that Ctrl+C cancels, connections shared with the other cmdlets of the pipeline,
/// and errors with an id and a recommended action.
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
    private bool ended;
    private bool disposed;

    /// <summary>Cancels the work, so that the prompt returns.</summary>
    protected sealed override void StopProcessing()
    {
        // Not Cancel(): callbacks must not run on, or block, the thread that handles Ctrl+C.
        _ = stopping.CancelAsync();
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing()
    {
        connections = ConnectionPool.Lease(Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty);
        SessionEnd.Watch(Runspace.DefaultRunspace);
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
        if (ledger.CriticalPath() is { } path)
            WriteVerbose(path);
        ended = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases this cmdlet's lease of the connections; after the last cmdlet of a pipeline they are kept for a while if all of it went to its end, and else closed.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposed || !disposing)
            return;
        disposed = true;
        // The source itself is never disposed: Ctrl+C may arrive at any moment, and without a timer it holds no resources.
        stopping.Cancel();
        // The nodes of a stage that came to nothing are not what Tab should ask.
        completion?.NoteStage(failed ? [] : [.. asked.Values]);
        connections?.Release(keep: ended);
    }

    /// <summary>Work before the first object.</summary>
    private protected virtual Task BeginAsync(IOperationContext context) => Task.CompletedTask;

    /// <summary>Work for each object of the pipeline.</summary>
    private protected virtual Task ProcessAsync(IOperationContext context) => Task.CompletedTask;

    /// <summary>Work after the last object.</summary>
    private protected virtual Task EndAsync(IOperationContext context) => Task.CompletedTask;

    /// <summary>Reads what only the pipeline thread may read (session variables, other commands), before any work starts.</summary>
    private protected virtual void ReadSession() { }

    /// <summary>Runs a function on the pipeline thread, which alone may run other commands of the session. Exceptions of the function are rethrown here.</summary>
    private protected async Task<T> OnPipelineThreadAsync<T>(Func<T> question)
    {
        var (answer, failure) = await pipeline!.AskAsync(() => Try(question), stopping.Token).ConfigureAwait(false);
        failure?.Throw();
        return answer!;
    }

    /// <summary>Runs an action on the pipeline thread.</summary>
    private protected Task OnPipelineThreadAsync(Action action) =>
        OnPipelineThreadAsync(() =>
        {
            action();
            return true;
        });

    /// <summary>Whether a parameter was specified.</summary>
    private protected bool Has(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>The full path of a local file, which need not exist.</summary>
    private protected string FullPath(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

    /// <summary>How the cmdlet connects to its nodes.</summary>
    private protected abstract ConnectionOptions ConnectionOptions { get; }

    /// <summary>The cmdlet's own time limit: its parameter <c>-TimeoutSeconds</c>; null when it has none.</summary>
    private TimeSpan? StageLimit =>
        GetType().GetProperty("TimeoutSeconds")?.GetValue(this) is int seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>Errors of SwarmOps are passed to the caller; any other exception ends the pipeline.</summary>
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
                    CallChain.Current = ledger.Chain;
                    EngineCall.StageLimit = StageLimit;
                    return stage(context);
                },
                stopping
            );
            context.CloseProgress();
        }
        catch (Exception exception) when (stopping.IsCancellationRequested && exception is OperationCanceledException or SwarmOpsException)
        {
            // Whatever the work threw: it ended because it was cancelled.
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
