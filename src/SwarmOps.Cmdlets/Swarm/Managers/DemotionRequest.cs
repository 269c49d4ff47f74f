using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Managers;

/// <summary>Which managers are to become workers.</summary>
/// <param name="Nodes">The node set.</param>
internal sealed record DemotionRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>How many managers are to be left; null means that all nodes are demoted.</summary>
    public int? ManagerCount { get; init; }

    /// <summary>Managers beyond the set.</summary>
    public IReadOnlyList<SwarmNode> Managers { get; init; } = [];

    /// <summary>Whether an even number may be left, and a node that cannot be asked be demoted.</summary>
    public bool Force { get; init; }

    /// <summary>How long one demotion may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
