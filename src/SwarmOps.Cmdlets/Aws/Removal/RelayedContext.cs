using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Aws;

/// <summary>
/// Runs another stage's operation as a part of this one: its questions are answered here (by no, to learn what it would do; by yes, once the user has agreed), and
/// what it emits is kept.
/// </summary>
/// <param name="outer">The stage that runs it.</param>
/// <param name="answer">The answer to each question.</param>
internal sealed class RelayedContext(IOperationContext outer, bool answer) : IOperationContext
{
    private readonly object gate = new();

    /// <summary>What was asked: the target and the action.</summary>
    public List<(string Target, string Action)> Asked { get; } = [];

    /// <summary>The errors, which are not reported further.</summary>
    public List<SwarmOpsException> Errors { get; } = [];

    /// <summary>The warnings, which are not reported further.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The nodes that came out.</summary>
    public List<SwarmNode> Nodes { get; } = [];

    /// <inheritdoc/>
    public CancellationToken CancellationToken => outer.CancellationToken;

    /// <inheritdoc/>
    public INodeConnection Connection(SwarmNode node) => outer.Connection(node);

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
    public Task<bool> ShouldContinueAsync(string query, string caption)
    {
        Keep(Asked, (caption, query));
        return Task.FromResult(answer);
    }

    public void Guard(IChangeLock changeLock) => outer.Guard(changeLock);

    /// <inheritdoc/>
    public Task LockAsync() => outer.LockAsync();

    /// <inheritdoc/>
    public void LetLockLapse() => outer.LetLockLapse();

    private void Keep<T>(List<T> list, T item)
    {
        lock (gate)
            list.Add(item);
    }
}
