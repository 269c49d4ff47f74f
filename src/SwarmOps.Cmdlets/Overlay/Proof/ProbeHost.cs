namespace SwarmOps.Overlay.Proof;

/// <summary>What is known of a host beside what its probe sees.</summary>
internal sealed record ProbeHost
{
    /// <summary>Name of the node.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the swarm has it Ready, a manager Reachable, and it says the same of itself.</summary>
    public bool ControlIsSound { get; init; } = true;

    /// <summary>Whether its engine put a container on the network: for that it asks a manager.</summary>
    public bool IsAttached { get; init; } = true;

    /// <summary>For other nodes, by name: whether their 7946/tcp answers this one; of those that were not tried nothing.</summary>
    public IReadOnlyDictionary<string, bool> Gossip { get; init; } = new Dictionary<string, bool>();

    /// <summary>Whether its kernel has IPsec; null when it could not be looked at.</summary>
    public bool? HasIpsec { get; init; }

    /// <summary>How many UDP packets were dropped for their checksum during the test; null when it could not be looked at.</summary>
    public long? ChecksumErrors { get; init; }

    /// <summary>Whether the rule against what NAT does to checksums is needed and not in force; null when it could not be looked at.</summary>
    public bool? LacksNatRule { get; init; }
}
