using Amazon.EC2.Model;

namespace SwarmOps.Aws.Provision;

/// <summary>What one node needs.</summary>
internal sealed record NodePlan
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The instance that is there; null when one is to be run.</summary>
    public Instance? Instance { get; init; }

    /// <summary>The subnets to try, the best one first; empty when an instance is there.</summary>
    public IReadOnlyList<Subnet> Subnets { get; init; } = [];

    /// <summary>The Elastic IP that is there for it, associated or not.</summary>
    public Address? Address { get; init; }

    /// <summary>Whether an Elastic IP is to be allocated.</summary>
    public bool AllocateAddress { get; init; }

    /// <summary>Whether the Elastic IP is to be associated.</summary>
    public bool AssociateAddress { get; init; }

    /// <summary>Elastic IPs that earlier runs allocated for this node and that it does not need: it has another.</summary>
    public IReadOnlyList<Address> Surplus { get; init; } = [];

    /// <summary>Whether a stopped instance is to be started.</summary>
    public bool Start { get; init; }

    /// <summary>Whether the instance is to get the cluster's security group, which someone took from it.</summary>
    public bool AddGroup { get; init; }

    /// <summary>Whether the instance's host key is to be read and kept.</summary>
    public bool PinHostKey { get; init; }

    /// <summary>Whether the instance is to be protected against termination.</summary>
    public bool Protect { get; init; }

    /// <summary>Whether an instance is to be run.</summary>
    public bool Launch => Instance is null;

    /// <summary>The VPC that it is, or will be, in.</summary>
    public string? VpcId => Instance?.VpcId ?? (Subnets.Count > 0 ? Subnets[0].VpcId : null);

    /// <summary>Whether nothing of it is missing.</summary>
    public bool IsThere => !Launch && !Start && !AddGroup && !PinHostKey && !Protect && !AllocateAddress && !AssociateAddress && Surplus.Count == 0;
}
