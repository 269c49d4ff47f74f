using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Formation;

/// <summary>Which nodes are to join their swarm, and how.</summary>
/// <param name="Nodes">The node set.</param>
internal sealed record JoinRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>Managers beyond the set.</summary>
    public IReadOnlyList<SwarmNode> Managers { get; init; } = [];

    /// <summary>Address or interface for the overlay networks' packets; null means the advertised one.</summary>
    public string? DataPathAddress { get; init; }

    /// <summary>Whether the managers must be seen to reach a node before it joins.</summary>
    public bool TestReachability { get; init; } = true;

    /// <summary>How long one node may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Whether nodes may give up the state of another swarm.</summary>
    public bool Rejoin { get; init; }

    /// <summary>Whether that was agreed to beforehand.</summary>
    public bool Force { get; init; }
}
