using Amazon.EC2.Model;

namespace SwarmOps.Aws.Provision;

/// <summary>A cluster's resources in a region, found by tags and names.</summary>
internal sealed record RegionState
{
    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>When reading began, as a timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long ReadAt { get; init; }

    /// <summary>Whether it is empty only by EC2's list of tags, which lags behind: creating the key pair and the security group shows whether it really is.</summary>
    public bool IsTakenForEmpty { get; init; }

    /// <summary>The cluster's instances in the states pending, running, stopping or stopped.</summary>
    public IReadOnlyList<Instance> Instances { get; init; } = [];

    /// <summary>Ids of those with termination protection; read only if requested.</summary>
    public IReadOnlySet<string> Protected { get; init; } = new HashSet<string>();

    /// <summary>The cluster's Elastic IP addresses.</summary>
    public IReadOnlyList<Address> Addresses { get; init; } = [];

    /// <summary>The cluster's security groups.</summary>
    public IReadOnlyList<SecurityGroup> Groups { get; init; } = [];

    /// <summary>The cluster's key pair.</summary>
    public KeyPairInfo? KeyPair { get; init; }

    /// <summary>Subnets and AMI for new nodes; null if none is to be created.</summary>
    public LaunchGround? Ground { get; init; }
}
