using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Provision;

/// <summary>The requested nodes of a cluster.</summary>
internal sealed record ProvisionRequest : ThrottledRequest
{
    /// <summary>The cluster's name, already validated.</summary>
    public required string Cluster { get; init; }

    /// <summary>The regions, without duplicates.</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>Number of nodes in each region.</summary>
    public int CountPerRegion { get; init; } = 1;

    /// <summary>The only node to process, by its name, which has its region; null for the number of nodes in each region.</summary>
    public string? OnlyNode { get; init; }

    /// <summary>EC2's instance type of new nodes.</summary>
    public required string InstanceType { get; init; }

    /// <summary>AMIs by region; by default Canonical's newest.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();

    /// <summary>Subnets by region; by default those of the default VPC.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Subnets { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Whether each node gets an Elastic IP address.</summary>
    public bool ElasticIp { get; init; } = true;

    /// <summary>Whether to enable termination protection.</summary>
    public bool TerminationProtection { get; init; }

    /// <summary>Size of a new node's root volume in GiB.</summary>
    public int VolumeSizeGiB { get; init; } = 20;

    /// <summary>The AMIs' SSH user.</summary>
    public string User { get; init; } = InstanceMapper.DefaultUser;

    /// <summary>CIDRs that are allowed to use SSH; null keeps the cluster's.</summary>
    public IReadOnlyList<string>? AllowSshFrom { get; init; }

    /// <summary>Ports that are open to the internet; null keeps the cluster's.</summary>
    public IReadOnlyList<OpenPort>? PublishPort { get; init; }

    /// <summary>The private key's file; null if the key is specified as text.</summary>
    public string? KeyFilePath { get; init; }

    /// <summary>The secrets that were specified.</summary>
    public NodeCredential? Credential { get; init; }

    /// <summary>How long a node may take until its engine runs.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>When the state of a new instance is read first: it is pending for some seconds, so an earlier call would be wasted.</summary>
    public TimeSpan FirstLook { get; init; } = TimeSpan.FromSeconds(1.5);
}
