using Docker.DotNet.Models;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>Whether the managers keep their quorum while one node is down for maintenance.</summary>
internal static class QuorumRule
{
    /// <summary>Refuses a node whose absence would take the quorum from the others.</summary>
    /// <exception cref="SwarmOpsException"><c>SuspendWouldLoseQuorum</c>.</exception>
    public static void Check(SwarmNode node, NodeListResponse member, SwarmView view)
    {
        var tally = ManagerTally.Of(view);
        if (tally.Total > 1 && Left(member, tally) is { } left && left < tally.Quorum)
            throw SuspendErrors.SuspendWouldLoseQuorum(node, tally, left);
    }

    /// <summary>What follows from the absence of the only manager; null when there are others.</summary>
    public static string? OnlyManager(NodeListResponse member, SwarmView view) =>
        member.ManagerStatus is not null && ManagerTally.Of(view).Total == 1
            ? "it is the only manager, so while it is down nothing can be changed and no failed task is replaced"
            : null;

    /// <summary>How many managers would be reachable without a manager; null for a worker.</summary>
    private static int? Left(NodeListResponse member, ManagerTally tally) =>
        member.ManagerStatus is null ? null : tally.Reachable - (ManagerTally.IsReachable(member) ? 1 : 0);
}
