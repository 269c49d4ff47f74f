using System.Text;
using System.Text.Json.Nodes;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>Lists that are read from whichever manager answers.</summary>
public sealed class ListReadingTests
{
    private const string Version = "Api-Version: 1.43\r\n";

    private const string Members = """
        [{"ID":"na","Spec":{"Role":"manager"},"ManagerStatus":{"Leader":true,"Reachability":"reachable","Addr":"192.0.2.1:2377"}},
         {"ID":"nb","Spec":{"Role":"manager"},"ManagerStatus":{"Reachability":"reachable","Addr":"192.0.2.2:2377"}}]
        """;

    [Fact]
    public async Task When_a_manager_fails_in_the_middle_the_next_one_goes_on_and_each_element_is_read_once()
    {
        await using var first = Manager("na", "[{\"ID\":\"1\"},{\"ID\":\"2\"},");
        await using var second = Manager("nb", "[{\"ID\":\"1\"},{\"ID\":\"2\"},{\"ID\":\"3\"}]");

        Assert.Equal(["1", "2", "3"], await ReadAsync(TimeSpan.FromSeconds(30), first, second));
    }

    [Fact]
    public async Task A_list_that_no_manager_completes_is_an_error()
    {
        await using var only = Manager("na", "[{\"ID\":\"1\"},");

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => ReadAsync(TimeSpan.Zero, only));

        Assert.Equal(ErrorKind.Connection, error.Kind);
    }

    [Fact]
    public async Task What_is_no_list_is_an_error_and_not_an_empty_list()
    {
        await using var odd = new TransportEngineStub(request =>
            Answer("na", request) ?? TransportEngineStub.Http("200 OK", Version, "{}")
        );

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => ReadAsync(TimeSpan.Zero, odd));

        Assert.Equal(nameof(TransportErrors.EngineAnswerInvalid), error.ErrorId);
    }

    [Fact]
    public async Task What_is_needed_before_the_first_element_is_awaited_and_its_error_is_the_callers()
    {
        await using var only = Manager("na", "[{\"ID\":\"1\"}]");
        var session = await OpenAsync(TimeSpan.FromSeconds(30), only);
        var read = 0;
        var needed = Task.FromException(new InvalidOperationException("not there"));

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            session.ReadListAsync(
                "/services",
                _ =>
                {
                    read++;
                    return ValueTask.CompletedTask;
                },
                needed
            )
        );

        Assert.Equal(0, read);
    }

    private static async Task<List<string?>> ReadAsync(TimeSpan patience, params TransportEngineStub[] managers)
    {
        var session = await OpenAsync(patience, managers);
        var read = new List<string?>();
        await session.ReadListAsync(
            "/services",
            element =>
            {
                read.Add((string?)element["ID"]);
                return ValueTask.CompletedTask;
            }
        );
        return read;
    }

    private static Task<SwarmSession> OpenAsync(TimeSpan patience, params TransportEngineStub[] managers)
    {
        var context = new FakeContext
        {
            Connect = node => NodeConnection.Create(node, new ConnectionOptions(null, TimeSpan.FromSeconds(5))),
        };
        SwarmNode[] nodes = [.. managers.Select((manager, index) => manager.Node with { Name = $"m{index}" })];
        return SwarmSession.FindAsync(context, nodes, nodes.Length, patience);
    }

    /// <summary>A manager whose list of services is cut off where the text ends, unless that is its end.</summary>
    private static TransportEngineStub Manager(string id, string services) =>
        new(
            request =>
                Answer(id, request) ?? $"HTTP/1.1 200 OK\r\n{Version}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
            async (_, network, token) =>
            {
                var end = services.EndsWith(']') ? "0\r\n\r\n" : "";
                await network.WriteAsync(Encoding.UTF8.GetBytes($"{services.Length:x}\r\n{services}\r\n{end}"), token);
            }
        );

    private static string? Answer(string id, string request) =>
        request.Contains("/services", StringComparison.Ordinal)
            ? null
            : TransportEngineStub.Http(
                "200 OK",
                Version,
                request.Contains("/info", StringComparison.Ordinal)
                        ? $$$$"""{"Name":"{{{{id}}}}","Swarm":{"LocalNodeState":"active","NodeID":"{{{{id}}}}","ControlAvailable":true,"Cluster":{"ID":"s1"}}}"""
                    : request.Contains("/nodes", StringComparison.Ordinal) ? JsonNode.Parse(Members)!.ToJsonString()
                    : "OK"
            );
}
