using SwarmOps.Aws.Provision;
using SwarmOps.Pipeline;

namespace SwarmOps.Recovery.Replacing;

/// <summary>Which node of a cluster gets a new instance, and of what kind.</summary>
/// <param name="Name">Name of the node.</param>
/// <param name="Provision">The new instance. Its regions do not count: the name has the region.</param>
internal sealed record ReplaceRequest(string Name, ProvisionRequest Provision)
{
    /// <summary>Whether the new instance's type was specified; otherwise it is that of the old one.</summary>
    public bool HasInstanceType { get; init; }

    /// <summary>Whether no question is asked, data on the old host and termination protection included.</summary>
    public bool IsForced { get; init; }

    /// <summary>How the swarm's lock is acquired.</summary>
    public LockSettings Lock { get; init; } = new(TimeSpan.FromSeconds(LockSettings.DefaultWaitSeconds), "New-SwarmRegionNode");
}
