using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Tests.Unit;

/// <summary>Who counts as a manager after a swarm was made anew from one of them.</summary>
public sealed class PromotionSetTests
{
    [Theory]
    [InlineData("down", "host-b1", true)]
    [InlineData("unknown", "host-b1", true)]
    [InlineData("ready", "host-b1", false)]
    [InlineData("down", "host-of-someone-else", false)]
    public void A_lost_manager_whose_machine_is_a_member_under_another_id_is_left_behind(string state, string hostname, bool expected)
    {
        var lost = Members.Worker("b0", state);
        lost.Spec!.Role = "manager";
        lost.Description!.Hostname = hostname;
        lost.CreatedAt = Day;
        var leader = Members.Manager("a1", leader: true);
        var again = Members.Worker("b1");
        again.CreatedAt = Day.AddDays(1);
        var set = Gathered([leader, again, lost], [leader, again]);

        Assert.Equal(expected, set.IsLeftBehind(lost));
        Assert.False(set.IsLeftBehind(leader));
        Assert.False(set.IsLeftBehind(again));
    }

    [Fact]
    public void One_that_is_newer_than_its_namesake_or_may_be_the_node_that_does_not_answer_is_not()
    {
        var cut = Members.Worker("b0", "unknown");
        cut.Spec!.Role = "manager";
        cut.Description!.Hostname = "host-b1";
        cut.CreatedAt = Day;
        var leader = Members.Manager("a1", leader: true);
        var namesake = Members.Worker("b1");

        namesake.CreatedAt = Day.AddDays(-1);
        Assert.False(Gathered([leader, namesake, cut], [leader, namesake]).IsLeftBehind(cut));
        namesake.CreatedAt = Day.AddDays(1);
        Assert.True(Gathered([leader, namesake, cut], [leader, namesake]).IsLeftBehind(cut));
        Assert.False(Gathered([leader, namesake, cut], [leader, namesake], silent: 1).IsLeftBehind(cut));
    }

    [Fact]
    public void One_that_votes_is_never_left_behind()
    {
        var voter = Members.Manager("b0", reachable: false);
        voter.Description!.Hostname = "host-b1";
        var leader = Members.Manager("a1", leader: true);
        var again = Members.Worker("b1");

        Assert.False(Gathered([leader, again, voter], [leader, again]).IsLeftBehind(voter));
    }

    private static readonly DateTime Day = new(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc);

    private static PromotionSet Gathered(IReadOnlyList<NodeListResponse> listed, IReadOnlyList<NodeListResponse> ours, int silent = 0)
    {
        var reports = ours.Select(member =>
            {
                var node = new SwarmNode { Name = member.ID };
                var info = new SystemInfoResponse
                {
                    Name = member.Description!.Hostname!,
                    Swarm = new Info { NodeID = member.ID, LocalNodeState = "active" },
                };
                return new NodeReport(node, new NodeObservation(node, null!, info), null);
            })
            .ToList();
        var failure = new SwarmOpsException("NodeUnreachable", ErrorKind.Connection, "no answer", "wait");
        reports.AddRange(
            Enumerable.Range(0, silent).Select(number => new NodeReport(new SwarmNode { Name = $"silent-{number}" }, null, failure))
        );
        var set = new PromotionSet(
            [.. reports.Select(report => report.Node)],
            SwarmSession.Of(new FakeContext(), reports, new SwarmView(null!, "swarm", listed), TimeSpan.Zero),
            3
        );
        set.Gather(new FakeContext());
        return set;
    }
}
