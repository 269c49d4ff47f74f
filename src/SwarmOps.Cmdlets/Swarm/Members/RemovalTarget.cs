using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Members;

/// <summary>A node that is to be taken out.</summary>
/// <param name="Report">What came of asking it.</param>
/// <param name="Member">Its entry in the swarm's list; null when there is none.</param>
internal sealed record RemovalTarget(NodeReport Report, NodeListResponse? Member)
{
    /// <summary>The node.</summary>
    public SwarmNode Node => Report.Node;

    /// <summary>What the node says of itself; null when it could not be asked.</summary>
    public NodeObservation? Own => Report.Observation;

    /// <summary>Whether its engine still is, or wants to be, in a swarm.</summary>
    public bool MustLeave => Own is { } own && own.LocalState != LocalNodeStates.Inactive;

    /// <summary>Whether its engine is in no swarm any more. Its entry then is one that is down, or will be before long; one that stays ready is another machine's.</summary>
    public bool HasLeft => Own is { NodeId.Length: 0 };

    /// <summary>Whether it is a member that runs: tasks can be moved away from it.</summary>
    public bool CanDrain => Own is { IsActive: true } && Member?.Status?.State == "ready";

    /// <summary>Whether it has a vote among the managers. A node whose promotion never came to an end has none, and cannot be demoted.</summary>
    public bool MustBeDemoted => Member?.ManagerStatus is not null;

    /// <summary>Whether its engine takes part as a worker, and so leaves when it is asked.</summary>
    public bool LeavesWillingly => Own is { IsActive: true } && (MustBeDemoted || Member?.Spec?.Role == "worker");
}
