using SwarmOps.Pipeline;

namespace SwarmOps.Aws;

/// <summary>How instances are removed.</summary>
internal sealed record RegionRemovalOptions
{
    /// <summary>Whether the quorum may be lost, instances go whose nodes cannot leave, and termination protection is lifted.</summary>
    public bool Force { get; init; }

    /// <summary>Whether tasks are moved away first.</summary>
    public bool Drain { get; init; } = true;

    /// <summary>The private key's file for nodes that are found by tags; null means the cluster's own, where there is one.</summary>
    public string? KeyFilePath { get; init; }

    /// <summary>The private key from a vault.</summary>
    public NodeCredential? Credential { get; init; }

    /// <summary>Managers that are not instances of the cluster.</summary>
    public IReadOnlyList<SwarmNode> Managers { get; init; } = [];

    /// <summary>How the swarm's lock is taken.</summary>
    public LockSettings Lock { get; init; } = new(TimeSpan.FromSeconds(LockSettings.DefaultWaitSeconds), "Remove-SwarmRegionNode");

    /// <summary>How long each wait may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How many nodes and regions are worked on at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;
}
