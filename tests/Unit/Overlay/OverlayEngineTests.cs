using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Overlay;
using SwarmOps.Overlay.Proof;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit.Overlay;

/// <summary>What engines are asked for probes and for the users of a network, and how their answers are read.</summary>
[Collection(nameof(PipelineLog))]
public sealed class OverlayEngineTests : IAsyncDisposable
{
    private const string Version = "Api-Version: 1.41\r\n";

    private readonly ConcurrentQueue<string> requests = new();
    private readonly ConcurrentDictionary<string, string> documents = new();
    private readonly TransportEngineStub stub;
    private readonly NodeConnection connection;
    private readonly FakeContext context;
    private readonly OverlayNetwork network = new(new NetworkResponse { ID = "net1", Name = "internal" });

    public OverlayEngineTests()
    {
        stub = new TransportEngineStub(Answer);
        connection = NodeConnection.Create(stub.Node, new ConnectionOptions(null, TimeSpan.FromSeconds(15)));
        context = new FakeContext { Connect = _ => connection };
    }

    [Fact]
    public async Task A_probe_is_a_container_without_rights_that_runs_the_hosts_perl_on_the_network()
    {
        documents["POST /containers/create"] = """{"Id":"c1"}""";
        documents["GET /containers/c1/json"] = """{"NetworkSettings":{"Networks":{"internal":{"IPAddress":"10.0.1.5"}}}}""";

        var probe = await new OverlayProbes(context, network, image: null).StartAsync(stub.Node, 7);

        Assert.Equal(("c1", "10.0.1.5"), (probe?.ContainerId, probe?.Address));
        Assert.Equal(
            ["POST /containers/create", "POST /containers/c1/start", "GET /containers/c1/json"],
            requests.Select(LineOf).Where(line => !line.EndsWith("/_ping", StringComparison.Ordinal))
        );
        var created = requests.Single(request => LineOf(request) == "POST /containers/create");
        Assert.Contains($"/containers/create?name={probe!.Name} ", created, StringComparison.Ordinal);
        var body = JsonNode.Parse(created[created.IndexOf("\r\n\r\n", StringComparison.Ordinal)..])!.AsObject();
        Assert.Equal(
            ["perl", "-e", "serve", "300"],
            body["Entrypoint"]!.AsArray().Select(word => (string?)word).Where((_, index) => index != 2)
        );
        body.Remove("Entrypoint");
        Assert.True(
            JsonNode.DeepEquals(
                body,
                JsonNode.Parse(
                    """
                    {
                      "Image": "swarmops/overlay-probe:1", "User": "0", "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], "Labels": { "swarmops.overlay-probe": "net1" },
                      "HostConfig": {
                        "AutoRemove": true, "NetworkMode": "internal", "CapDrop": ["ALL"], "CapAdd": ["NET_RAW"],
                        "Mounts": [{ "Type": "bind", "Source": "/usr", "Target": "/usr", "ReadOnly": true }]
                      },
                      "NetworkingConfig": { "EndpointsConfig": { "internal": {} } }
                    }
                    """
                )
            ),
            body.ToJsonString()
        );
    }

    [Fact]
    public async Task A_probe_that_ended_at_once_is_an_error_and_one_that_no_manager_attaches_is_none()
    {
        documents["POST /containers/create"] = """{"Id":"c1"}""";
        documents["GET /containers/c1/json"] = """{"NetworkSettings":{"Networks":{"internal":{"IPAddress":""}}}}""";
        var probes = new OverlayProbes(context, network, "perl:slim");

        Assert.Equal(
            nameof(OverlayErrors.OverlayProbeFailed),
            (await Assert.ThrowsAsync<SwarmOpsException>(() => probes.StartAsync(stub.Node, 0))).ErrorId
        );
        Assert.DoesNotContain(requests, request => request.Contains("/images/", StringComparison.Ordinal));
        documents["POST /containers/c1/start"] =
            "500 attaching to network failed, make sure your network options are correct and check manager logs: context deadline exceeded";
        Assert.Null(await probes.StartAsync(stub.Node, 0));
        documents["POST /containers/c1/start"] = "500 no space left on device";
        Assert.Contains(
            "no space left",
            (await Assert.ThrowsAsync<SwarmOpsException>(() => probes.StartAsync(stub.Node, 0))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Users_are_services_by_id_or_name_and_containers_that_end_when_their_service_is_gone()
    {
        documents["GET /info"] =
            """{"Name":"stub","Swarm":{"LocalNodeState":"active","NodeID":"ida","ControlAvailable":true,"Cluster":{"ID":"s1"}}}""";
        documents["GET /nodes"] =
            """[{"ID":"ida","Spec":{"Role":"manager","Availability":"active"},"Status":{"State":"ready"},"ManagerStatus":{"Leader":true,"Reachability":"reachable"}}]""";
        documents["GET /services"] = """
            [{"ID":"v1","Spec":{"Name":"web","TaskTemplate":{"Networks":[{"Target":"other"},{"Target":"net1"}]}}},{"ID":"v2","Spec":{"Name":"db","TaskTemplate":{"Networks":[{"Target":"internal"}]}}},
             {"ID":"v3","Spec":{"Name":"alone","TaskTemplate":{}}}]
            """;
        documents["GET /containers/json"] = """
            [{"Id":"c1","Names":["/tool"],"Labels":{}},{"Id":"c2","Names":["/web.1"],"Labels":{"com.docker.swarm.service.id":"v1"}},
             {"Id":"c3","Names":["/gone.1"],"Labels":{"com.docker.swarm.service.id":"v9"}},{"Id":"c4","Names":null,"Labels":null}]
            """;
        var swarm = await SwarmSession.OpenAsync(context, [stub.Node], 1, TimeSpan.Zero);

        var users = await OverlayUsers.FindAsync(context, swarm, OverlayNetworks.Members(context, swarm), network, 1);

        Assert.Equal(
            ["the service 'web'", "the service 'db'", "the container 'tool' on 'stub'", "the container 'c4' on 'stub'"],
            users.Staying
        );
        Assert.Equal(["the container 'gone.1' on 'stub'"], users.Leaving);
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await stub.DisposeAsync();
    }

    /// <summary>Method and path, without version and query.</summary>
    private static string LineOf(string request)
    {
        var words = request.Split(' ', 3);
        return $"{words[0]} {words[1].Replace("/v1.41", "", StringComparison.Ordinal).Split('?')[0]}";
    }

    private string Answer(string request)
    {
        requests.Enqueue(request);
        if (request.Contains("/_ping", StringComparison.Ordinal))
            return TransportEngineStub.Http("200 OK", Version, "OK");
        var document = documents.GetValueOrDefault(
            LineOf(request),
            request.Contains("/containers/json", StringComparison.Ordinal) ? "[]" : "{}"
        );
        return document.StartsWith("500 ", StringComparison.Ordinal)
            ? TransportEngineStub.Http("500 Internal Server Error", Version, $$"""{"message":"{{document[4..]}}"}""")
            : TransportEngineStub.Http("200 OK", Version, document.ReplaceLineEndings(""));
    }
}
