using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>The one way into a swarm: nodes that are silent, managers that fail, and a set that another run changes.</summary>
[Collection(nameof(PipelineLog))]
public sealed class SwarmSessionTests
{
    private const string Bare = """{ "Name": "a", "Swarm": { "LocalNodeState": "inactive" } }""";

    private const string Manager =
        """{ "Name": "a", "Swarm": { "LocalNodeState": "active", "NodeID": "ida", "NodeAddr": "192.0.2.1", "ControlAvailable": true, "Cluster": { "ID": "s1" } } }""";

    private const string Listed =
        """[{ "ID": "ida", "Spec": { "Role": "manager", "Availability": "active" }, "Description": { "Hostname": "a" }, "Status": { "State": "ready" }, "ManagerStatus": { "Leader": true, "Reachability": "reachable", "Addr": "192.0.2.1:2377" } }]""";

    private static readonly SwarmNode Silent = new() { Name = "silent", DockerHost = "unix:///nonexistent/docker.sock" };

    [Fact]
    public async Task A_silent_node_is_one_warning_by_name_where_a_manager_can_do_the_work()
    {
        await using var stub = Engine(() => Manager);
        var context = Context();

        var session = await SwarmSession.OpenAsync(context, [stub.Node, Silent], 2, TimeSpan.Zero);
        _ = await session.ReadViewAsync();

        Assert.Equal("s1", session.SwarmId);
        Assert.Equal("silent", Assert.Single(session.Silent).Node.Name);
        Assert.Contains("'silent'", Assert.Single(context.Warnings), StringComparison.Ordinal);
        Assert.Empty(context.Errors);
    }

    [Fact]
    public async Task A_stage_that_works_on_the_nodes_themselves_says_what_a_silent_one_means()
    {
        await using var stub = Engine(() => Manager);
        var context = Context();

        var session = await SwarmSession.FindAsync(context, [stub.Node, Silent], 2, TimeSpan.Zero);

        Assert.Empty(context.Warnings);
        session.ReportSilent();
        Assert.Same(Silent, Assert.Single(context.Errors).Target);
    }

    [Fact]
    public async Task Where_no_node_is_a_manager_every_silent_one_is_an_error_beside_the_reason()
    {
        await using var stub = Engine(() => Bare);
        var context = Context();

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            SwarmSession.OpenAsync(context, [stub.Node, Silent], 2, TimeSpan.Zero)
        );

