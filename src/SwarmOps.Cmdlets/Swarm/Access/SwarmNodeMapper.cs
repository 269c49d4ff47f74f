using Docker.DotNet.Models;
using SwarmOps.Nodes;

namespace SwarmOps.Swarm.Access;

/// <summary>Maps the engine's data about a node to a <see cref="SwarmNode"/>.</summary>
internal static class SwarmNodeMapper
{
    /// <summary>The label that carries <see cref="SwarmNode.Region"/>.</summary>
    public const string RegionLabel = "region";

    /// <summary>The label that carries <see cref="SwarmNode.Zone"/>.</summary>
    public const string ZoneLabel = "zone";

    /// <summary>A node of the node set in its present state: a member of the swarm, or none.</summary>
    public static SwarmNode Describe(NodeObservation observation, SwarmView view)
    {
        var node = observation.Node with { Hostname = observation.Info.Name, EngineVersion = observation.Info.ServerVersion };
        return view.Find(observation.NodeId) is { } member
            ? Describe(node, member, view.SwarmId)
            : ForgetMembership(node) with
            {
                SwarmId = view.SwarmId,
            };
    }

    /// <summary>A member that is not in the node set: the swarm's data, without connection settings.</summary>
    public static SwarmNode Describe(NodeListResponse member, string swarmId) =>
        Describe(
            new SwarmNode
            {
                Name = member.Description?.Hostname ?? member.ID,
                Region = member.Spec?.Labels?.TryGetValue(RegionLabel, out var region) is true ? region : null,
                Zone = member.Spec?.Labels?.TryGetValue(ZoneLabel, out var zone) is true ? zone : null,
            },
            member,
            swarmId
        );

    /// <summary>A node with the swarm's data about it.</summary>
    public static SwarmNode Describe(SwarmNode node, NodeListResponse member, string swarmId) =>
        node with
        {
            SwarmId = swarmId,
            NodeId = member.ID,
            Hostname = member.Description?.Hostname ?? node.Hostname,
            EngineVersion = member.Description?.Engine?.EngineVersion ?? node.EngineVersion,
            Role = Parse<SwarmNodeRole>(member.Spec?.Role),
            Availability = Parse<SwarmNodeAvailability>(member.Spec?.Availability),
            State = Parse<SwarmNodeState>(member.Status?.State),
            Reachability = member.ManagerStatus is { } manager ? Parse<SwarmManagerReachability>(manager.Reachability) : null,
            IsLeader = member.ManagerStatus?.Leader is true,
            ManagerAddress = member.ManagerStatus?.Addr,
            Labels = new SortedDictionary<string, string>(member.Spec?.Labels ?? new Dictionary<string, string>(), StringComparer.Ordinal),
        };

    /// <summary>A node that is in no swarm.</summary>
    public static SwarmNode ForgetMembership(SwarmNode node) =>
        node with
        {
            SwarmId = null,
            NodeId = null,
            Role = null,
            Availability = null,
            State = null,
            Reachability = null,
            IsLeader = false,
            ManagerAddress = null,
            Labels = new Dictionary<string, string>(),
        };

    private static T? Parse<T>(string? text)
        where T : struct, Enum => Enum.TryParse<T>(text, ignoreCase: true, out var value) ? value : null;
}
