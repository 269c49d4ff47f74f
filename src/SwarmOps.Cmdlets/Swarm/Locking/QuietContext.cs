using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Locking;

/// <summary>A context for background work and for cleanup after Ctrl+C: with a cancellation token of its own, and without output.</summary>
/// <param name="outer">The context of the cmdlet.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class QuietContext(IOperationContext outer, CancellationToken cancellationToken) : IOperationContext
{
    public CancellationToken CancellationToken => cancellationToken;

    public INodeConnection Connection(SwarmNode node) => outer.Connection(node);

    public void WriteVerbose(string message) => outer.WriteVerbose(message);

    public void WriteWarning(string message) => outer.WriteWarning(message);

    public void WriteError(SwarmOpsException error) => outer.WriteError(error);

    public void WriteProgress(OperationProgress progress) { }

    public void WriteObject(object value) { }

    public Task<bool> ShouldProcessAsync(string target, string action) => Task.FromResult(false);

    public bool IsWhatIf => false;

    public Task<bool> ShouldContinueAsync(string query, string caption) => Task.FromResult(false);
}
