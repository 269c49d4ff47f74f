using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Outage;

/// <summary>
/// Decides whether a swarm may be initialized on a node set: only when every node answers, and none has swarm state or is known to belong to a swarm. A node that
/// does not answer may be in a swarm.
/// </summary>
internal static class FoundingGuard
{
    /// <summary>Throws when there may be a swarm already.</summary>
    /// <param name="session">The node set, with its disks read.</param>
    /// <param name="start">The node that would initialize the swarm.</param>
    /// <param name="rejoin">Whether the state of that node may be lost.</param>
    /// <exception cref="SwarmOpsException">
    /// <c>SwarmHasNoQuorum</c>, <c>SwarmCannotBeRuledOut</c>, <c>SwarmNotFound</c>, <c>SwarmStateOnDisk</c>, <c>SwarmLocked</c>, <c>NodeInAnotherSwarm</c>.
    /// </exception>
    public static void Refuse(SwarmSession session, SwarmNode start, bool rejoin)
    {
        var lost = LostQuorum.Of(session.Reports);
        var own = session.Reports.First(report => ReferenceEquals(report.Node, start));
        var givesUp = rejoin && own.HoldsSwarmState;
        if (lost.Holders.Count > 0 && !givesUp)
            throw WhyHeld(session, lost);
        if (lost.Silent.Count > 0)
            throw OutageErrors.SwarmCannotBeRuledOut(lost.Silent, lost.SwarmId);
        if (givesUp)
            RefuseToGiveUp(own);
        else if (
            session.Reports.Select(report => report.Node).Where(node => !string.IsNullOrEmpty(node.SwarmId)).ToList() is
            { Count: > 0 } described
        )
            throw OutageErrors.SwarmNotFound(described);
    }

    /// <summary>An active worker is in a working swarm, and an engine cannot leave a swarm that it does not know.</summary>
    private static void RefuseToGiveUp(NodeReport own)
    {
        if (own.Observation is { IsActive: true, IsManager: false } worker)
            throw SwarmErrors.NodeInAnotherSwarm(own.Node, worker.Info.Swarm?.RemoteManagers);
        if (own.Observation is { HoldsSwarmState: false } && own.Trace is { } trace)
            throw OutageErrors.SwarmStateOnDisk(own.Node, trace);
    }

    private static SwarmOpsException WhyHeld(SwarmSession session, LostQuorum lost)
    {
        if (lost.Silent.Count > 0)
            return OutageErrors.SwarmHasNoQuorum(lost);
        if (!SwarmSession.LacksQuorum(session.Reports))
            return SwarmErrors.NodeInAnotherSwarm(lost.Holders[0].Node, lost.Holders[0].Observation!.Info.Swarm?.RemoteManagers);
        if (lost.Holders.All(holder => holder.Observation is { HoldsSwarmState: false }))
            return OutageErrors.SwarmStateOnDisk(lost.Holders[0].Node, lost.Holders[0].Trace!);
        return lost.Holders.All(holder => holder.Observation is { LocalState: LocalNodeStates.Locked })
            ? SwarmErrors.SwarmLocked(lost.Holders[0].Node)
            : OutageErrors.SwarmHasNoQuorum(lost);
    }
}
