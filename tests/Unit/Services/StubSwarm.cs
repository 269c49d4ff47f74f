using System.Collections.Concurrent;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit.Services;

/// <summary>A swarm of one manager that has nothing but what a test says, and keeps what it was asked to change.</summary>
internal sealed class StubSwarm : IAsyncDisposable
{
    private const string Manager =
        """{ "Name": "a", "Swarm": { "LocalNodeState": "active", "NodeID": "ida", "NodeAddr": "192.0.2.1", "ControlAvailable": true, "Cluster": { "ID": "s1" } } }""";

    private const string Nodes =
        """[{ "ID": "ida", "Spec": { "Role": "manager", "Availability": "active" }, "Description": { "Hostname": "a" }, "Status": { "State": "ready" }, "ManagerStatus": { "Leader": true, "Reachability": "reachable", "Addr": "192.0.2.1:2377" } }]""";

    private readonly ConcurrentQueue<string> changes = new();
    private readonly TransportEngineStub engine;

    /// <summary>Starts it.</summary>
    /// <param name="answer">The answer to a request by its path, as JSON or as a whole; null for an empty list.</param>
    public StubSwarm(Func<string, string?> answer) =>
        engine = new TransportEngineStub(request =>
        {
            var (verb, path) = (request.Split(' ')[0], request.Split(' ')[1]);
            if (verb is not "GET" and not "HEAD")
                changes.Enqueue($"{verb} {path[(path.IndexOf('/', 1) + 1)..]}");
            var said =
                answer(path)
                ?? (
                    path.Contains("/info", StringComparison.Ordinal) ? Manager
                    : path.Contains("/nodes", StringComparison.Ordinal) ? Nodes
                    : "[]"
                );
            return said.StartsWith("HTTP/", StringComparison.Ordinal)
                ? said
                : TransportEngineStub.Http("200 OK", "Api-Version: 1.45\r\n", said);
        });

    /// <summary>The manager.</summary>
    public SwarmNode Node => engine.Node;

    /// <summary>An engine's refusal.</summary>
    public static string Refusal(string words) =>
        TransportEngineStub.Http("500 Internal Server Error", "Api-Version: 1.45\r\n", $$"""{ "message": "{{words}}" }""");

    /// <summary>An engine in no swarm.</summary>
    public static TransportEngineStub Bare(string name) =>
        new(_ =>
            TransportEngineStub.Http(
                "200 OK",
                "Api-Version: 1.45\r\n",
                $$"""{ "Name": "{{name}}", "Swarm": { "LocalNodeState": "inactive" } }"""
            )
        );

    /// <summary>What it was asked to change.</summary>
    public IReadOnlyCollection<string> Changes => changes;

    /// <summary>A context whose user answers as the test says.</summary>
    public FakeContext Context { get; } =
        new() { Connect = node => NodeConnection.Create(node, new ConnectionOptions(null, TimeSpan.FromSeconds(5))) };

    /// <summary>The way into it.</summary>
    public Task<SwarmSession> OpenAsync() => SwarmSession.OpenAsync(Context, [engine.Node], 1, TimeSpan.Zero);

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}
