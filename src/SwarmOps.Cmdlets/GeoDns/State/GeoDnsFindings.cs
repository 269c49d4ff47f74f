using SwarmOps.GeoDns.Definition;

namespace SwarmOps.GeoDns.State;

/// <summary>Says what is wrong with a zone.</summary>
internal static class GeoDnsFindings
{
    /// <summary>The zone with its status and findings.</summary>
    public static SwarmGeoDns Judge(
        SwarmGeoDns zone,
        GeoDnsDefinition definition,
        IReadOnlyDictionary<string, (ServerHealth? Health, string? Error)> views,
        Delegation? delegation
    )
    {
        List<string> wrong =
        [
            .. zone.Servers.SelectMany(server => Of(zone, server)),
            .. Regions(zone, definition, views),
            .. delegation?.Findings(definition) ?? [],
        ];
        List<string> further = [.. Notes(zone, definition), .. Unknown(delegation)];
        var answering = zone.Servers.Count(server => server.Serial is not null);
        return zone with
        {
            Status =
                answering == 0 ? GeoDnsStatus.Down
                : wrong.Count > 0 ? GeoDnsStatus.Degraded
                : GeoDnsStatus.Healthy,
            Findings = [.. wrong, .. further],
        };
    }

    /// <summary>How clients are located, in words.</summary>
    public static string Locating(GeoDnsDefinition definition)
    {
        var database = definition.Database is { } use ? (use.HasPlaces ? "cities" : "countries") + $" ({use.Type})" : null;
        var networks = definition.Networks.Count > 0 ? "networks" : null;
        return string.Join(", then ", new[] { networks, database, "default order" }.OfType<string>());
    }

    /// <summary>The regions of addresses; an address of none is shown as it is.</summary>
    public static IReadOnlyList<string> RegionsOf(GeoDnsDefinition definition, IEnumerable<string> addresses) =>
        [.. addresses.Select(address => definition.RegionOf(address) ?? address).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The region that a server should send a client to: the first in its order with a node that the server answers with; null when no region has one.</summary>
    public static string? Expected(GeoDnsDefinition definition, IReadOnlyList<string> order, ServerHealth health) =>
        order.FirstOrDefault(name =>
            definition.Regions.First(region => region.Name == name) is var region && region.Nodes.Any(node => health.Answers(region, node))
        );

    private static IEnumerable<string> Of(SwarmGeoDns zone, SwarmGeoDnsServer server)
    {
        if (server.Serial is null)
            yield return $"{server.Name} on '{server.Node}' does not answer at {server.Address}: {server.Error}. Check its service (Get-SwarmService -Name {server.Service}) and 53/udp and 53/tcp in the node's firewall.";
        else if (server.Serial != zone.Serial)
            yield return $"{server.Name} on '{server.Node}' has the serial {server.Serial}, not {zone.Serial}. Run New-SwarmGeoDns -Zone {zone.Zone} again.";
        if (server.Serial is not null && !(server.Udp && server.Tcp))
            yield return $"{server.Name} on '{server.Node}' does not answer over {(server.Udp ? "TCP: resolvers need it for answers that do not fit into a packet" : "UDP: resolvers ask over UDP first")}. Open 53/{(server.Udp ? "tcp" : "udp")} on that node.";
        if (server is { Serial: not null, IsHealthKnown: false })
            yield return $"How {server.Name} on '{server.Node}' sees the nodes' health is unknown: {server.Error}. Include the node in the node set, and check its service with Get-SwarmService -Name {server.Service}.";
    }

    private static IEnumerable<string> Regions(
        SwarmGeoDns zone,
        GeoDnsDefinition definition,
        IReadOnlyDictionary<string, (ServerHealth? Health, string? Error)> views
    )
    {
        foreach (var region in zone.Regions.Where(region => !region.IsOut))
        {
            var nodes = region.EdgeNodes.Where(node => !node.IsOut).ToList();
            if (nodes.Count > 0 && nodes.All(node => node is { HealthyFrom.Count: 0, UnhealthyFrom.Count: > 0 }))
                yield return $"No node of the region '{region.Name}' is healthy ({string.Join(", ", nodes.Select(node => $"{node.Node} seen from {string.Join(", ", node.UnhealthyFrom)}"))}); its clients are sent elsewhere. Check the service with Get-SwarmService -Name {zone.Service}-{region.Name}.";
            foreach (var node in nodes.Where(node => node is { HealthyFrom.Count: > 0, UnhealthyFrom.Count: > 0 }))
                yield return $"'{node.Node}' is healthy as seen from {string.Join(", ", node.HealthyFrom)}, and unhealthy from {string.Join(", ", node.UnhealthyFrom)}. Check the network between these nodes with Test-SwarmNode.";
        }

        foreach (var server in definition.Servers)
        {
            if (views[server.NodeId].Health is not { } health)
                continue;
            if (definition.Regions.All(region => region.Nodes.All(node => !health.Answers(region, node))))
                yield return $"{definition.HostName(server)} on '{server.Node}' sees no healthy region that is not out, and answers with all of them. Check the service '{zone.Service}' in every region, or bring a region back with Set-SwarmEdge -In.";
        }
    }

    private static IEnumerable<string> Notes(SwarmGeoDns zone, GeoDnsDefinition definition)
    {
        foreach (var region in definition.RegionsUpdating.Except(definition.RegionsOut))
            yield return $"The region '{region}' is out of DNS for an update of its service. If no update is running, one was interrupted or has failed: run it again, or bring the region back with Set-SwarmEdge -Name {zone.Service} -Region {region} -In.";
        foreach (var region in zone.Regions.Where(region => definition.RegionsOut.Contains(region.Name)))
            yield return $"The region '{region.Name}' is out of DNS. Bring it back with Set-SwarmEdge -Name {zone.Service} -Region {region.Name} -In.";
        foreach (var node in zone.Regions.Where(region => !region.IsOut).SelectMany(region => region.EdgeNodes).Where(node => node.IsOut))
            yield return $"'{node.Node}' is out of DNS. Bring it back with Set-SwarmEdge -Name {zone.Service} -NodeName {node.Node} -In.";
    }

    private static IEnumerable<string> Unknown(Delegation? delegation)
    {
        if (delegation is { NameServers: null })
            yield return $"Whether the parent zone delegates to these name servers is unknown: {delegation.Error}. Specify a resolver with -Resolver.";
    }
}
