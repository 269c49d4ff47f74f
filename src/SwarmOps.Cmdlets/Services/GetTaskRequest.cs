using SwarmOps.Pipeline;

namespace SwarmOps.Services;

/// <summary>Which tasks are to be read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record GetTaskRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>Names of services; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Services { get; init; } = [];

    /// <summary>Names of the nodes that run the tasks; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Places { get; init; } = [];

    /// <summary>Whether replaced tasks are included.</summary>
    public bool History { get; init; }
}
