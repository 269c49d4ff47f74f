using System.Collections.Concurrent;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>Runs an operation without PowerShell and keeps none of its objects: each is passed on and forgotten, as by a pipeline.</summary>
/// <param name="written">Takes each object, with the number of those before it.</param>
internal sealed class StreamContext(Action<object, int> written) : IOperationContext, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, NodeConnection> connections = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    public List<SwarmOpsException> Errors { get; } = [];

    public CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public INodeConnection Connection(SwarmNode node) =>
        connections.GetOrAdd(node.Name, _ => NodeConnection.Create(node, new ConnectionOptions(null, TimeSpan.FromSeconds(15))));

    public void WriteVerbose(string message) { }

    public void WriteWarning(string message) { }

    public void WriteError(SwarmOpsException error) => Errors.Add(error);

    public void WriteProgress(OperationProgress progress) { }

    public void WriteObject(object value) => written(value, Count++);

    public Task<bool> ShouldProcessAsync(string target, string action) => Task.FromResult(true);

    public bool IsWhatIf => false;

    public Task<bool> ShouldContinueAsync(string query, string caption) => Task.FromResult(true);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections.Values)
            await connection.DisposeAsync();
    }
}
