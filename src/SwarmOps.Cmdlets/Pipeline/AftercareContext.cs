using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>The context for cleaning up after a stage that was cancelled or failed: another cancellation token, the same connections and output.</summary>
/// <param name="context">The stage.</param>
/// <param name="limit">Ends the cleanup.</param>
internal sealed class AftercareContext(IOperationContext context, CancellationToken limit) : IOperationContext
{
    /// <inheritdoc/>
    public CancellationToken CancellationToken => limit;

    /// <inheritdoc/>
    public INodeConnection Connection(SwarmNode node) => context.Connection(node);

    /// <inheritdoc/>
    public IDisposable? HoldConnections() => context.HoldConnections();

    /// <inheritdoc/>
    public void WriteVerbose(string message) => context.WriteVerbose(message);

    /// <inheritdoc/>
    public void WriteWarning(string message) => context.WriteWarning(message);

    /// <inheritdoc/>
    public void WriteError(SwarmOpsException error) => context.WriteError(error);

    /// <inheritdoc/>
    public void WriteProgress(OperationProgress progress) => context.WriteProgress(progress);

    /// <inheritdoc/>
    public void WriteObject(object value) => context.WriteObject(value);

    /// <inheritdoc/>
    public Task<bool> ShouldProcessAsync(string target, string action) => context.ShouldProcessAsync(target, action);

    /// <inheritdoc/>
    public bool IsWhatIf => context.IsWhatIf;

    /// <inheritdoc/>
    public Task<bool> ShouldContinueAsync(string query, string caption) => context.ShouldContinueAsync(query, caption);
}
