using SwarmOps.Aws.Provision;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>Runs an operation without PowerShell; regions speak at the same time, so it keeps what they say under a lock.</summary>
internal sealed class ProvisionContext : IOperationContext
{
    private readonly object gate = new();

    public List<SwarmOpsException> Errors { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<SwarmNode> Nodes { get; } = [];

    /// <summary>When each node came out.</summary>
    public List<DateTime> Emitted { get; } = [];

    /// <summary>What has a line of progress.</summary>
    public HashSet<string> Lines { get; } = [];

    public List<string> Asked { get; } = [];

    public Func<string, bool> Consent { get; init; } = _ => true;

    public CancellationTokenSource Stop { get; } = new();

    public CancellationToken CancellationToken => Stop.Token;

    public INodeConnection Connection(SwarmNode node) => throw new InvalidOperationException("These tests have no hosts.");

    public void WriteVerbose(string message) { }

    public void WriteWarning(string message) => Locked(() => Warnings.Add(message));

    public void WriteError(SwarmOpsException error) => Locked(() => Errors.Add(error));

    public void WriteProgress(OperationProgress progress) => Locked(() => Lines.Add(progress.Activity));

    public void WriteObject(object value) =>
        Locked(() =>
        {
            Nodes.Add((SwarmNode)value);
            Emitted.Add(DateTime.UtcNow);
        });

    public Task<bool> ShouldProcessAsync(string target, string action)
    {
        Locked(() => Asked.Add($"{target}: {action}"));
        return Task.FromResult(Consent($"{target}: {action}"));
    }

    public bool IsWhatIf => false;

    public Task<bool> ShouldContinueAsync(string query, string caption)
    {
        Locked(() => Asked.Add(query));
        return Task.FromResult(Consent(query));
    }

    private void Locked(Action action)
    {
        lock (gate)
            action();
    }
}
