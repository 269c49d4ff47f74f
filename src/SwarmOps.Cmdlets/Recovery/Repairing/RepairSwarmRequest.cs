using SwarmOps.Pipeline;

namespace SwarmOps.Recovery.Repairing;

/// <summary>Which swarm without a quorum is to go on.</summary>
/// <param name="Nodes">Its nodes, and those that stand in for lost ones.</param>
internal sealed record RepairSwarmRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>Name of the manager from which it goes on; null chooses the one whose raft log has most.</summary>
    public string? On { get; init; }

    /// <summary>The unlock key, for managers whose keys are locked; never shown.</summary>
    public string? UnlockKey { get; init; }

    /// <summary>Whether it goes on although a majority may come back, or more may be lost.</summary>
    public bool Force { get; init; }

    /// <summary>Whether addresses are tried before nodes join.</summary>
    public bool TestReachability { get; init; } = true;

    /// <summary>How long each step may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Without the key.</summary>
    public override string ToString() => $"RepairSwarmRequest for {Nodes.Count} nodes";
}
