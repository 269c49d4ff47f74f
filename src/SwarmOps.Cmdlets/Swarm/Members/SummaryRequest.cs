namespace SwarmOps.Swarm.Members;

/// <summary>Which swarm is to be summed up.</summary>
/// <param name="Nodes">The node set.</param>
internal sealed record SummaryRequest(IReadOnlyList<SwarmNode> Nodes)
{
    /// <summary>How long to wait for a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many nodes are asked at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;
}
