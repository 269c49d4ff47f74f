using SwarmOps.Pipeline;

namespace SwarmOps.Overlay;

/// <summary>Which overlay networks are to be read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record GetOverlayRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>The names to look for; empty for all.</summary>
    public IReadOnlyList<NameFilter> Names { get; init; } = [];

    /// <summary>Whether to include the ingress network.</summary>
    public bool IncludeIngress { get; init; }

    /// <summary>Whether to skip the hosts.</summary>
    public bool SkipNatRepair { get; init; }

    /// <summary>Time limit for one host.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
