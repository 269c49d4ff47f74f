using SwarmOps.Pipeline;

namespace SwarmOps.Recovery.Naming;

/// <summary>On which overlay network names are repaired.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Overlay">Name of the network.</param>
internal sealed record RepairNamesRequest(IReadOnlyList<SwarmNode> Nodes, string Overlay) : ThrottledRequest
{
    /// <summary>How long a name may be missing before it counts as gone.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long each service may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);
}
