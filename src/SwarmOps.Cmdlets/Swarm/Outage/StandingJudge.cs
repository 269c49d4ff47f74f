using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Outage;

/// <summary>Judges what a node is to a swarm, by what its engine and its disk say and by the list of a manager that has a leader.</summary>
internal static class StandingJudge
{
    /// <summary>Judges one node.</summary>
    /// <param name="report">The node, its disk looked at where its engine is not active.</param>
    /// <param name="view">The swarm, as read just now.</param>
    public static JoinStanding Of(NodeReport report, SwarmView view)
    {
        var own = report.Observation!;
        if (!own.HoldsSwarmState)
            return JoinStanding.Bare;
        if (ListedId(report, view) is not null)
            return own.IsActive ? JoinStanding.Member : JoinStanding.Returning;
        return IsHalfJoined(report, own, view) ? JoinStanding.HalfJoined : JoinStanding.Held;
    }

    /// <summary>The id under which the swarm lists the node; null when it does not.</summary>
    public static string? ListedId(NodeReport report, SwarmView view)
    {
        if (report.OwnNodeId is { } id)
            return view.Find(id)?.ID;
        // The engine does not say who it is, nor does its disk: it may be the member that its addresses and its name fit.
        return report is { Trace: null, Observation.LocalState: LocalNodeStates.Error or LocalNodeStates.Locked } ? MemberMatch.Find(report.Node, view.SwarmId, view.Members)?.ID : null;
    }

    private static bool IsHalfJoined(NodeReport report, NodeObservation own, SwarmView view)
    {
        // A manager's disk holds the raft log, whatever else is known of it.
        if (own.Info.Swarm?.ControlAvailable is true || report.Trace?.HoldsRaft is true || own.LocalState == LocalNodeStates.Locked)
            return false;
        if (report.OwnNodeId is null)
        {
            // Only an engine that was given a certificate is a member, and one that has its certificate says its id unless it is in error. A disk may have
            // lost the certificate of a join that had come to its end.
            return report.Trace is { } trace ? trace.IsJoinUnfinished is not false : own.LocalState == LocalNodeStates.Pending;
        }

        if (report.Trace?.SwarmId is { } swarmId)
            return swarmId == view.SwarmId;
        return (own.Info.Swarm?.RemoteManagers ?? []).Any(named => view.Managers.Any(manager => manager.ManagerStatus!.Addr == named.Addr));
    }
}
