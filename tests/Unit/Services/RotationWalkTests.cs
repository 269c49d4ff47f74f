using System.Text.Json.Nodes;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;

namespace SwarmOps.Tests.Unit.Services;

/// <summary>A rotation that stops says what became of the service, and of the new version, and never more than it saw.</summary>
[Collection(nameof(PipelineLog))]
public sealed class RotationWalkTests
{
    private const string Service = """
        { "ID": "sid", "Version": { "Index": 7 },
          "Spec": { "Name": "web", "Mode": { "Replicated": { "Replicas": 1 } },
            "TaskTemplate": { "ContainerSpec": { "Image": "web", "Configs": [{ "ConfigID": "old", "ConfigName": "web.conf", "File": { "Name": "/c" } }] } } } }
        """;

    [Fact]
    public async Task A_service_that_could_not_be_rolled_back_is_not_called_rolled_back()
    {
        var isRefused = false;
        await using var stub = new StubSwarm(path =>
        {
            if (path.Contains("/update", StringComparison.Ordinal))
            {
                isRefused = true;
                return StubSwarm.Refusal("no suitable node");
            }

            return path.Contains("/configs/new", StringComparison.Ordinal) ? StubSwarm.Refusal("the disk is full")
                : path.Contains("/services/", StringComparison.Ordinal)
                    ? isRefused ? StubSwarm.Refusal("the raft log is gone")
                        : Service
                : null;
        });
        var swarm = await stub.OpenAsync();
        var options = new ServiceOptions { ThrottleLimit = 1, Timeout = TimeSpan.FromSeconds(1) };
        var walk = new RotationWalk(swarm, Config("new", 2), new RotationEdges(stub.Context, swarm, options), options);

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            walk.RunAsync([Config("old", 1)], [new ServiceState(JsonNode.Parse(Service)!)])
        );

        Assert.Equal("StoredRotationFailed", error.ErrorId);
        Assert.Contains("it could not be rolled back: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("the new version, 'web.conf-v2', was not removed: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("was rolled back", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("no suitable node", error.Message, StringComparison.Ordinal);
    }

    private static StoredItem Config(string id, int version) =>
        new(
            StoredKind.Config,
            new JsonObject
            {
                ["ID"] = id,
                ["Spec"] = new JsonObject
                {
                    ["Name"] = StoredItem.ObjectNameOf("web.conf", version),
                    ["Labels"] = new JsonObject { [StoredItem.NameLabel] = "web.conf", [StoredItem.VersionLabel] = $"{version}" },
                },
            }
        );
}
