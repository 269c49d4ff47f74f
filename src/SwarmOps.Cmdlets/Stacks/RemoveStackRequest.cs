using SwarmOps.Services;

namespace SwarmOps.Stacks;

/// <summary>Which stacks are to be removed.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Names">Their names.</param>
internal sealed record RemoveStackRequest(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<string> Names)
{
    /// <summary>How long each wait may take.</summary>
    public ServiceOptions Options { get; init; } = new();
}
