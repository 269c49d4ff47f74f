using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>
/// Runs the operation of another cmdlet as a part of this one: its confirmations are answered here (no, to find out what it would do; yes, after the user's confirmation), and
/// its output is collected.
/// </summary>
/// <param name="outer">The calling cmdlet's context.</param>
/// <param name="answer">The answer to each confirmation.</param>
internal sealed class RelayedContext(IOperationContext outer, bool answer) : IOperationContext
{
    private readonly object gate = new();

    /// <summary>The confirmations: target and action.</summary>
    public List<(string Target, string Action)> Asked { get; } = [];

    /// <summary>The errors, which are not written.</summary>
    public List<SwarmOpsException> Errors { get; } = [];

    /// <summary>The warnings, which are not written.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The nodes in the output.</summary>
    public List<SwarmNode> Nodes { get; } = [];

    /// <inheritdoc/>
    public CancellationToken CancellationToken => outer.CancellationToken;

    /// <inheritdoc/>
    public INodeConnection Connection(SwarmNode node) => outer.Connection(node);

    /// <inheritdoc/>
    public IDisposable? HoldConnections() => outer.HoldConnections();

    /// <inheritdoc/>
    public void WriteVerbose(string message) => outer.WriteVerbose(message);

    /// <inheritdoc/>
    public void WriteWarning(string message) => Keep(Warnings, message);

    /// <inheritdoc/>
    public void WriteError(SwarmOpsException error) => Keep(Errors, error);

    /// <inheritdoc/>
    public void WriteProgress(OperationProgress progress) => outer.WriteProgress(progress);

    /// <inheritdoc/>
    public void WriteObject(object value)
    {
        if (value is SwarmNode node)
            Keep(Nodes, node);
    }

    /// <inheritdoc/>
    public async Task<bool> ShouldProcessAsync(string target, string action)
    {
        Keep(Asked, (target, action));
        if (answer)
            await outer.LockAsync().ConfigureAwait(false);
        return answer;
    }

    /// <inheritdoc/>
    public bool IsWhatIf => !answer;

    /// <inheritdoc/>
    public Task<bool> ShouldContinueAsync(string query, string caption)
    {
        Keep(Asked, (caption, query));
        return Task.FromResult(answer);
    }

    public void Guard(IChangeLock changeLock) => outer.Guard(changeLock);

    /// <inheritdoc/>
    public Task LockAsync() => outer.LockAsync();

    /// <inheritdoc/>
    public bool Holds(string key) => outer.Holds(key);

    /// <inheritdoc/>
    public void LetLockLapse() => outer.LetLockLapse();

    private void Keep<T>(List<T> list, T item)
    {
        lock (gate)
            list.Add(item);
    }
}
