using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Managers;

/// <summary>How many managers a swarm is to have, and of which nodes.</summary>
/// <param name="Nodes">The node set.</param>
internal sealed record PromotionRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>How many managers the swarm is to have; null means three, or one where the set is smaller.</summary>
    public int? ManagerCount { get; init; }

    /// <summary>Whether the number may be even.</summary>
    public bool AllowEven { get; init; }

    /// <summary>Whether a candidate's address is tried from the leader's host before anything is changed.</summary>
    public bool TestReachability { get; init; } = true;

    /// <summary>How long one promotion may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
