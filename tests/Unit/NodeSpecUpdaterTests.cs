using System.Collections.Concurrent;
using Docker.DotNet.Models;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>Changes of a node's spec: only of the version that was read.</summary>
public sealed class NodeSpecUpdaterTests
{
    private const string OutOfSequence = """{ "message": "rpc error: code = Unknown desc = update out of sequence" }""";

    private const string Newer =
        """{ "ID": "n1", "Version": { "Index": 8 }, "Spec": { "Role": "worker", "Availability": "active", "Labels": { "disk": "ssd" } } }""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_was_just_listed_is_changed_without_reading_it_again()
    {
        var asked = new ConcurrentQueue<string>();
        await using var stub = Engine(asked, newest: 7);
        await using var manager = Connect(stub);
        var listed = Listed();

        Assert.True(await NodeSpecUpdater.UpdateAsync(manager, "n1", Promote, Token, listed));

        Assert.Equal(["POST version=7"], asked);
        Assert.Equal("worker", listed.Spec!.Role);
    }

    [Fact]
    public async Task A_listed_node_that_is_out_of_date_is_read_and_what_others_changed_is_kept()
    {
        var asked = new ConcurrentQueue<string>();
        await using var stub = Engine(asked, newest: 8);
        await using var manager = Connect(stub);

        Assert.True(await NodeSpecUpdater.UpdateAsync(manager, "n1", Promote, Token, Listed()));

        Assert.Equal(["POST version=7", "GET", "POST version=8 ssd"], asked);
    }

    [Fact]
    public async Task That_nothing_has_to_be_changed_is_not_taken_from_a_list()
    {
        var asked = new ConcurrentQueue<string>();
        await using var stub = Engine(asked, newest: 8);
        await using var manager = Connect(stub);
        var listed = Listed();
        listed.Spec!.Role = "manager";

        Assert.True(await NodeSpecUpdater.UpdateAsync(manager, "n1", Promote, Token, listed));

        Assert.Equal(["GET", "POST version=8 ssd"], asked);
    }

    private static bool Promote(NodeUpdateParameters spec)
    {
        if (spec.Role == "manager")
            return false;
        spec.Role = "manager";
        return true;
    }

    private static NodeListResponse Listed() =>
        new()
        {
            ID = "n1",
            Version = new() { Index = 7 },
            Spec = new() { Role = "worker", Availability = "active" },
        };

    private static NodeConnection Connect(TransportEngineStub stub) =>
        NodeConnection.Create(stub.Node, new ConnectionOptions(null, TimeSpan.FromSeconds(5)));

    private static TransportEngineStub Engine(ConcurrentQueue<string> asked, int newest) =>
        new(request =>
        {
            const string version = "Api-Version: 1.41\r\n";
            if (request.Contains("/_ping", StringComparison.Ordinal))
                return TransportEngineStub.Http("200 OK", version);
            if (request.StartsWith("GET", StringComparison.Ordinal))
            {
                asked.Enqueue("GET");
                return TransportEngineStub.Http("200 OK", version, Newer);
            }

            var given = System.Text.RegularExpressions.Regex.Match(request, "version=[0-9]+").Value;
            asked.Enqueue($"POST {given}{(request.Contains("ssd", StringComparison.Ordinal) ? " ssd" : "")}");
            return given == $"version={newest}"
                ? TransportEngineStub.Http("200 OK", version)
                : TransportEngineStub.Http("500 Internal Server Error", version, OutOfSequence);
        });
}
