using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Firewall;

/// <summary>What the security groups of a cluster are to allow.</summary>
/// <param name="Cluster">Name of the cluster.</param>
internal sealed record FirewallRequest(string Cluster) : ThrottledRequest
{
    /// <summary>CIDRs that are allowed to use SSH; null keeps those in the groups' tags.</summary>
    public IReadOnlyList<string>? AllowSshFrom { get; init; }

    /// <summary>Ports that are open to the internet; null keeps those in the groups' tags.</summary>
    public IReadOnlyList<OpenPort>? PublishPort { get; init; }

    /// <summary>Instances to ignore, because they are about to be terminated.</summary>
    public IReadOnlySet<string> Leaving { get; init; } = new HashSet<string>();

    /// <summary>Regions whose groups are changed; null for all. Nodes are always read in all regions.</summary>
    public IReadOnlyCollection<string>? Regions { get; init; }

    /// <summary>What was just read; null to read all enabled regions.</summary>
    public ClusterSurvey? Survey { get; init; }

    /// <summary>Regions that need not be read, because the caller has read them after its last change.</summary>
    public IReadOnlyDictionary<string, RegionInventory> Known { get; init; } = new Dictionary<string, RegionInventory>();

    /// <summary>Told a region's security groups as they are after a change.</summary>
    public Action<string, IReadOnlyList<SecurityGroup>> Seen { get; init; } = (_, _) => { };

    /// <summary>Whether each change needs confirmation.</summary>
    public bool Ask { get; init; } = true;

    /// <summary>How long it may take until a changed group reads back correctly.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
