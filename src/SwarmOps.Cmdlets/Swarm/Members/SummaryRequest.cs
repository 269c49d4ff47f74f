using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Members;

/// <summary>Which swarm is to be summed up.</summary>
/// <param name="Nodes">The node set.</param>
internal sealed record SummaryRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>How long to wait for a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
