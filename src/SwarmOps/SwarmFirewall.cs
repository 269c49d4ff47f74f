namespace SwarmOps;

/// <summary>A cluster's security group in one VPC: its inbound rules, and how they differed from the node set.</summary>
public sealed record SwarmFirewall
{
    /// <summary>The cluster.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The AWS region.</summary>
    public string Region { get; init; } = "";

    /// <summary>Id of the VPC, such as <c>vpc-0123456789abcdef0</c>.</summary>
    public string VpcId { get; init; } = "";

    /// <summary>Id of the security group, such as <c>sg-0123456789abcdef0</c>.</summary>
    public string GroupId { get; init; } = "";

    /// <summary>Name of the security group.</summary>
    public string GroupName { get; init; } = "";

    /// <summary>Drift that was found: rules that the node set requires and the group lacked.</summary>
    public IReadOnlyList<SwarmFirewallRule> MissingRules { get; init; } = [];

    /// <summary>Drift that was found: rules that the group had and the node set does not require.</summary>
    public IReadOnlyList<SwarmFirewallRule> SurplusRules { get; init; } = [];

    /// <summary>The present rules of the group.</summary>
    public IReadOnlyList<SwarmFirewallRule> Rules { get; init; } = [];

    /// <summary>Whether the rules, read back from EC2, now match the node set.</summary>
    public bool InSync { get; init; }

    /// <summary>The group's name and region.</summary>
    public override string ToString() => $"{GroupName} ({Region})";
}
