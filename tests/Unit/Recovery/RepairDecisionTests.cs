using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Recovery.Repairing;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Outage;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>From which manager a swarm goes on: never while a majority may come back, and from the one that has most.</summary>
public sealed class RepairDecisionTests
{
    private static readonly Peer[] Peers =
    [
        new() { NodeID = "ida", Addr = "192.0.2.1:2377" },
        new() { NodeID = "idb", Addr = "192.0.2.2:2377" },
        new() { NodeID = "idc", Addr = "192.0.2.3:2377" },
    ];

    private readonly Dictionary<string, RaftPosition?> positions = new()
    {
        ["a"] = new RaftPosition(3, 100, 100),
        ["b"] = new RaftPosition(4, 90, 90),
    };

    [Fact]
    public void Two_of_three_disks_are_lost_and_the_third_goes_on()
    {
        var decision = RepairDecision.Make([Holder("a", 1), Bare("b", 2), Bare("c", 3)], positions, null, force: false);

        Assert.Equal("a", decision.From.Node.Name);
        Assert.Equal("index 100 of term 3", decision.Position!.ToString());
        Assert.Empty(decision.Losses);
    }

    [Fact]
    public void Managers_that_were_not_seen_may_come_back()
    {
        var error = Refusal([Holder("a", 1), Bare("b", 2)]);
        Assert.Equal("RepairMajorityMayComeBack", error.ErrorId);
        Assert.Contains("192.0.2.3:2377, which was not seen", error.Message, StringComparison.Ordinal);

        var forced = RepairDecision.Make([Holder("a", 1), Bare("b", 2)], positions, null, force: true);
        Assert.Contains("192.0.2.3:2377 was not seen", Assert.Single(forced.Losses), StringComparison.Ordinal);
    }

    [Fact]
    public void A_manager_that_does_not_answer_was_not_seen() =>
        Assert.Equal("RepairMajorityMayComeBack", Refusal([Holder("a", 1), Silent("b", 2), Bare("c", 3)]).ErrorId);

    [Fact]
    public void Two_of_three_that_still_have_the_log_only_have_to_reach_each_other() =>
        Assert.Equal("RepairMajorityMayComeBack", Refusal([Holder("a", 1), Holder("b", 2), Bare("c", 3)]).ErrorId);

    [Fact]
    public void The_last_term_counts_before_the_index()
    {
        IReadOnlyList<NodeReport> reports = [Holder("a", 1), Holder("b", 2), Bare("c", 3)];

        Assert.Equal("b", RepairDecision.Make(reports, positions, null, force: true).From.Node.Name);
        var other = RepairDecision.Make(reports, positions, "a", force: true);
        Assert.Equal("a", other.From.Node.Name);
        Assert.Contains("'b' has more", Assert.Single(other.Losses), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_raft_log_there_is_nothing_to_go_on_from() =>
        Assert.Equal("RepairNoManagerLeft", Refusal([Bare("a", 1), Bare("b", 2)]).ErrorId);

    [Theory]
    [InlineData("position 3 812 810\n", true)]
    [InlineData("position 3 812", false)]
    [InlineData("no raft log in /x\n", false)]
    public void A_position_is_read_whole_or_not_at_all(string output, bool isOne) =>
        Assert.Equal(isOne ? new RaftPosition(3, 812, 810) : null, RaftPosition.TryParse(output));

    private SwarmOpsException Refusal(IReadOnlyList<NodeReport> reports) =>
        Assert.Throws<SwarmOpsException>(() => RepairDecision.Make(reports, positions, null, force: false));

    private static SwarmNode Node(string name, int number) =>
        new()
        {
            Name = name,
            AdvertiseAddress = $"192.0.2.{number}",
            DockerHost = $"ssh://192.0.2.{number}",
        };

    private static NodeReport Bare(string name, int number) =>
        Report(Node(name, number), LocalNodeStates.Inactive, "", manager: false) with
        {
            Trace = new SwarmTrace(),
        };

    private static NodeReport Holder(string name, int number) =>
        Report(Node(name, number), LocalNodeStates.Pending, $"id{name}", manager: true) with
        {
            Trace = new SwarmTrace
            {
                IsHeld = true,
                Path = "/var/lib/docker/swarm",
                NodeId = $"id{name}",
                SwarmId = "s1",
                HoldsRaft = true,
                Managers = Peers,
            },
        };

    private static NodeReport Silent(string name, int number) =>
        new(Node(name, number), null, new SwarmOpsException("NodeUnreachable", ErrorKind.Connection, "no answer", "fix it"));

    private static NodeReport Report(SwarmNode node, string state, string id, bool manager) =>
        new(
            node,
            new NodeObservation(
                node,
                null!,
                new SystemInfoResponse
                {
                    Name = node.Name,
                    Swarm = new Info
                    {
                        NodeID = id,
                        NodeAddr = manager ? node.AdvertiseAddress ?? "" : "",
                        LocalNodeState = state,
                        ControlAvailable = manager,
                        RemoteManagers = manager ? Peers : [],
                    },
                }
            ),
            null
        );
}
