using SwarmOps.Pipeline;

namespace SwarmOps.Services.Tasks;

/// <summary>Which running tasks are meant.</summary>
internal sealed record TaskSelection
{
    /// <summary>Names of services; empty when tasks are named.</summary>
    public IReadOnlyList<NameFilter> Services { get; init; } = [];

    /// <summary>Names or ids of tasks; empty when services are named.</summary>
    public IReadOnlyList<NameFilter> Tasks { get; init; } = [];

    /// <summary>Names of the nodes that run the tasks; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Places { get; init; } = [];

    /// <summary>Whether the first running task of each service is enough.</summary>
    public bool Any { get; init; }
}
