using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>A node of the set that is a member of its swarm.</summary>
/// <param name="Report">What came of asking it.</param>
/// <param name="Member">What the swarm says of it.</param>
internal sealed record SetMember(NodeReport Report, NodeListResponse Member)
{
    /// <summary>The node.</summary>
    public SwarmNode Node => Report.Node;

    /// <summary>What the node says of itself; null when it could not be asked.</summary>
    public NodeObservation? Own => Report.Observation;

    /// <summary>Its id in the swarm.</summary>
    public string NodeId => Member.ID;

    /// <summary>Where it is; the set knows better than the labels.</summary>
    public ManagerPlace Place => new(
        NodeId,
        Node.Region ?? Label(Member, SwarmNodeMapper.RegionLabel),
        Node.Zone ?? Label(Member, SwarmNodeMapper.ZoneLabel));

    /// <summary>Where a member is, by its labels.</summary>
    public static ManagerPlace PlaceOf(NodeListResponse member) => new(member.ID, Label(member, SwarmNodeMapper.RegionLabel), Label(member, SwarmNodeMapper.ZoneLabel));

    private static string? Label(NodeListResponse member, string key) => member.Spec?.Labels?.TryGetValue(key, out var value) is true ? value : null;
}
