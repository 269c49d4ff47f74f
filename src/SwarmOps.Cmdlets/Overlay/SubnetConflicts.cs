using Docker.DotNet.Models;
using SwarmOps.Nodes;

namespace SwarmOps.Overlay;

/// <summary>Other users of an overlay network's addresses. The engine accepts an overlap, but then never allocates the network.</summary>
internal static class SubnetConflicts
{
    /// <summary>The local bridge to which every container on an overlay network is attached too (moby).</summary>
    private const string GatewayBridge = "docker_gwbridge";

    /// <summary>Throws when the addresses overlap with another network of the swarm, a node's gateway bridge, or cover the whole address pool.</summary>
    /// <param name="plan">The network to create.</param>
    /// <param name="swarmNetworks">All networks of the swarm.</param>
    /// <param name="nodeNetworks">The networks that each node's engine lists.</param>
    /// <param name="defaultPools">The swarm's default address pools in CIDR form.</param>
    /// <exception cref="SwarmOpsException"><c>SubnetOverlaps</c>.</exception>
    public static void Refuse(
        OverlayPlan plan,
        IEnumerable<NetworkResponse> swarmNetworks,
        IEnumerable<(SwarmNode Node, IReadOnlyList<NetworkResponse> Networks)> nodeNetworks,
        IEnumerable<string> defaultPools
    )
    {
        var taken = swarmNetworks
            .SelectMany(network =>
                SubnetsOf(network)
                    .Select(subnet => (subnet, $"the {(network.Ingress ? "ingress " : "")}network '{network.Name}' of the swarm"))
            )
            .Concat(
                nodeNetworks.SelectMany(entry =>
                    entry
                        .Networks.Where(network => network.Name == GatewayBridge)
                        .SelectMany(SubnetsOf)
                        .Select(subnet => (subnet, $"{GatewayBridge} on '{entry.Node.Name}'"))
                )
            )
            .ToList();
        foreach (var (subnet, _) in plan.Subnets)
        {
            foreach (var (other, what) in taken)
            {
                if (subnet.Overlaps(other))
                    throw OverlayErrors.SubnetOverlaps(subnet, $"{other}, {what}");
            }

            foreach (var pool in defaultPools)
            {
                if (Ipv4Subnet.TryParse(pool, out var whole, out _) && subnet.Contains(whole))
                    throw OverlayErrors.SubnetOverlaps(subnet, $"the whole of the swarm's default address pool {whole}");
            }
        }
    }

    private static IEnumerable<Ipv4Subnet> SubnetsOf(NetworkResponse network)
    {
        foreach (var pool in network.IPAM?.Config ?? [])
        {
            if (Ipv4Subnet.TryParse(pool.Subnet, out var subnet, out _))
                yield return subnet;
        }
    }
}
