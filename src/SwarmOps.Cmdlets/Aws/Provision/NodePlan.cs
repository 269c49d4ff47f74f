using Amazon.EC2.Model;

namespace SwarmOps.Aws.Provision;

/// <summary>The planned changes for one node.</summary>
internal sealed record NodePlan
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The existing instance; null if one is to be launched.</summary>
    public Instance? Instance { get; init; }

    /// <summary>The subnets to try, in order of preference; empty if the instance exists.</summary>
    public IReadOnlyList<Subnet> Subnets { get; init; } = [];

    /// <summary>Its existing Elastic IP address, associated or not.</summary>
    public Address? Address { get; init; }

    /// <summary>Whether to allocate an Elastic IP address.</summary>
    public bool AllocateAddress { get; init; }

    /// <summary>Whether to associate the Elastic IP address.</summary>
    public bool AssociateAddress { get; init; }

    /// <summary>Surplus Elastic IP addresses that earlier runs allocated for this node.</summary>
    public IReadOnlyList<Address> Surplus { get; init; } = [];

    /// <summary>Whether to start a stopped instance.</summary>
    public bool Start { get; init; }

    /// <summary>Whether to add the cluster's security group, which the instance lacks.</summary>
    public bool AddGroup { get; init; }

    /// <summary>Whether to read and store the instance's SSH host key.</summary>
    public bool PinHostKey { get; init; }

    /// <summary>Whether to enable termination protection.</summary>
    public bool Protect { get; init; }

    /// <summary>Whether to launch an instance.</summary>
    public bool Launch => Instance is null;

    /// <summary>The VPC of the instance.</summary>
    public string? VpcId => Instance?.VpcId ?? (Subnets.Count > 0 ? Subnets[0].VpcId : null);

    /// <summary>Whether nothing has to be changed.</summary>
    public bool IsThere =>
        !Launch && !Start && !AddGroup && !PinHostKey && !Protect && !AllocateAddress && !AssociateAddress && Surplus.Count == 0;
}
