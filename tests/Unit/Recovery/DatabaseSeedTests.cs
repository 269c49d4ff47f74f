using SwarmOps.Recovery.Databases;
using SwarmOps.Recovery.Store;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>A database is not restored beside the container of an earlier run, which may still write into the same directory.</summary>
[Collection(nameof(PipelineLog))]
public sealed class DatabaseSeedTests
{
    [Fact]
    public async Task An_earlier_container_that_cannot_be_removed_ends_the_restore_before_anything_is_changed()
    {
        await using var engine = new TransportEngineStub(request =>
            request.StartsWith("DELETE", StringComparison.Ordinal)
                ? TransportEngineStub.Http("500 Internal Server Error", "", """{ "message": "container left: device or resource busy" }""")
                : TransportEngineStub.Http(
                    "200 OK",
                    "Api-Version: 1.45\r\n",
                    request.Contains("/containers/json", StringComparison.Ordinal) ? """[{ "Id": "left" }]""" : "{}"
                )
        );
        var context = new FakeContext
        {
            Connect = node => NodeConnection.Create(node, new ConnectionOptions(null, TimeSpan.FromSeconds(5))),
        };
        using var store = new FolderStore("/nonexistent");

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            new DatabaseSeed(context, engine.Node, "/nonexistent/mysql", TimeSpan.FromSeconds(5)).RunAsync(
                new DatabaseRecord { Cluster = "galera", StreamSha256 = "abc" },
                "mariadb",
                store,
                "file",
                "passphrase"
            )
        );

        Assert.Contains("device or resource busy", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists("/nonexistent/mysql"));
    }
}
