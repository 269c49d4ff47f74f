using SwarmOps.Pipeline;
using SwarmOps.Recovery.Store;

namespace SwarmOps.Recovery.Restoring;

/// <summary>Which backup is restored, and where.</summary>
/// <param name="Nodes">The nodes that are to be the swarm.</param>
/// <param name="Place">The backup, or where the newest is.</param>
/// <param name="Passphrase">The passphrase; never shown.</param>
/// <param name="Progress">What this run has done, which outlives a second look at the nodes.</param>
internal sealed record RestoreRequest(IReadOnlyList<SwarmNode> Nodes, BackupPlace Place, string Passphrase, RestoreProgress Progress)
    : ThrottledRequest
{
    /// <summary>Name of the node that becomes the first manager; null chooses the one with a manager's former address, else the first.</summary>
    public string? On { get; init; }

    /// <summary>Whether managers that are not in the set count as lost, and newer state on disks is moved aside.</summary>
    public bool Force { get; init; }

    /// <summary>Whether addresses are tried before nodes join.</summary>
    public bool TestReachability { get; init; } = true;

    /// <summary>How long each step may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Without the passphrase.</summary>
    public override string ToString() => $"RestoreRequest from {Place.Given}";
}
