using SwarmOps.Pipeline;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>Which node is to be brought back into service.</summary>
/// <param name="Nodes">The nodes of the swarm.</param>
/// <param name="Name">Name of the node.</param>
internal sealed record ResumeNodeRequest(IReadOnlyList<SwarmNode> Nodes, string Name) : ThrottledRequest
{
    /// <summary>Whether tasks of other nodes are moved to it.</summary>
    public bool Rebalances { get; init; }

    /// <summary>Whether its overlay networks are taken as they are, without a test.</summary>
    public bool SkipsOverlayTest { get; init; }

    /// <summary>An image with perl for the test; null uses the hosts' perl.</summary>
    public string? ProbeImage { get; init; }

    /// <summary>Time limit of each step.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);
}
