using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Maintenance.Suspension;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Tests.Unit.Maintenance;

/// <summary>Marks, constraints, and the arithmetic of managers and databases.</summary>
public sealed class SuspendRuleTests
{
    [Fact]
    public void A_mark_is_read_as_it_was_written()
    {
        var mark = new SuspendMark(SwarmNodeAvailability.Pause, ["shop", "web"], new DateTime(2026, 11, 30, 1, 2, 3, DateTimeKind.Utc));
        var member = Members.Worker("a");

        Assert.True(mark.ApplyTo(member.Spec!));
        Assert.False(mark.ApplyTo(member.Spec!));
        var read = SuspendMark.Of(member)!;
        Assert.Equal((mark.Availability, mark.Since), (read.Availability, read.Since));
        Assert.Equal(mark.Edges, read.Edges);

        Assert.True(SuspendMark.RemoveFrom(member.Spec!));
        Assert.Null(SuspendMark.Of(member));
        Assert.Equal(["region"], member.Spec!.Labels.Keys);
    }

    [Fact]
    public void A_surge_goes_up_and_down_with_its_label()
    {
        var service = Service(2, "");
        var raised = new ServiceState(new JsonObject { ["Spec"] = new Surge("a", 2, 3).RaisedIn(service) });
        Assert.Equal((3, new Surge("a", 2, 3)), (raised.DesiredCount, Surge.Of(raised)));

        var lowered = new ServiceState(new JsonObject { ["Spec"] = new Surge("a", 2, 3).LoweredIn(raised) });
        Assert.Equal((2, null), (lowered.DesiredCount, Surge.Of(lowered)));
    }

    [Fact]
    public void A_number_that_someone_changed_meanwhile_is_kept()
    {
        var service = Service(7, "a 2 3");
        var lowered = new ServiceState(new JsonObject { ["Spec"] = Surge.Of(service)!.LoweredIn(service) });
        Assert.Equal((7, null), (lowered.DesiredCount, Surge.Of(lowered)));
    }

    [Theory]
    [InlineData("node.id==a", true)]
    [InlineData("node.id != a", false)]
    [InlineData("node.labels.region==A", true)]
    [InlineData("node.labels.disk==ssd", false)]
    [InlineData("node.labels.disk!=ssd", true)]
    [InlineData("node.role==manager", false)]
    [InlineData("node.hostname==host-a", true)]
    [InlineData("node.platform.os==linux", true)]
    [InlineData("node.ip==192.0.2.0/24", true)]
    public void Constraints_are_read_as_the_scheduler_does(string constraint, bool isMet) =>
        Assert.Equal(isMet, PlacementRule.Permits([constraint], Members.Worker("a")));

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(3, 2, false)]
    [InlineData(5, 4, true)]
    [InlineData(2, 2, false)]
    public void The_other_managers_keep_their_quorum(int total, int reachable, bool isSafe)
    {
        var managers = Enumerable.Range(1, total).Select(number => Members.Manager($"m{number}", number <= reachable)).ToList();
        var error = Record.Exception(() => QuorumRule.Check(new SwarmNode { Name = "m1" }, managers[0], View(managers)));
        Assert.Equal(isSafe, error is null);
        if (error is SwarmOpsException refused)
            Assert.Equal("SuspendWouldLoseQuorum", refused.ErrorId);
    }

    [Fact]
    public void A_worker_has_no_part_in_the_quorum() =>
        QuorumRule.Check(new SwarmNode { Name = "w" }, Members.Worker("w"), View([Members.Manager("m1"), Members.Manager("m2", false)]));

    [Fact]
    public void The_only_manager_may_go_if_the_user_accepts_it()
    {
        var only = Members.Manager("m1");
        QuorumRule.Check(new SwarmNode { Name = "m1" }, only, View([only]));
        Assert.NotNull(QuorumRule.OnlyManager(only, View([only])));
        Assert.Null(QuorumRule.OnlyManager(only, View([only, Members.Manager("m2")])));
    }

    [Fact]
    public void A_whole_cluster_of_three_can_do_without_one() => Assert.Null(GaleraRule.Obstacle(Cluster(3), "n1"));

    [Fact]
    public void Two_nodes_are_no_majority_without_one() =>
        Assert.Equal("1 of 2 nodes of the Galera cluster 'db' would be left, and its majority is 2", GaleraRule.Obstacle(Cluster(2), "n1"));

    [Fact]
    public void A_cluster_with_another_node_out_is_left_alone() =>
        Assert.StartsWith(
            "the Galera cluster 'db' is not whole: 'n3' Donor/Desynced",
            GaleraRule.Obstacle(Cluster(3, state: "Donor/Desynced"), "n1"),
            StringComparison.Ordinal
        );

    [Fact]
    public void The_node_itself_may_be_out() => Assert.Null(GaleraRule.Obstacle(Cluster(3, state: "Joining"), "n3"));

    private static GaleraCluster Cluster(int size, string state = "Synced") =>
        new()
        {
            Name = "db",
            Uuid = "u",
            ExpectedSize = size,
            GaleraNodes =
            [
                .. Enumerable
                    .Range(1, size)
                    .Select(number => new GaleraNode
                    {
                        Node = $"n{number}",
                        State = number == size ? state : "Synced",
                        ClusterStatus = "Primary",
                        ClusterSize = size,
                        Uuid = "u",
                    }),
            ],
        };

    private static SwarmView View(IReadOnlyList<NodeListResponse> members) => new(null!, "s", members);

    private static ServiceState Service(int replicas, string surge) =>
        new(
            new JsonObject
            {
                ["Spec"] = new JsonObject
                {
                    ["Name"] = "web",
                    ["Labels"] = surge.Length > 0 ? new JsonObject { [Surge.Label] = surge } : new JsonObject(),
                    ["Mode"] = new JsonObject { ["Replicated"] = new JsonObject { ["Replicas"] = replicas } },
                },
            }
        );
}
