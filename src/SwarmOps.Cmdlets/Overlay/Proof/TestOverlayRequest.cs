using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Overlay.Proof;

/// <summary>Which overlay network is to be tested, and between which nodes.</summary>
/// <param name="Nodes">The nodes to test between.</param>
/// <param name="Name">Name of the network.</param>
internal sealed record TestOverlayRequest(IReadOnlyList<SwarmNode> Nodes, string Name) : ThrottledRequest
{
    /// <summary>An image with perl for the probes; null uses the hosts' perl.</summary>
    public string? Image { get; init; }

    /// <summary>The swarm, when it has been found already; null finds it.</summary>
    public SwarmSession? Swarm { get; init; }
}
