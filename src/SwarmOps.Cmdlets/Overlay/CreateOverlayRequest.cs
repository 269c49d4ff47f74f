using SwarmOps.Pipeline;

namespace SwarmOps.Overlay;

/// <summary>Which overlay network a swarm is to have.</summary>
/// <param name="Nodes">The nodes of the swarm.</param>
/// <param name="Overlay">The network.</param>
internal sealed record CreateOverlayRequest(IReadOnlyList<SwarmNode> Nodes, OverlayRequest Overlay) : ThrottledRequest
{
    /// <summary>Whether the NAT rule is skipped.</summary>
    public bool SkipNatRepair { get; init; }

    /// <summary>Whether the network is tested with packets before it is written.</summary>
    public bool Verify { get; init; }

    /// <summary>Time limit of each wait.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);
}
