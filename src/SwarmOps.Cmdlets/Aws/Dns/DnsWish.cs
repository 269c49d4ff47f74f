using SwarmOps.Aws.Dns.Api;

namespace SwarmOps.Aws.Dns;

/// <summary>What a name is to answer.</summary>
/// <param name="Zone">The hosted zone.</param>
/// <param name="Name">The full name.</param>
/// <param name="Service">The edge service.</param>
/// <param name="SwarmId">The swarm.</param>
internal sealed record DnsWish(HostedZone Zone, string Name, string Service, string SwarmId)
{
    /// <summary>Time to live of the answers, in seconds.</summary>
    public int TtlSeconds { get; init; }

    /// <summary>How each node is checked.</summary>
    public HealthCheckSettings Health { get; init; } = new();

    /// <summary>The regions, each with at least one node.</summary>
    public IReadOnlyList<DnsRegion> Regions { get; init; } = [];

    /// <summary>The tags of a node's health check.</summary>
    public IReadOnlyDictionary<string, string> TagsOf(DnsNode node) =>
        new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["Name"] = $"{Name} {node.Name}",
            [DnsTags.Record] = Name,
            [DnsTags.Service] = Service,
            [DnsTags.Node] = node.Name,
            [DnsTags.Swarm] = SwarmId,
        };
}

/// <summary>An AWS region and the nodes that clients near it are sent to.</summary>
internal sealed record DnsRegion(string Name, IReadOnlyList<DnsNode> Nodes);

/// <summary>A node and its public address.</summary>
internal sealed record DnsNode(string Name, string Address)
{
    /// <summary>Name and address.</summary>
    public override string ToString() => $"'{Name}' ({Address})";
}

/// <summary>The tags of health checks.</summary>
internal static class DnsTags
{
    public const string Record = "swarmops:record";
    public const string Service = "swarmops:service";
    public const string Node = "swarmops:node";
    public const string Swarm = "swarmops:swarm";
}
