namespace SwarmOps;

/// <summary>A MariaDB Galera cluster on a swarm, as its own nodes describe it at one moment.</summary>
public sealed record GaleraCluster
{
    /// <summary>Name of the cluster; services and the network alias are called after it.</summary>
    public string Name { get; init; } = "";

    /// <summary>How it is spread over the swarm.</summary>
    public GaleraLayout Layout { get; init; }

    /// <summary>What it is, taken together.</summary>
    public GaleraStatus Status { get; init; }

    /// <summary>Id of the swarm that runs it.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>The overlay network between its nodes.</summary>
    public string Overlay { get; init; } = "";

    /// <summary>The image of its nodes.</summary>
    public string Image { get; init; } = "";

    /// <summary>The one <c>wsrep_cluster_state_uuid</c> of its Primary component; null when there is no such component, or more than one.</summary>
    public string? Uuid { get; init; }

    /// <summary>How many nodes it should have.</summary>
    public int ExpectedSize { get; init; }

    /// <summary>How many nodes are Synced in the Primary component.</summary>
    public int Size { get; init; }

    /// <summary>Its nodes, by region.</summary>
    public IReadOnlyList<GaleraNode> GaleraNodes { get; init; } = [];

    /// <summary>What is wrong, in words, each with what to do; empty when nothing is.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>The node set that came down the pipeline, for the next stage.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
