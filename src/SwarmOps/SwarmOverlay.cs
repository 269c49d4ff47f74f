namespace SwarmOps;

/// <summary>An overlay network of a swarm, with the nodes that it was built for.</summary>
public sealed record SwarmOverlay
{
    /// <summary>Name of the network.</summary>
    public string Name { get; init; } = "";

    /// <summary>The engine's id of the network.</summary>
    public string Id { get; init; } = "";

    /// <summary>Id of the swarm that holds it.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>Whether the data path is encrypted (IPsec ESP, protocol 50, between the nodes).</summary>
    public bool Encrypted { get; init; }

    /// <summary>Whether stand-alone containers may join it.</summary>
    public bool Attachable { get; init; }

    /// <summary>Its subnets in CIDR form.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>The MTU in bytes of the path between the nodes that it was made for; interfaces get 50 less, on an encrypted one 76. Null means the engine's default, 1500.</summary>
    public int? Mtu { get; init; }

    /// <summary>VXLAN network ids, one a subnet.</summary>
    public IReadOnlyList<int> VxlanIds { get; init; } = [];

    /// <summary>The network's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>For each node that was asked: whether it is behind NAT, and whether the rule that mends encrypted overlays is in force there.</summary>
    public IReadOnlyList<NatRepairState> NatRepairs { get; init; } = [];

    /// <summary>The node set that came down the pipeline, for the next stage.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
