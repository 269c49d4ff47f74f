using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Keys;

/// <summary>Which engines are to be unlocked.</summary>
/// <param name="Nodes">The nodes; those that are active already are left as they are.</param>
/// <param name="Key">The unlock key; never shown.</param>
internal sealed record UnlockRequest(IReadOnlyList<SwarmNode> Nodes, string Key) : ThrottledRequest
{
    /// <summary>How long to wait until they are active.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Without the key.</summary>
    public override string ToString() => $"UnlockRequest for {Nodes.Count} nodes";
}
