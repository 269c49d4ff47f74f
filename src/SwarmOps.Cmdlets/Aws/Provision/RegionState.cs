using Amazon.EC2.Model;

namespace SwarmOps.Aws.Provision;

/// <summary>What a region has of a cluster, found by tags and names.</summary>
internal sealed record RegionState
{
    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The cluster's instances that live: pending, running, stopping or stopped.</summary>
    public IReadOnlyList<Instance> Instances { get; init; } = [];

    /// <summary>Ids of those that are protected against termination; looked at only when that is asked for.</summary>
    public IReadOnlySet<string> Protected { get; init; } = new HashSet<string>();

    /// <summary>The cluster's Elastic IPs.</summary>
    public IReadOnlyList<Address> Addresses { get; init; } = [];

    /// <summary>The cluster's security groups.</summary>
    public IReadOnlyList<SecurityGroup> Groups { get; init; } = [];

    /// <summary>The cluster's key pair.</summary>
    public KeyPairInfo? KeyPair { get; init; }

    /// <summary>Where new nodes go, and what they run; null while none is to be made.</summary>
    public LaunchGround? Ground { get; init; }
}
