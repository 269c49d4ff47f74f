using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SwarmOps.Overlay.Proof;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>What the engine is asked about containers and images.</summary>
[Collection(nameof(PipelineLog))]
public sealed class TransportContainerTests : IAsyncDisposable
{
    private const string Version = "Api-Version: 1.41\r\n";

    private readonly ConcurrentQueue<string> requests = new();
    private readonly TransportEngineStub stub;
    private readonly NodeConnection connection;
    private Func<string, string> answer = _ => TransportEngineStub.Http("200 OK", Version, "{}");

    public TransportContainerTests()
    {
        stub = new TransportEngineStub(request =>
        {
            requests.Enqueue(request);
            return request.Contains("/_ping", StringComparison.Ordinal)
                ? TransportEngineStub.Http("200 OK", Version, "OK")
                : answer(request);
        });
        connection = NodeConnection.Create(stub.Node, new ConnectionOptions(null, TimeSpan.FromSeconds(15)));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Containers_are_listed_by_filters()
    {
        answer = _ => TransportEngineStub.Http("200 OK", Version, """[{"Id":"c1"},{"Id":"c2"}]""");
        var containers = new EngineContainers(connection);

        var found = await containers.ListAsync(
            new Dictionary<string, IEnumerable<string>> { ["label"] = ["a=b"], ["status"] = ["running", "paused"] },
            all: true,
            Token
        );
        await containers.ListAsync(new Dictionary<string, IEnumerable<string>> { ["network"] = ["n1"] }, all: false, Token);

        Assert.Equal(["c1", "c2"], found.Select(container => (string?)container["Id"]));
        Assert.Equal(
            [
                "GET /v1.41/containers/json?filters={\"label\":[\"a=b\"],\"status\":[\"running\",\"paused\"]}&all=true",
                "GET /v1.41/containers/json?filters={\"network\":[\"n1\"]}",
            ],
            Lines()
        );
    }

    [Fact]
    public async Task A_container_is_created_by_name_started_inspected_awaited_killed_and_removed()
    {
        answer = request =>
            request.Contains("/create", StringComparison.Ordinal) ? TransportEngineStub.Http("201 Created", Version, """{"Id":"c1"}""")
            : request.Contains("/wait", StringComparison.Ordinal) ? TransportEngineStub.Http("200 OK", Version, """{"StatusCode":3}""")
            : request.Contains("/json", StringComparison.Ordinal)
                ? TransportEngineStub.Http("200 OK", Version, """{"State":{"Running":true}}""")
            : "HTTP/1.1 204 No Content\r\n" + Version + "\r\n";
        var containers = new EngineContainers(connection);

        Assert.Equal("c1", await containers.CreateAsync(new JsonObject { ["Image"] = "i" }, "a b", Token));
        Assert.Equal("c1", await containers.CreateAsync(new JsonObject { ["Image"] = "i" }, name: null, Token));
        await containers.StartAsync("c1", Token);
        Assert.True((bool?)(await containers.InspectAsync("c1", Token))["State"]?["Running"]);
        Assert.Equal(3, await containers.WaitAsync("c1", Token));
        await containers.KillAsync("c1", Token);
        await containers.RemoveAsync("c1", Token);

        Assert.Equal(
            [
                "POST /v1.41/containers/create?name=a b",
                "POST /v1.41/containers/create",
                "POST /v1.41/containers/c1/start",
                "GET /v1.41/containers/c1/json",
                "POST /v1.41/containers/c1/wait",
                "POST /v1.41/containers/c1/kill?signal=SIGKILL",
                "DELETE /v1.41/containers/c1?force=true&v=true",
            ],
            Lines()
        );
        Assert.EndsWith(
            "\r\n\r\n{\"Image\":\"i\"}",
            requests.First(request => request.Contains("/create", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_error_of_the_engine_keeps_its_status_and_message()
    {
        answer = _ => TransportEngineStub.Http("409 Conflict", Version, """{"message":"is not running"}""");

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => new EngineContainers(connection).KillAsync("c1", Token));

        var refusal = Assert.IsType<Docker.DotNet.DockerApiException>(error.InnerException);
        Assert.Equal((System.Net.HttpStatusCode.Conflict, "is not running"), (refusal.StatusCode, TransportErrors.MessageOf(refusal)));
    }

    [Fact]
    public async Task The_probes_image_is_sent_as_an_archive_to_an_engine_that_lacks_it()
    {
        answer = request =>
            request.StartsWith("GET", StringComparison.Ordinal)
                ? TransportEngineStub.Http("404 Not Found", Version, """{"message":"No such image"}""")
                : TransportEngineStub.Http("200 OK", Version, "{\"status\":\"one\"}\r\n{\"status\":\"two\"}\r\n");

        await ProbeImage.EnsureAsync(connection, Token);

        Assert.Equal(
            ["GET /v1.41/images/swarmops/overlay-probe:1/json", "POST /v1.41/images/create?fromSrc=-&repo=swarmops/overlay-probe&tag=1"],
            Lines()
        );
        Assert.Contains("Content-Type: application/x-tar", requests.Last(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("ustar", requests.Last(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await stub.DisposeAsync();
    }

    /// <summary>Method and address of what was asked, without the handshake.</summary>
    private IEnumerable<string> Lines() =>
        requests
            .Where(request => !request.Contains("/_ping", StringComparison.Ordinal))
            .Select(request => Uri.UnescapeDataString(request[..request.IndexOf(" HTTP/", StringComparison.Ordinal)]));
}
