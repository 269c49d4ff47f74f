using Docker.DotNet.Models;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Tests.Unit;

/// <summary>The arithmetic that keeps a swarm alive.</summary>
public sealed class DemotionPlanTests
{
    [Theory]
    [InlineData(1, 1, 1, 0)]
    [InlineData(2, 2, 2, 0)]
    [InlineData(3, 3, 2, 1)]
    [InlineData(3, 2, 2, 0)]
    [InlineData(4, 4, 3, 1)]
    [InlineData(5, 5, 3, 2)]
    [InlineData(7, 5, 4, 1)]
    [InlineData(3, 1, 2, 0)]
    public void Quorum_is_more_than_half(int total, int reachable, int quorum, int tolerated)
    {
        var tally = new ManagerTally(total, reachable);

        Assert.Equal((quorum, tolerated, reachable >= quorum), (tally.Quorum, tally.ToleratedFailures, tally.HasQuorum));
    }

    [Fact]
    public void The_last_manager_stays()
    {
        var error = Refusal([Members.Manager("a1", leader: true)], "a1");

        Assert.Equal("LastManager", error.ErrorId);
        Assert.StartsWith("1 manager, 1 reachable, quorum 1:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_quorum_stays_and_the_message_does_the_sum()
    {
        var error = Refusal(
            [
                Members.Manager("a1", leader: true),
                Members.Manager("b2"),
                Members.Manager("c3", reachable: false),
                Members.Manager("d4"),
                Members.Manager("e5", reachable: false),
            ],
            "b2",
            "d4"
        );

        Assert.Equal("QuorumWouldBeLost", error.ErrorId);
        Assert.Contains(
            "5 managers, 3 reachable, quorum 3: demoting 'b2' leaves 4 managers, 2 reachable, quorum 3",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_leader_of_two_stays() =>
        Assert.Equal("LeaderOfTwoManagers", Refusal([Members.Manager("a1", leader: true), Members.Manager("b2")], "a1").ErrorId);

    [Fact]
    public void The_leader_of_two_that_are_left_on_the_way_stays_too() =>
        Assert.Equal(
            "LeaderOfTwoManagers",
            Refusal([Members.Manager("a1", leader: true), Members.Manager("b2"), Members.Manager("c3")], "a1", "b2").ErrorId
        );

    [Fact]
    public void A_dead_manager_of_three_may_go()
    {
        NodeListResponse[] managers = [Members.Manager("a1", leader: true), Members.Manager("b2"), Members.Manager("c3", reachable: false)];
        var targets = Ordered(managers, "c3");

        DemotionPlan.RefuseUnsafe(targets, TallyOf(managers));

        Assert.False(DemotionPlan.WeakensToEven(targets, TallyOf(managers)));
        Assert.True(DemotionPlan.WeakensToEven(Ordered(managers, "b2"), TallyOf(managers)));
    }

    [Fact]
    public void Dead_managers_go_first_and_the_leader_last()
    {
        NodeListResponse[] managers = [Members.Manager("a1", leader: true), Members.Manager("b2"), Members.Manager("c3", reachable: false)];

        Assert.Equal(["c3", "b2", "a1"], Ordered(managers, "a1", "b2", "c3").Select(target => target.NodeId));
    }

    [Fact]
    public void Of_five_managers_three_are_left_in_three_regions()
    {
        NodeListResponse[] managers =
        [
            Members.Manager("a1", leader: true),
            Members.Manager("a2"),
            Members.Manager("b3"),
            Members.Manager("b4"),
            Members.Manager("c5"),
        ];
        var members = managers.Select(Members.Of).ToList();

        var chosen = DemotionPlan.Choose(members, managers.Select(SetMember.PlaceOf), excess: 2);

        Assert.Equal(["a2", "b4"], chosen.Select(member => member.NodeId).Order());
    }

    [Fact]
    public void A_manager_that_cannot_be_reached_is_chosen_before_all()
    {
        NodeListResponse[] managers =
        [
            Members.Manager("a1", leader: true),
            Members.Manager("a2"),
            Members.Manager("b3"),
            Members.Manager("c4", reachable: false),
        ];

        var chosen = DemotionPlan.Choose([.. managers.Select(Members.Of)], managers.Select(SetMember.PlaceOf), excess: 1);

        Assert.Equal("c4", Assert.Single(chosen).NodeId);
    }

    [Fact]
    public void The_leader_is_chosen_only_if_there_is_no_other()
    {
        NodeListResponse[] managers = [Members.Manager("a1", leader: true), Members.Manager("b2"), Members.Manager("c3")];

        Assert.Equal(
            "c3",
            Assert.Single(DemotionPlan.Choose([.. managers.Select(Members.Of)], managers.Select(SetMember.PlaceOf), excess: 1)).NodeId
        );
        Assert.Equal(
            "a1",
            Assert.Single(DemotionPlan.Choose([Members.Of(managers[0])], managers.Select(SetMember.PlaceOf), excess: 1)).NodeId
        );
    }

    private static SwarmOpsException Refusal(NodeListResponse[] managers, params string[] targets) =>
        Assert.Throws<SwarmOpsException>(() => DemotionPlan.RefuseUnsafe(Ordered(managers, targets), TallyOf(managers)));

    private static IReadOnlyList<SetMember> Ordered(NodeListResponse[] managers, params string[] targets) =>
        DemotionPlan.Order(managers.Where(manager => targets.Contains(manager.ID)).Select(Members.Of));

    private static ManagerTally TallyOf(NodeListResponse[] managers) => new(managers.Length, managers.Count(ManagerTally.IsReachable));
}
