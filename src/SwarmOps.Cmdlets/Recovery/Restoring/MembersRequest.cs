using SwarmOps.Pipeline;

namespace SwarmOps.Recovery.Restoring;

/// <summary>Which nodes come back into a swarm that one manager made again.</summary>
/// <param name="Nodes">The nodes.</param>
/// <param name="Activity">The cmdlet.</param>
internal sealed record MembersRequest(IReadOnlyList<SwarmNode> Nodes, string Activity) : ThrottledRequest
{
    /// <summary>How many managers the swarm had.</summary>
    public int ManagerCount { get; init; }

    /// <summary>Whether the swarm must have everything that it had.</summary>
    public bool MustBeComplete { get; init; }

    /// <summary>Whether addresses are tried before nodes join.</summary>
    public bool TestReachability { get; init; } = true;

    /// <summary>How long each step may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);
}
