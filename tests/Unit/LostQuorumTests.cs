using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Outage;
using NodeDescription = Docker.DotNet.Models.NodeDescription;

namespace SwarmOps.Tests.Unit;

/// <summary>What a node set still says of a swarm without a quorum, and that none is founded beside it.</summary>
public sealed class LostQuorumTests
{
    private static readonly Peer[] Peers =
    [
        new() { NodeID = "ida", Addr = "192.0.2.1:2377" },
        new() { NodeID = "idb", Addr = "192.0.2.2:2377" },
        new() { NodeID = "idc", Addr = "192.0.2.3:2377" },
    ];

    [Fact]
    public void The_missing_managers_are_named_by_the_set_where_it_knows_them_and_else_by_address()
    {
        var error = OutageErrors.SwarmHasNoQuorum(
            LostQuorum.Of([Asked("a", "192.0.2.1", LocalNodeStates.Pending, "ida", manager: true), Silent("b", "192.0.2.2")])
        );

        Assert.Equal("SwarmHasNoQuorum", error.ErrorId);
        Assert.Contains("3 managers are known, 1 answers, 2 are needed", error.Message, StringComparison.Ordinal);
        Assert.Contains("Missing: 'b' (192.0.2.2:2377), 192.0.2.3:2377.", error.Message, StringComparison.Ordinal);
        Assert.Contains("'a' is pending", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void An_engine_in_error_says_nothing_of_itself_and_its_disk_tells()
    {
        var report = Asked("a", "192.0.2.1", LocalNodeStates.Error, "", manager: false, peers: []) with
        {
            Trace = new SwarmTrace
            {
                IsHeld = true,
                Path = "/var/lib/docker/swarm",
                NodeId = "ida",
                SwarmId = "s1",
                HoldsRaft = true,
                Managers = Peers,
            },
        };

        var lost = LostQuorum.Of([report]);

        Assert.Equal("s1", lost.SwarmId);
        Assert.Equal((3, 0, 2), (lost.Managers.Count, lost.Answering, lost.Needed));
        Assert.Contains("in error (expired)", OutageErrors.SwarmHasNoQuorum(lost).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LocalNodeStates.Pending)]
    [InlineData(LocalNodeStates.Error)]
    [InlineData(LocalNodeStates.Active)]
    public void Beside_a_manager_without_a_quorum_no_swarm_is_founded(string state) =>
        Assert.Equal("SwarmHasNoQuorum", Refusal([Bare("b"), Asked("a", "192.0.2.1", state, "ida", manager: true)]));

    [Fact]
    public void Beside_a_silent_node_no_swarm_is_founded() =>
        Assert.Equal("SwarmCannotBeRuledOut", Refusal([Bare("a"), Silent("b", "192.0.2.2")]));

    [Fact]
    public void A_set_that_names_a_swarm_founds_no_other() =>
        Assert.Equal("SwarmNotFound", Refusal([new NodeReport(new SwarmNode { Name = "a", SwarmId = "s1" }, Bare("a").Observation, null)]));

    [Fact]
    public void A_worker_of_another_swarm_and_a_disk_with_state_are_refused()
    {
        Assert.Equal("NodeInAnotherSwarm", Refusal([Bare("b"), Asked("a", "192.0.2.1", LocalNodeStates.Active, "ida", manager: false)]));
        Assert.Equal(
            "SwarmStateOnDisk",
            Refusal([
                Bare("b") with
                {
                    Trace = new SwarmTrace { IsHeld = true, Path = "/x" },
                },
            ])
        );
        Assert.Equal("SwarmLocked", Refusal([Asked("a", "192.0.2.1", LocalNodeStates.Locked, "ida", manager: false)]));
    }

    [Fact]
    public void Rejoin_gives_up_the_first_nodes_own_state_and_no_other()
    {
        var held = Asked("a", "192.0.2.1", LocalNodeStates.Pending, "ida", manager: true);
        Assert.Null(Refusal([held, Bare("b")], rejoin: true));
        Assert.Equal("SwarmHasNoQuorum", Refusal([Bare("b"), held], rejoin: true));
        Assert.Equal("SwarmCannotBeRuledOut", Refusal([held, Silent("b", "192.0.2.2")], rejoin: true));
    }

    [Fact]
    public void Bare_engines_that_were_all_asked_may_found_a_swarm() => Assert.Null(Refusal([Bare("a"), Bare("b")]));

    [Fact]
    public void Only_what_is_proven_never_to_have_joined_is_half_joined()
    {
        var view = new SwarmView(
            null!,
            "s1",
            [
                new NodeListResponse
                {
                    ID = "idb",
                    ManagerStatus = new ManagerStatus { Addr = "192.0.2.2:2377" },
                    Description = new NodeDescription { Hostname = "b" },
                },
            ]
        );

        Assert.Equal(JoinStanding.Bare, StandingJudge.Of(Bare("a"), view));
        Assert.Equal(JoinStanding.Member, StandingJudge.Of(Asked("b", "192.0.2.2", LocalNodeStates.Active, "idb", manager: false), view));
        Assert.Equal(
            JoinStanding.Returning,
            StandingJudge.Of(Asked("b", "192.0.2.2", LocalNodeStates.Pending, "idb", manager: true), view)
        );
        // Never given a certificate.
        Assert.Equal(JoinStanding.HalfJoined, StandingJudge.Of(Asked("a", "192.0.2.1", LocalNodeStates.Pending, "", manager: false), view));
        // Removed from the list of the swarm whose managers it names.
        Assert.Equal(
            JoinStanding.HalfJoined,
            StandingJudge.Of(Asked("a", "192.0.2.1", LocalNodeStates.Active, "ida", manager: false), view)
        );
        // A manager holds the raft log, whatever the list says.
        Assert.Equal(JoinStanding.Held, StandingJudge.Of(Asked("a", "192.0.2.1", LocalNodeStates.Pending, "ida", manager: true), view));
        // In error, and its disk cannot be seen.
        Assert.Equal(JoinStanding.Held, StandingJudge.Of(Asked("a", "192.0.2.1", LocalNodeStates.Error, "", manager: false), view));
        // The same, with the name of a member.
        Assert.Equal(JoinStanding.Returning, StandingJudge.Of(Asked("b", "192.0.2.9", LocalNodeStates.Error, "", manager: false), view));
        // In error, and its disk shows a certificate of another swarm, of a member, or none.
        var failed = Asked("a", "192.0.2.1", LocalNodeStates.Error, "", manager: false);
        Assert.Equal(
            JoinStanding.Held,
            StandingJudge.Of(
                failed with
                {
                    Trace = new SwarmTrace
                    {
                        IsHeld = true,
                        NodeId = "idx",
                        SwarmId = "s2",
                    },
                },
                view
            )
        );
        Assert.Equal(
            JoinStanding.Returning,
            StandingJudge.Of(
                failed with
                {
                    Trace = new SwarmTrace
                    {
                        IsHeld = true,
                        NodeId = "idb",
                        SwarmId = "s1",
                    },
                },
                view
            )
        );
        Assert.Equal(JoinStanding.HalfJoined, StandingJudge.Of(failed with { Trace = new SwarmTrace { IsHeld = true } }, view));
    }

    [Fact]
    public void What_a_host_says_of_its_disk_is_read()
    {
        var trace = SwarmTrace.Parse(
            "path /data/swarm\nheld\nraft\nremotes [{\"node_id\":\"ida\",\"addr\":\"192.0.2.1:2377\"}]\njoin \"JoinInProgress\": true\n"
        );
        Assert.Equal(("/data/swarm", true, true, true), (trace.Path, trace.IsHeld, trace.HoldsRaft, trace.IsJoinUnfinished));
        Assert.Equal("192.0.2.1:2377", Assert.Single(trace.Managers).Addr);
        Assert.False(SwarmTrace.Parse("path /var/lib/docker/swarm\n").IsHeld);
        Assert.Empty(SwarmTrace.Parse("path /x\nheld\nremotes [{\"node\njoin \n").Managers);
    }

    private static string? Refusal(IReadOnlyList<NodeReport> reports, bool rejoin = false)
    {
        try
        {
            FoundingGuard.Refuse(SwarmSession.Of(new FakeContext(), reports, null, TimeSpan.Zero), reports[0].Node, rejoin);
            return null;
        }
        catch (SwarmOpsException error)
        {
            return error.ErrorId;
        }
    }

    private static NodeReport Bare(string name) => Asked(name, "192.0.2.9", LocalNodeStates.Inactive, "", manager: false, peers: []);

    private static NodeReport Asked(string name, string address, string state, string id, bool manager, Peer[]? peers = null)
    {
        var node = new SwarmNode { Name = name, AdvertiseAddress = address };
        var swarm = new Info
        {
            NodeID = id,
            NodeAddr = address,
            LocalNodeState = state,
            ControlAvailable = manager,
            RemoteManagers = peers ?? Peers,
            Error = state == LocalNodeStates.Error ? "expired" : "",
        };
        return new NodeReport(node, new NodeObservation(node, null!, new SystemInfoResponse { Name = name, Swarm = swarm }), null);
    }

    private static NodeReport Silent(string name, string address) =>
        new(
            new SwarmNode { Name = name, AdvertiseAddress = address },
            null,
            new SwarmOpsException("NodeUnreachable", ErrorKind.Connection, "no answer", "mend it")
        );
}
