using System.Collections.Concurrent;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Lab;

/// <summary>Runs an operation without PowerShell, on real nodes, for what a cmdlet takes from its session.</summary>
internal sealed class DirectContext : IOperationContext, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, NodeConnection> connections = new(StringComparer.Ordinal);

    /// <summary>Errors and warnings.</summary>
    public ConcurrentQueue<string> Problems { get; } = [];

    public CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public INodeConnection Connection(SwarmNode node) => connections.GetOrAdd(node.Name, _ => node.Connect());

    public void WriteVerbose(string message) { }

    public void WriteWarning(string message) => Problems.Enqueue(message);

    public void WriteError(SwarmOpsException error) => Problems.Enqueue(error.Message);

    public void WriteProgress(OperationProgress progress) { }

    public void WriteObject(object value) { }

    public Task<bool> ShouldProcessAsync(string target, string action) => Task.FromResult(true);

    public bool IsWhatIf => false;

    public Task<bool> ShouldContinueAsync(string query, string caption) => Task.FromResult(true);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections.Values)
            await connection.DisposeAsync();
    }
}
