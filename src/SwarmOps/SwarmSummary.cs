namespace SwarmOps;

/// <summary>A swarm as a whole, as its managers see it.</summary>
public sealed record SwarmSummary
{
    /// <summary>The swarm's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>When it was made, UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>All its nodes.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>Name of the leader; null when there is none.</summary>
    public string? Leader { get; init; }

    /// <summary>How many managers there are.</summary>
    public int ManagerCount { get; init; }

    /// <summary>How many of them are reachable.</summary>
    public int ReachableManagerCount { get; init; }

    /// <summary>How many managers must be reachable: more than half.</summary>
    public int Quorum { get; init; }

    /// <summary>How many of the managers that are reachable now may still fail before the swarm stops.</summary>
    public int ToleratedFailures { get; init; }

    /// <summary>How many nodes are workers.</summary>
    public int WorkerCount { get; init; }

    /// <summary>How many nodes are Ready.</summary>
    public int ReadyCount { get; init; }

    /// <summary>The regions of the nodes, sorted.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The engine versions of the nodes, sorted.</summary>
    public IReadOnlyList<string> EngineVersions { get; init; } = [];

    /// <summary>When the swarm's root certificate ends, UTC; null when it could not be read.</summary>
    public DateTime? RootCertificateExpiry { get; init; }

    /// <summary>How long a node's certificate is valid.</summary>
    public TimeSpan? NodeCertificateValidity { get; init; }

    /// <summary>Whether managers need an unlock key after a restart.</summary>
    public bool AutoLock { get; init; }

    /// <summary>The subnets from which overlay networks are given theirs, CIDR.</summary>
    public IReadOnlyList<string> AddressPools { get; init; } = [];

    /// <summary>What asks for attention, in words; empty when nothing does.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
