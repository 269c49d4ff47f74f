using System.Collections.Concurrent;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Insight.Survey;

/// <summary>A context in which errors and warnings of a part are kept instead of written: they become findings.</summary>
/// <param name="outer">The context of the cmdlet.</param>
/// <param name="activity">What progress is shown as.</param>
internal sealed class SurveyContext(IOperationContext outer, string activity) : IOperationContext
{
    /// <summary>The errors of single nodes and objects.</summary>
    public ConcurrentQueue<SwarmOpsException> Errors { get; } = [];

    public CancellationToken CancellationToken => outer.CancellationToken;

    public INodeConnection Connection(SwarmNode node) => outer.Connection(node);

    public IDisposable? HoldConnections() => outer.HoldConnections();

    public void WriteVerbose(string message) => outer.WriteVerbose(message);

    /// <summary>What a part warns of is a finding of its own.</summary>
    public void WriteWarning(string message) => outer.WriteVerbose(message);

    public void WriteError(SwarmOpsException error) => Errors.Enqueue(error);

    /// <summary>One line for the whole pass: its parts run at the same time.</summary>
    public void WriteProgress(OperationProgress progress)
    {
        if (!progress.Completed)
            Say(progress.Status);
    }

    /// <summary>Shows what the pass does now.</summary>
    public void Say(string status, bool completed = false) =>
        outer.WriteProgress(new OperationProgress(0, activity, status, Completed: completed));

    public void WriteObject(object value) { }

    /// <summary>A pass changes nothing.</summary>
    public Task<bool> ShouldProcessAsync(string target, string action) => Task.FromResult(false);

    public bool IsWhatIf => false;

    public Task<bool> ShouldContinueAsync(string query, string caption) => Task.FromResult(false);
}
