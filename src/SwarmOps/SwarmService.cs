namespace SwarmOps;

/// <summary>A service of a swarm, at one moment.</summary>
public sealed record SwarmService
{
    /// <summary>Name of the service.</summary>
    public string Name { get; init; } = "";

    /// <summary>The engine's id of the object.</summary>
    public string Id { get; init; } = "";

    /// <summary>Id of the swarm that runs it.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>Its mode: replicated or global, service or job.</summary>
    public SwarmServiceMode Mode { get; init; }

    /// <summary>Number of tasks that should run; for a job, that should complete.</summary>
    public int DesiredCount { get; init; }

    /// <summary>Number of running tasks; for a job, of completed ones.</summary>
    public int RunningCount { get; init; }

    /// <summary>The image, with its digest when it is pinned to one.</summary>
    public string Image { get; init; } = "";

    /// <summary>How its name resolves.</summary>
    public SwarmEndpointMode EndpointMode { get; init; }

    /// <summary>Published ports, as <c>80:8080/tcp (host)</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Names of its networks; the id for a network that no longer exists.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Placement constraints.</summary>
    public IReadOnlyList<string> Constraints { get; init; } = [];

    /// <summary>The service's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>State of the last update, such as <c>completed</c> or <c>rollback_completed</c>; null when there was none.</summary>
    public string? UpdateState { get; init; }

    /// <summary>The engine's message about the last update; null when there was none.</summary>
    public string? UpdateMessage { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public DateTime UpdatedAt { get; init; }

    /// <summary>Its tasks that should run, sorted by region and node.</summary>
    public IReadOnlyList<SwarmTask> Tasks { get; init; } = [];

    /// <summary>The node set that was passed to the cmdlet, for further cmdlets.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
