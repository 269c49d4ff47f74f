using Docker.DotNet.Models;

namespace SwarmOps.Swarm;

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

    /// <summary>Whether it is a member that runs: tasks can be moved away from it.</summary>
    public bool CanDrain => Own is { IsActive: true } && Member?.Status?.State == "ready";

    /// <summary>Whether it is or is to be a manager of the swarm.</summary>
    public bool MustBeDemoted => Member is { } member && (member.ManagerStatus is not null || member.Spec?.Role == "manager");
}
