using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>A node of the set that is a member of its swarm.</summary>
/// <param name="Report">Its report.</param>
/// <param name="Member">Its entry in the swarm.</param>
internal sealed record SetMember(NodeReport Report, NodeListResponse Member)
{
    /// <summary>The node.</summary>
    public SwarmNode Node => Report.Node;

    /// <summary>The node's own state; null when it did not answer.</summary>
    public NodeObservation? Own => Report.Observation;

    /// <summary>Its id in the swarm.</summary>
    public string NodeId => Member.ID;

    /// <summary>Its location; the node set takes precedence over the labels.</summary>
    public ManagerPlace Place =>
        new(NodeId, Node.Region ?? Label(Member, SwarmNodeMapper.RegionLabel), Node.Zone ?? Label(Member, SwarmNodeMapper.ZoneLabel));

    /// <summary>The location of a member, by its labels.</summary>
    public static ManagerPlace PlaceOf(NodeListResponse member) =>
        new(member.ID, Label(member, SwarmNodeMapper.RegionLabel), Label(member, SwarmNodeMapper.ZoneLabel));

    private static string? Label(NodeListResponse member, string key) =>
        member.Spec?.Labels?.TryGetValue(key, out var value) is true ? value : null;
}
