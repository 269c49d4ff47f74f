using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Formation;

/// <summary>Which nodes are to have a swarm, and its settings.</summary>
/// <param name="Nodes">The node set.</param>
/// <param name="Options">The settings of the swarm.</param>
internal sealed record InitializeRequest(IReadOnlyList<SwarmNode> Nodes, SwarmOptions Options) : ThrottledRequest
{
    /// <summary>Name of the node on which to start; null means the first.</summary>
    public string? On { get; init; }

    /// <summary>Whether the other nodes must be seen to reach the address before anything is changed.</summary>
    public bool TestReachability { get; init; } = true;

    /// <summary>How long the swarm may take to have a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the first node may give up the state of a swarm that has no quorum.</summary>
    public bool Rejoin { get; init; }

    /// <summary>Whether that was agreed to beforehand.</summary>
    public bool Force { get; init; }
}
