using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>The context for the parts of a change that was confirmed as a whole: each is confirmed beforehand, and their objects are not written.</summary>
/// <param name="context">The stage.</param>
internal sealed class ConfirmedContext(IOperationContext context) : IOperationContext
{
    /// <inheritdoc/>
    public CancellationToken CancellationToken => context.CancellationToken;

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
    public void WriteObject(object value) { }

    /// <inheritdoc/>
    public async Task<bool> ShouldProcessAsync(string target, string action)
    {
        await context.LockAsync().ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public bool IsWhatIf => false;

    /// <inheritdoc/>
    public Task<bool> ShouldContinueAsync(string query, string caption) => context.ShouldContinueAsync(query, caption);

    /// <inheritdoc/>
    public void Guard(IChangeLock changeLock) => context.Guard(changeLock);

    /// <inheritdoc/>
    public Task LockAsync() => context.LockAsync();

    /// <inheritdoc/>
    public bool Holds(string key) => context.Holds(key);

    /// <inheritdoc/>
    public void LetLockLapse() => context.LetLockLapse();
}
