namespace SwarmOps;

/// <summary>An overlay network of a swarm, with its node set.</summary>
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

    /// <summary>Whether standalone containers may attach to it.</summary>
    public bool Attachable { get; init; }

    /// <summary>Its subnets in CIDR form.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>MTU of the path between the nodes that the network was created for, in bytes; interfaces get 50 less, on an encrypted network 76 less. Null means the engine's default, 1500.</summary>
    public int? Mtu { get; init; }

    /// <summary>VXLAN network ids, one per subnet.</summary>
    public IReadOnlyList<int> VxlanIds { get; init; } = [];

    /// <summary>The network's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>For each node that was asked: whether it is behind NAT, and whether the NAT rule is active.</summary>
    public IReadOnlyList<NatRepairState> NatRepairs { get; init; } = [];

    /// <summary>The node set that was passed to the cmdlet, for further cmdlets.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
