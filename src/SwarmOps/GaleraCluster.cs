namespace SwarmOps;

/// <summary>A MariaDB Galera cluster on a swarm, as its nodes report it at one moment.</summary>
public sealed record GaleraCluster
{
    /// <summary>Name of the cluster, from which the names of its services and its network alias are derived.</summary>
    public string Name { get; init; } = "";

    /// <summary>How its nodes are placed in the swarm.</summary>
    public GaleraLayout Layout { get; init; }

    /// <summary>Its overall status.</summary>
    public GaleraStatus Status { get; init; }

    /// <summary>Id of the swarm that runs it.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>The overlay network between its nodes.</summary>
    public string Overlay { get; init; } = "";

    /// <summary>The image of its nodes.</summary>
    public string Image { get; init; } = "";

    /// <summary>The one <c>wsrep_cluster_state_uuid</c> of its Primary component; null when there is none, or more than one.</summary>
    public string? Uuid { get; init; }

    /// <summary>Number of nodes that the cluster should have.</summary>
    public int ExpectedSize { get; init; }

    /// <summary>Number of nodes that are Synced in the Primary component.</summary>
    public int Size { get; init; }

    /// <summary>Its nodes, by region.</summary>
    public IReadOnlyList<GaleraNode> GaleraNodes { get; init; } = [];

    /// <summary>Problems, each with what to do; empty when there are none.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>The node set that was passed to the cmdlet, for further cmdlets.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
