using Docker.DotNet.Models;
using SwarmOps.Nodes;

namespace SwarmOps.Swarm.Access;

/// <summary>Finds the member of a swarm that a node is, when its engine cannot tell.</summary>
internal static class MemberMatch
{
    /// <summary>The one member that matches the node's id, else its addresses, else its host name; null when none or several match.</summary>
    public static NodeListResponse? Find(SwarmNode node, string swarmId, IReadOnlyList<NodeListResponse> members)
    {
        if (
            node.NodeId is { Length: > 0 } id
            && (node.SwarmId is null || node.SwarmId == swarmId)
            && members.FirstOrDefault(member => member.ID == id) is { } known
        )
            return known;
        return Only(members, member => HasAddress(node, member)) ?? Only(members, member => HasHostname(node, member));
    }

    /// <summary>Whether a member may be the node, by what <see cref="Find"/> looks at.</summary>
    public static bool MayBe(SwarmNode node, NodeListResponse member) =>
        node.NodeId == member.ID || HasAddress(node, member) || HasHostname(node, member);

    private static bool HasAddress(SwarmNode node, NodeListResponse member)
    {
        if (string.IsNullOrEmpty(node.AdvertiseAddress))
            return false;
        return member.ManagerStatus?.Addr is { Length: > 0 } manager
            ? NodeAddress.WithoutPort(manager) == node.AdvertiseAddress
            : member.Status?.Addr == node.AdvertiseAddress;
    }

    private static bool HasHostname(SwarmNode node, NodeListResponse member) =>
        string.Equals(member.Description?.Hostname, node.Hostname ?? node.Name, StringComparison.OrdinalIgnoreCase);

    private static NodeListResponse? Only(IReadOnlyList<NodeListResponse> members, Func<NodeListResponse, bool> fits)
    {
        var fitting = members.Where(fits).Take(2).ToList();
        return fitting.Count == 1 ? fitting[0] : null;
    }
}
