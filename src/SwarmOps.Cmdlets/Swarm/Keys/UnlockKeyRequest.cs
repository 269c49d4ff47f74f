using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Keys;

/// <summary>Which swarm's unlock key is wanted.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record UnlockKeyRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>Whether it is replaced first.</summary>
    public bool Replace { get; init; }

    /// <summary>How long to wait for a leader, and for the managers to take a new key over.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
