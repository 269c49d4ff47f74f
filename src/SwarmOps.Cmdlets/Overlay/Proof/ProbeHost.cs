namespace SwarmOps.Overlay.Proof;

/// <summary>Facts about a host besides its probe's results.</summary>
internal sealed record ProbeHost
{
    /// <summary>Name of the node.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the swarm reports it as Ready (a manager also as Reachable), and the node itself as active.</summary>
    public bool ControlIsSound { get; init; } = true;

    /// <summary>Whether its engine could attach a container to the network, for which it needs a manager.</summary>
    public bool IsAttached { get; init; } = true;

    /// <summary>By node name: whether 7946/tcp of that node answers this one; nodes that were not tested are absent.</summary>
    public IReadOnlyDictionary<string, bool> Gossip { get; init; } = new Dictionary<string, bool>();

    /// <summary>Whether its kernel has IPsec; null when unknown.</summary>
    public bool? HasIpsec { get; init; }

    /// <summary>Number of UDP packets dropped with a wrong checksum during the test; null when unknown.</summary>
    public long? ChecksumErrors { get; init; }

    /// <summary>Whether the NAT rule is needed but not active; null when unknown.</summary>
    public bool? LacksNatRule { get; init; }
}
