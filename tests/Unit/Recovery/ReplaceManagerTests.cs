using Docker.DotNet.Models;
using SwarmOps.Recovery.Replacing;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>The managers that are left while a node has no instance must have a quorum.</summary>
public sealed class ReplaceManagerTests
{
    [Theory]
    [InlineData("b2", "")]
    [InlineData("a1", "")]
    [InlineData("c3", "c3")]
    [InlineData("b2", "", "a1 b2 c3 d4 e5")]
    [InlineData("d4", "d4 e5", "a1 b2 c3 d4 e5")]
    [InlineData("b2", "", "a1 b2")]
    public void One_that_leaves_a_quorum_is_replaced(string replaced, string silent, string managers = "a1 b2 c3") =>
        Replace(replaced, silent, managers);

    [Theory]
    [InlineData("QuorumWouldBeLost", "b2", "c3")]
    [InlineData("QuorumWouldBeLost", "a1", "d4 e5", "a1 b2 c3 d4 e5")]
    [InlineData("LastManager", "a1", "", "a1")]
    [InlineData("LeaderOfTwoManagers", "a1", "", "a1 b2")]
    public void One_that_the_quorum_needs_stays(string error, string replaced, string silent, string managers = "a1 b2 c3") =>
        Assert.Equal(error, Assert.Throws<SwarmOpsException>(() => Replace(replaced, silent, managers)).ErrorId);

    /// <summary>Two managers of which one is dead have no quorum, and a demotion is what would need one.</summary>
    [Fact]
    public void A_dead_one_of_two_is_left_to_Repair_Swarm() => Replace("b2", "b2", "a1 b2");

    [Fact]
    public void A_worker_costs_no_vote()
    {
        var managers = Managers("c3", "a1 b2 c3");

        Replacement.RefuseManager(Report("w1"), Members.Worker("w1"), Tally(managers));
    }

    /// <summary>The first manager is the leader.</summary>
    private static void Replace(string replaced, string silent, string managers)
    {
        var all = Managers(silent, managers);

        Replacement.RefuseManager(Report(replaced), all.Single(member => member.ID == replaced), Tally(all));
    }

    private static List<NodeListResponse> Managers(string silent, string managers) =>
        [.. managers.Split(' ').Select(id => Members.Manager(id, reachable: !silent.Split(' ').Contains(id), leader: id == "a1"))];

    private static ManagerTally Tally(List<NodeListResponse> managers) => new(managers.Count, managers.Count(ManagerTally.IsReachable));

    private static NodeReport Report(string name) => new(new SwarmNode { Name = name }, null, null);
}
