using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Members;

/// <summary>A node to be removed.</summary>
/// <param name="Report">Its report.</param>
/// <param name="Member">Its entry in the swarm's list; null when there is none.</param>
internal sealed record RemovalTarget(NodeReport Report, NodeListResponse? Member)
{
    /// <summary>The node.</summary>
    public SwarmNode Node => Report.Node;

    /// <summary>The node's own state; null when it did not answer.</summary>
    public NodeObservation? Own => Report.Observation;

    /// <summary>Whether its engine is in a swarm or joining one.</summary>
    public bool MustLeave => Own is { } own && own.LocalState != LocalNodeStates.Inactive;

    /// <summary>Whether its engine has left. Its entry is then Down, or will be soon; an entry that stays Ready belongs to another machine.</summary>
    public bool HasLeft => Own is { NodeId.Length: 0 };

    /// <summary>Whether it is a running member, which can be drained.</summary>
    public bool CanDrain => Own is { IsActive: true } && Member?.Status?.State == "ready";

    /// <summary>Whether it is a raft member. A node with an unfinished promotion is not, and cannot be demoted.</summary>
    public bool MustBeDemoted => Member?.ManagerStatus is not null;

    /// <summary>Whether its engine is an active worker, which leaves on request.</summary>
    public bool LeavesWillingly => Own is { IsActive: true } && (MustBeDemoted || Member?.Spec?.Role == "worker");
}