        Assert.Equal(nameof(SwarmErrors.NoManagerInSet), error.ErrorId);
        Assert.Same(Silent, Assert.Single(context.Errors).Target);
    }

    [Fact]
    public async Task Without_the_only_manager_there_is_no_way_in()
    {
        await using var stub = Engine(() => Manager);

        var session = await SwarmSession.OpenAsync(Context(), [stub.Node], 1, TimeSpan.Zero);

        Assert.Null(session.Without(new HashSet<string> { "ida" }));
        Assert.NotNull(session.Without(new HashSet<string> { "another" }));
    }

    /// <summary>The advice for a state that an engine does not know of is to move it aside: never for a swarm that was made a moment ago.</summary>
    [Fact]
    public async Task An_engine_that_became_a_manager_between_the_looks_at_it_and_at_its_disk_is_asked_again()
    {
        var looks = 0;
        await using var stub = Engine(() => ++looks == 1 ? Bare : Manager);
        await using var engine = NodeConnection.Create(stub.Node, new ConnectionOptions(null, TimeSpan.FromSeconds(5)));
        var context = new FakeContext { Connect = _ => new DiskConnection(engine, "path /var/lib/docker/swarm\nheld\nraft\n") };

        var session = await SwarmSession.LookAsync(context, [stub.Node], 1, TimeSpan.Zero);
        Assert.False(session.IsFound);
        Assert.False(session.Reports[0].HoldsSwarmState);

        Assert.True((await session.WithTracesAsync(1)).Reports[0].Observation!.IsManager);
    }

    [Fact]
    public async Task The_node_that_was_the_leader_is_asked_for_the_members_at_once()
    {
        var lists = 0;
        await using var stub = new TransportEngineStub(request =>
        {
            if (request.Contains("/nodes", StringComparison.Ordinal))
                Interlocked.Increment(ref lists);
            return Answer(request, () => Manager);
        });

        var session = await SwarmSession.FindAsync(Context(), [stub.Node with { IsLeader = true }], 1, TimeSpan.Zero);

        Assert.Equal(("s1", 1), (session.SwarmId, lists));
        Assert.Same(session.Observations[0].Connection, session.Manager);
    }

    [Fact]
    public async Task A_node_that_is_no_longer_a_manager_is_not_believed()
    {
        await using var former = new TransportEngineStub(request => Answer(request, () => Bare));
        await using var stub = Engine(() => Manager);

        var session = await SwarmSession.FindAsync(
            Context(),
            [former.Node with { Name = "former", IsLeader = true }, stub.Node],
            2,
            TimeSpan.Zero
        );

        Assert.Equal(("s1", "stub"), (session.SwarmId, session.Manager.Node.Name));
    }

    [Fact]
    public async Task A_manager_that_did_not_answer_does_not_hold_up_the_next_call()
    {
        var asked = new List<string>();
        await using var silent = Connection("silent");
        await using var sound = Connection("sound");
        var view = new SwarmView(silent, "s1", [Members.Manager("a1"), Members.Manager("b1")]);
        var session = SwarmSession.Of(new FakeContext(), [Report(silent, "a1"), Report(sound, "b1")], view, TimeSpan.FromSeconds(10));

        Assert.Equal("sound", await AskAsync());
        Assert.Equal("sound", await AskAsync());

        Assert.Equal(["silent", "sound", "sound"], asked);

        // A lock's renewals come each with a context of its own.
        Task<string> AskAsync() =>
            session
                .Beside(new FakeContext(), TimeSpan.FromMilliseconds(200))
                .AskManagerAsync(
                    async (manager, token) =>
                    {
                        asked.Add(manager.Node.Name);
                        await Task.Delay(manager == silent ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, token);
                        return manager.Node.Name;
                    }
                );
    }

    private static NodeReport Report(NodeConnection connection, string id) =>
        new(
            connection.Node,
            new NodeObservation(
                connection.Node,
                connection,
                new SystemInfoResponse
                {
                    Swarm = new()
                    {
                        LocalNodeState = "active",
                        NodeID = id,
                        ControlAvailable = true,
                    },
                }
            ),
            null
        );

    private static NodeConnection Connection(string name) =>
        NodeConnection.Create(
            new SwarmNode { Name = name, DockerHost = "tcp://192.0.2.1:2376" },
            new ConnectionOptions(null, TimeSpan.FromSeconds(1))
        );

    private static FakeContext Context() =>
        new() { Connect = node => NodeConnection.Create(node, new ConnectionOptions(null, TimeSpan.FromSeconds(5))) };

    private static TransportEngineStub Engine(Func<string> info) => new(request => Answer(request, info));

    private static string Answer(string request, Func<string> info) =>
        TransportEngineStub.Http(
            "200 OK",
            "Api-Version: 1.41\r\n",
            request.Contains("/info", StringComparison.Ordinal) ? info()
                : request.Contains("/nodes", StringComparison.Ordinal) ? Listed
                : "[]"
        );

    /// <summary>An engine on a host whose disk says the same each time.</summary>
    private sealed class DiskConnection(INodeConnection engine, string disk) : INodeConnection
    {
        public SwarmNode Node => engine.Node;

        public Task<IDockerClient> GetEngineAsync(CancellationToken cancellationToken) => engine.GetEngineAsync(cancellationToken);

        public Task<EngineApi> GetApiAsync(CancellationToken cancellationToken) => engine.GetApiAsync(cancellationToken);

        public Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken) =>
            Task.FromResult(new CommandResult(0, disk, ""));

        public Task ResetAsync() => Task.CompletedTask;
    }
}
