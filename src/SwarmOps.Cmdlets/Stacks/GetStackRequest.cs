using SwarmOps.Pipeline;

namespace SwarmOps.Stacks;

/// <summary>Which stacks are to be read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record GetStackRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>Their names; none for all.</summary>
    public IReadOnlyList<NameFilter> Names { get; init; } = [];
}
