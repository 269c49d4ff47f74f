namespace SwarmOps;

/// <summary>A stack of a swarm, at one moment: services that were deployed together, and what they share.</summary>
public sealed record SwarmStack
{
    /// <summary>Name of the stack.</summary>
    public string Name { get; init; } = "";

    /// <summary>Id of the swarm that runs it.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>Number of tasks of all services that should run; for jobs, that should complete.</summary>
    public int DesiredCount { get; init; }

    /// <summary>Number of running tasks of all services; for jobs, of completed ones.</summary>
    public int RunningCount { get; init; }

    /// <summary>Its services, sorted by name.</summary>
    public IReadOnlyList<SwarmService> Services { get; init; } = [];

    /// <summary>Names of its own networks.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Names of its own volumes, which exist on the nodes that run or ran a task with them.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Names of its own secrets in the engine.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Names of its own configs in the engine.</summary>
    public IReadOnlyList<string> Configs { get; init; } = [];

    /// <summary>The node set that was passed to the cmdlet, for further cmdlets.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; init; } = [];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
