namespace SwarmOps;

/// <summary>Summary of a swarm, as its managers report it.</summary>
public sealed record SwarmSummary
{
    /// <summary>The swarm's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>When it was created, UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>All its nodes.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>Name of the leader; null when there is none.</summary>
    public string? Leader { get; init; }

    /// <summary>Number of managers.</summary>
    public int ManagerCount { get; init; }

    /// <summary>Number of reachable managers.</summary>
    public int ReachableManagerCount { get; init; }

    /// <summary>Number of managers that must be reachable: more than half.</summary>
    public int Quorum { get; init; }

    /// <summary>How many of the reachable managers may fail before the swarm loses its quorum.</summary>
    public int ToleratedFailures { get; init; }

    /// <summary>Number of workers.</summary>
    public int WorkerCount { get; init; }

    /// <summary>Number of nodes that are Ready.</summary>
    public int ReadyCount { get; init; }

    /// <summary>The regions of the nodes, sorted.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The engine versions of the nodes, sorted.</summary>
    public IReadOnlyList<string> EngineVersions { get; init; } = [];

    /// <summary>When the swarm's root CA certificate expires, UTC; null when it could not be read.</summary>
    public DateTime? RootCertificateExpiry { get; init; }

    /// <summary>Validity period of node certificates.</summary>
    public TimeSpan? NodeCertificateValidity { get; init; }

    /// <summary>Whether managers need an unlock key after a restart.</summary>
    public bool AutoLock { get; init; }

    /// <summary>The default address pools of overlay networks, in CIDR form.</summary>
    public IReadOnlyList<string> AddressPools { get; init; } = [];

    /// <summary>Problems that need attention; empty when there are none.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The same problems with severity, subject and action apart.</summary>
    internal IReadOnlyList<SwarmFinding> Findings { get; init; } = [];

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
