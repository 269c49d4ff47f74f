using SwarmOps.Pipeline;

namespace SwarmOps.Overlay;

/// <summary>Which overlay networks are to be removed.</summary>
/// <param name="Nodes">The nodes of the swarm.</param>
/// <param name="Targets">The networks.</param>
internal sealed record RemoveOverlayRequest(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<OverlayTarget> Targets) : ThrottledRequest
{
    /// <summary>Whether the NAT rule is kept.</summary>
    public bool SkipNatRepair { get; init; }

    /// <summary>Time limit of each wait.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
