namespace SwarmOps.Overlay;

/// <summary>A requested overlay network; null or empty values are left to the engine.</summary>
internal sealed record OverlayRequest
{
    /// <summary>Name of the network.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the data path should be encrypted.</summary>
    public bool Encrypted { get; init; } = true;

    /// <summary>Whether standalone containers may attach.</summary>
    public bool Attachable { get; init; } = true;

    /// <summary>Whether it has no external connectivity.</summary>
    public bool Internal { get; init; }

    /// <summary>Subnets in CIDR form; when empty, the swarm allocates one from its address pool.</summary>
    public IReadOnlyList<string> Subnet { get; init; } = [];

    /// <summary>Gateways, at most one per subnet.</summary>
    public IReadOnlyList<string> Gateway { get; init; } = [];

    /// <summary>MTU in bytes of the path between the nodes.</summary>
    public int? Mtu { get; init; }

    /// <summary>Labels that the network must have.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
