namespace SwarmOps;

/// <summary>The state of the NAT rule on one node, which encrypted overlay networks need behind 1:1 NAT (moby/moby issue 37115).</summary>
public sealed record NatRepairState
{
    /// <summary>Name of the node.</summary>
    public string Node { get; init; } = "";

    /// <summary>Whether the node advertises an address that is not its own; null when the node could not be asked.</summary>
    public bool? BehindNat { get; init; }

    /// <summary>Whether the rule is needed: the node or one of its peers is behind NAT, since the checksum covers both addresses; null when the node could not be asked.</summary>
    public bool? RuleNeeded { get; init; }

    /// <summary>Whether the rule is active in the running kernel; null when the node could not be asked.</summary>
    public bool? RuleActive { get; init; }

    /// <summary>Whether the rule is restored at boot; null when the node could not be asked.</summary>
    public bool? RulePersistent { get; init; }

    /// <summary>The node and the state of the rule, as text.</summary>
    public override string ToString() =>
        RuleNeeded switch
        {
            null => $"{Node}: unknown",
            false => $"{Node}: no NAT",
            true when RuleActive is true && RulePersistent is true => $"{Node}: NAT rule active",
            true when RuleActive is true => $"{Node}: NAT rule until reboot",
            true => $"{Node}: no NAT rule",
        };
}
