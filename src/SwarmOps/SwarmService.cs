namespace SwarmOps;

/// <summary>A service of a swarm, at one moment.</summary>
public sealed record SwarmService
{
    /// <summary>Name of the service.</summary>
    public string Name { get; init; } = "";

    /// <summary>The engine's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Id of the swarm that runs it.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>How many tasks it has, and whether they are to end.</summary>
    public SwarmServiceMode Mode { get; init; }

    /// <summary>How many tasks are to run; of a job, how many are to complete.</summary>
    public int DesiredCount { get; init; }

    /// <summary>How many tasks run; of a job, how many have completed.</summary>
    public int RunningCount { get; init; }

    /// <summary>The image, with the digest that it is pinned to where there is one.</summary>
    public string Image { get; init; } = "";

    /// <summary>How it is found by its name.</summary>
    public SwarmEndpointMode EndpointMode { get; init; }

    /// <summary>Published ports, as <c>80:8080/tcp (host)</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Names of its networks; the id of one that is gone.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Placement constraints.</summary>
    public IReadOnlyList<string> Constraints { get; init; } = [];

    /// <summary>The service's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>State of the last update, such as <c>completed</c> or <c>rollback_completed</c>; null when there was none.</summary>
    public string? UpdateState { get; init; }

    /// <summary>What the engine says of the last update; null when there was none.</summary>
    public string? UpdateMessage { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it was last changed, in UTC.</summary>
    public DateTime UpdatedAt { get; init; }

    /// <summary>Its tasks: those that are to run, by region and node.</summary>
    public IReadOnlyList<SwarmTask> Tasks { get; init; } = [];

    /// <summary>The node set that came down the pipeline, for the next stage.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
