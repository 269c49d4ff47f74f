using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Members;

/// <summary>What is to be set on which members.</summary>
/// <param name="Nodes">The node set.</param>
/// <param name="Settings">What is to be set.</param>
internal sealed record NodeSettingRequest(IReadOnlyList<SwarmNode> Nodes, NodeSettings Settings) : ThrottledRequest
{
    /// <summary>Managers beyond the set.</summary>
    public IReadOnlyList<SwarmNode> Managers { get; init; } = [];

    /// <summary>How long to wait for a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
