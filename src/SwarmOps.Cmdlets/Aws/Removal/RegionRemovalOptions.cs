using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Removal;

/// <summary>How instances are removed.</summary>
internal sealed record RegionRemovalOptions : ThrottledRequest
{
    /// <summary>Whether the swarm may lose its quorum, instances are terminated even if their nodes cannot leave, and termination protection is disabled.</summary>
    public bool Force { get; init; }

    /// <summary>Whether nodes are drained first.</summary>
    public bool Drain { get; init; } = true;

    /// <summary>The private key's file for nodes that are found by tags; null for the cluster's default file, if it exists.</summary>
    public string? KeyFilePath { get; init; }

    /// <summary>The private key from a vault.</summary>
    public NodeCredential? Credential { get; init; }

    /// <summary>Managers that are not instances of the cluster.</summary>
    public IReadOnlyList<SwarmNode> Managers { get; init; } = [];

    /// <summary>How the swarm's lock is acquired.</summary>
    public LockSettings Lock { get; init; } = new(TimeSpan.FromSeconds(LockSettings.DefaultWaitSeconds), "Remove-SwarmRegionNode");

    /// <summary>Time limit of each wait.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);
}
