namespace SwarmOps.Overlay;

/// <summary>An overlay network as it was asked for; what is null or empty was left to the engine.</summary>
internal sealed record OverlayRequest
{
    /// <summary>Name of the network.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the data path is to be encrypted.</summary>
    public bool Encrypted { get; init; } = true;

    /// <summary>Whether stand-alone containers may join.</summary>
    public bool Attachable { get; init; } = true;

    /// <summary>Whether it is cut off from the outside.</summary>
    public bool Internal { get; init; }

    /// <summary>Subnets in CIDR form; empty lets the swarm take one from its address pool.</summary>
    public IReadOnlyList<string> Subnet { get; init; } = [];

    /// <summary>Gateways, at most one a subnet.</summary>
    public IReadOnlyList<string> Gateway { get; init; } = [];

    /// <summary>MTU in bytes of the path between the nodes.</summary>
    public int? Mtu { get; init; }

    /// <summary>Labels that the network must carry.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
