using SwarmOps.Aws.Provision;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>Runs an operation without PowerShell and keeps what it says.</summary>
internal sealed class FakeContext : IOperationContext
{
    public List<SwarmOpsException> Errors { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<object> Objects { get; } = [];

    public List<string> Asked { get; } = [];

    /// <summary>The last progress of each line.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<int, string> Progress { get; } = new();

    public bool Consent { get; set; } = true;

    public bool IsWhatIf { get; set; }

    public Func<SwarmNode, INodeConnection>? Connect { get; set; }

    public CancellationToken CancellationToken { get; set; }

    public INodeConnection Connection(SwarmNode node) =>
        Connect?.Invoke(node) ?? throw new InvalidOperationException("This test connects to nothing.");

    public void WriteVerbose(string message) { }

    public void WriteWarning(string message) => Warnings.Add(message);

    public void WriteError(SwarmOpsException error) => Errors.Add(error);

    public void WriteProgress(OperationProgress progress) => Progress[progress.Id] = progress.Status;

    public void WriteObject(object value) => Objects.Add(value);

    public Task<bool> ShouldProcessAsync(string target, string action)
    {
        Asked.Add($"{target}: {action}");
        return Task.FromResult(Consent);
    }

    public Task<bool> ShouldContinueAsync(string query, string caption)
    {
        Asked.Add(query);
        return Task.FromResult(Consent);
    }
}
