using Docker.DotNet;
using SwarmOps.Swarm;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>A node set that another run changes while it is looked at.</summary>
[Collection(nameof(PipelineLog))]
public sealed class SwarmSurveyTests
{
    /// <summary>The advice for a state that an engine does not know of is to move it aside: never for a swarm that was made a moment ago.</summary>
    [Fact]
    public async Task An_engine_that_became_a_manager_between_the_looks_at_it_and_at_its_disk_is_asked_again()
    {
        var looks = 0;
        const string bare = """{ "Name": "a", "Swarm": { "LocalNodeState": "inactive" } }""";
        const string manager = """{ "Name": "a", "Swarm": { "LocalNodeState": "active", "NodeID": "ida", "NodeAddr": "192.0.2.1", "ControlAvailable": true, "Cluster": { "ID": "s1" } } }""";
        await using var stub = new TransportEngineStub(request => TransportEngineStub.Http(
            "200 OK", "Api-Version: 1.41\r\n", request.Contains("/info", StringComparison.Ordinal) ? ++looks == 1 ? bare : manager : "[]"));
        await using var engine = NodeConnection.Create(stub.Node, new ConnectionOptions(null, TimeSpan.FromSeconds(5)));
        var context = new FakeContext { Connect = _ => new DiskConnection(engine, "path /var/lib/docker/swarm\nheld\nraft\n") };

        var survey = await SwarmSurvey.TakeAsync(context, [stub.Node], 1, TimeSpan.Zero);
        Assert.False(survey.Reports[0].HoldsSwarmState);

        Assert.True((await survey.WithTracesAsync(context, 1)).Reports[0].Observation!.IsManager);
    }

    /// <summary>An engine on a host whose disk says the same each time.</summary>
    private sealed class DiskConnection(INodeConnection engine, string disk) : INodeConnection
    {
        public SwarmNode Node => engine.Node;

        public Task<IDockerClient> GetEngineAsync(CancellationToken cancellationToken) => engine.GetEngineAsync(cancellationToken);

        public Task<EngineApi> GetApiAsync(CancellationToken cancellationToken) => engine.GetApiAsync(cancellationToken);

        public Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken) => Task.FromResult(new CommandResult(0, disk, ""));

        public Task ResetAsync() => Task.CompletedTask;
    }
}
