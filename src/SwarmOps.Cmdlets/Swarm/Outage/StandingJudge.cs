using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Outage;

/// <summary>Determines the relation of a node to a swarm, from its engine, its disk, and the member list of a manager with a leader.</summary>
internal static class StandingJudge
{
    /// <summary>Determines it for one node.</summary>
    /// <param name="report">The node, with its disk read when its engine is not active.</param>
    /// <param name="view">The swarm, just read.</param>
    public static JoinStanding Of(NodeReport report, SwarmView view)
    {
        var own = report.Observation!;
        if (!own.HoldsSwarmState)
            return JoinStanding.Bare;
        if (ListedId(report, view) is not null)
            return own.IsActive ? JoinStanding.Member : JoinStanding.Returning;
        return IsHalfJoined(report, own, view) ? JoinStanding.HalfJoined : JoinStanding.Held;
    }

    /// <summary>The node's id in the swarm; null when it is not listed.</summary>
    public static string? ListedId(NodeReport report, SwarmView view)
    {
        if (report.OwnNodeId is { } id)
            return view.Find(id)?.ID;
        // Neither engine nor disk tells its id: it may be the member that matches its addresses and name.
        return report is { Trace: null, Observation.LocalState: LocalNodeStates.Error or LocalNodeStates.Locked }
            ? MemberMatch.Find(report.Node, view.SwarmId, view.Members)?.ID
            : null;
    }

    private static bool IsHalfJoined(NodeReport report, NodeObservation own, SwarmView view)
    {
        // A manager's disk contains the raft log, whatever else is known.
        if (own.Info.Swarm?.ControlAvailable is true || report.Trace?.HoldsRaft is true || own.LocalState == LocalNodeStates.Locked)
            return false;
        if (report.OwnNodeId is null)
        {
            // Only an engine with a certificate is a member, and it reports its id unless it is in error. A disk may have
            // lost the certificate of a completed join.
            return report.Trace is { } trace ? trace.IsJoinUnfinished is not false : own.LocalState == LocalNodeStates.Pending;
        }

        if (report.Trace?.SwarmId is { } swarmId)
            return swarmId == view.SwarmId;
        return (own.Info.Swarm?.RemoteManagers ?? []).Any(named => view.Managers.Any(manager => manager.ManagerStatus!.Addr == named.Addr));
    }
}
