using SwarmOps.Pipeline;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>Which node is to be taken out of service.</summary>
/// <param name="Nodes">The nodes of the swarm, those that stay included.</param>
/// <param name="Name">Name of the node.</param>
internal sealed record SuspendNodeRequest(IReadOnlyList<SwarmNode> Nodes, string Name) : ThrottledRequest
{
    /// <summary>Whether an outage of services is accepted. The quorum never is.</summary>
    public bool IsForced { get; init; }

    /// <summary>Time limit of each step.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);
}
