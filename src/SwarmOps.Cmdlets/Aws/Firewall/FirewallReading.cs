using Amazon.EC2.Model;

namespace SwarmOps.Aws.Firewall;

/// <summary>How the firewall of a cluster differs from its nodes.</summary>
/// <param name="Cluster">Name of the cluster.</param>
/// <param name="Groups">Its security groups.</param>
internal sealed record FirewallReading(string Cluster, IReadOnlyList<GroupReading> Groups)
{
    /// <summary>All its nodes with a public address.</summary>
    public IReadOnlyList<FirewallPeer> Peers { get; init; } = [];

    /// <summary>Nodes that are in none of its groups.</summary>
    public IReadOnlyList<SwarmNode> Outside { get; init; } = [];

    /// <summary>Groups of others that its nodes are in, too.</summary>
    public IReadOnlyList<GroupReading> Others { get; init; } = [];

    /// <summary>Regions of which it is not known what the cluster has there: the rules of nodes there look surplus.</summary>
    public IReadOnlyList<string> UnknownRegions { get; init; } = [];
}

/// <summary>A security group as it was read.</summary>
/// <param name="Region">Its region.</param>
/// <param name="Group">The group.</param>
/// <param name="Drift">How it differs; of a group of others, all its rules are surplus.</param>
internal sealed record GroupReading(string Region, SecurityGroup Group, FirewallDrift Drift)
{
    /// <summary>Text in its tags that is neither a network nor a port: then its wanted rules are not known.</summary>
    public string? UnreadableTag { get; init; }
}
