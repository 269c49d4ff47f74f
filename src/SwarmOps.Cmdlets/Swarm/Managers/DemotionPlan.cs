using Docker.DotNet.Models;

namespace SwarmOps.Swarm.Managers;

/// <summary>The order in which managers are demoted, and whether every step is safe.</summary>
internal static class DemotionPlan
{
    /// <summary>The order: first the managers that the leader cannot reach, then the others, the leader last.</summary>
    public static IReadOnlyList<SetMember> Order(IEnumerable<SetMember> targets) =>
        [.. targets.OrderBy(target => ManagerTally.IsReachable(target.Member)).ThenBy(target => IsLeader(target.Member))];

    /// <summary>The managers to demote so that the wanted number is left, spread over regions as evenly as possible; the leader only when there is no other.</summary>
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

    /// <summary>Throws when any step would lose the quorum.</summary>
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

    /// <summary>The tally after all targets are demoted.</summary>
    public static ManagerTally After(IEnumerable<SetMember> targets, ManagerTally tally) =>
        targets
            .Where(target => target.Member.ManagerStatus is not null)
            .Aggregate(tally, (left, target) => left.Without(ManagerTally.IsReachable(target.Member)));

    /// <summary>Whether the demotions reduce the fault tolerance: demoting unreachable managers does not.</summary>
    public static bool WeakensToEven(IReadOnlyList<SetMember> targets, ManagerTally tally) =>
        After(targets, tally).Total % 2 == 0 && targets.Any(target => ManagerTally.IsReachable(target.Member));

    private static bool IsLeader(NodeListResponse member) => member.ManagerStatus?.Leader is true;

    private static int Preference(SetMember member) =>
        !ManagerTally.IsReachable(member.Member) ? 0
        : IsLeader(member.Member) ? 2
        : 1;
}
