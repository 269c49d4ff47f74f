using Docker.DotNet.Models;

namespace SwarmOps.Swarm.Managers;

/// <summary>In which order managers are demoted, and whether that is safe at every step.</summary>
internal static class DemotionPlan
{
    /// <summary>The order: those that the leader does not reach, then the others, the leader last.</summary>
    public static IReadOnlyList<SetMember> Order(IEnumerable<SetMember> targets) =>
        [.. targets.OrderBy(target => ManagerTally.IsReachable(target.Member)).ThenBy(target => IsLeader(target.Member))];

    /// <summary>Which managers of the set to demote so that a number of them is left, spread as well as can be; the leader only if there is no other.</summary>
    public static IReadOnlyList<SetMember> Choose(IReadOnlyList<SetMember> candidates, IEnumerable<ManagerPlace> managers, int excess)
    {
        var left = managers.ToList();
        var chosen = new List<SetMember>();
        var pool = candidates.ToList();
        while (chosen.Count < excess && pool.Count > 0)
        {
            var first = pool.GroupBy(Preference).OrderBy(group => group.Key).First().ToList();
            var place = RegionSpread.MostCrowded(left, first.Select(member => member.Place))!;
            var next = first.Find(member => member.NodeId == place.NodeId)!;
            chosen.Add(next);
            pool.Remove(next);
            left.RemoveAll(manager => manager.NodeId == place.NodeId);
        }

        return chosen;
    }

    /// <summary>Refuses what would take the quorum away, at whichever step.</summary>
    /// <exception cref="SwarmOpsException"><c>LastManager</c>, <c>QuorumWouldBeLost</c>, <c>LeaderOfTwoManagers</c>.</exception>
    public static void RefuseUnsafe(IReadOnlyList<SetMember> ordered, ManagerTally tally)
    {
        foreach (var target in ordered.Where(target => target.Member.ManagerStatus is not null))
        {
            var after = tally.Without(ManagerTally.IsReachable(target.Member));
            if (after.Total < 1)
                throw ManagerErrors.LastManager(target.Node, tally);
            if (!after.HasQuorum)
                throw ManagerErrors.QuorumWouldBeLost(target.Node, tally, after);
            if (tally.Total == 2 && IsLeader(target.Member))
                throw ManagerErrors.LeaderOfTwoManagers(target.Node, tally);
            tally = after;
        }
    }

    /// <summary>What is left when all targets are demoted.</summary>
    public static ManagerTally After(IEnumerable<SetMember> targets, ManagerTally tally) =>
        targets.Where(target => target.Member.ManagerStatus is not null).Aggregate(tally, (left, target) => left.Without(ManagerTally.IsReachable(target.Member)));

    /// <summary>Whether the demotion makes the swarm weaker: taking away managers that are dead does not.</summary>
    public static bool WeakensToEven(IReadOnlyList<SetMember> targets, ManagerTally tally) =>
        After(targets, tally).Total % 2 == 0 && targets.Any(target => ManagerTally.IsReachable(target.Member));

    private static bool IsLeader(NodeListResponse member) => member.ManagerStatus?.Leader is true;

    private static int Preference(SetMember member) => !ManagerTally.IsReachable(member.Member) ? 0 : IsLeader(member.Member) ? 2 : 1;
}
