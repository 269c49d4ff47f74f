namespace SwarmOps.Nodes.Preflight;

/// <summary>Checks whether overlay networks would get subnets to which a host already has routes.</summary>
internal static class AddressPoolCheck
{
    public const string Name = "AddressPool";

    /// <summary>The engine's default (docker swarm init, <c>--default-addr-pool</c>).</summary>
    public const string DefaultPool = "10.0.0.0/8";

    /// <summary>The engine allocates subnets from the start of the pool; routes this many subnets away do not conflict.</summary>
    private const uint Near = 256;

    /// <summary>The findings about the pool on each host.</summary>
    public static IEnumerable<NodeFinding> Judge(IReadOnlyList<NodeFacts> all, IReadOnlyList<string>? asked, int subnetSize)
    {
        var cluster = all.Select(facts => facts.Info?.Swarm?.Cluster).FirstOrDefault(cluster => cluster?.DefaultAddrPool is { Count: > 0 });
        var pools = (asked ?? cluster?.DefaultAddrPool?.ToList() ?? [DefaultPool])
            .Select(Ipv4Subnet.TryParse)
            .OfType<Ipv4Subnet>()
            .ToList();
        var size = asked is null && cluster is { SubnetSize: > 0 } ? (int)cluster.SubnetSize : subnetSize;
        return all.Select(facts => Judge(facts, pools, size));
    }

    private static NodeFinding Judge(NodeFacts facts, List<Ipv4Subnet> pools, int size)
    {
        var pool = string.Join(", ", pools);
        if (facts.Host is null)
            return facts.Finding(Name, FindingResult.NotTested, facts.HostError?.Message ?? "the host's routes could not be read");
        var inTheWay = facts.Host.Routes.Where(route => !route.IsEngines && pools.Any(subnets => route.Subnet.Overlaps(subnets))).ToList();
        if (inTheWay.Count == 0)
            return facts.Finding(Name, FindingResult.Pass, $"the host has no route into {pool}");
        var described = string.Join(", ", inTheWay.Select(route => $"{route.Subnet} ({route.Interface})").Distinct());
        if (!inTheWay.Any(route => pools.Any(subnets => IsNear(route.Subnet, subnets, size))))
            return facts.Finding(
                Name,
                FindingResult.Pass,
                $"{described} is in {pool}, but more than {Near} subnets after the first one that the engine allocates"
            );
        return facts.Finding(
            Name,
            FindingResult.Fail,
            $"overlay networks get their subnets from {pool}, and the host has a route to {described}: containers could not reach those networks, including DNS servers there",
            "Use an address pool to which no host has a route: Initialize-Swarm -AddressPool 10.201.0.0/16 (and Test-SwarmNode -AddressPool 10.201.0.0/16)."
        );
    }

    private static bool IsNear(Ipv4Subnet route, Ipv4Subnet pool, int size)
    {
        if (!route.Overlaps(pool))
            return false;
        var distance = route.Network <= pool.Network ? 0 : route.Network - pool.Network;
        return distance >> (32 - Math.Clamp(size, 1, 31)) < Near;
    }
}
