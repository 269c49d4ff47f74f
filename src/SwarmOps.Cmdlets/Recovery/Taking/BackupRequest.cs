using SwarmOps.Pipeline;
using SwarmOps.Recovery.Databases;
using SwarmOps.Recovery.Store;

namespace SwarmOps.Recovery.Taking;

/// <summary>Which swarm is backed up, and where to.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Place">Where the backup is kept.</param>
/// <param name="Passphrase">The passphrase; never shown.</param>
internal sealed record BackupRequest(IReadOnlyList<SwarmNode> Nodes, BackupPlace Place, string Passphrase) : ThrottledRequest
{
    /// <summary>Name of the manager whose state is copied; null chooses one.</summary>
    public string? On { get; init; }

    /// <summary>How its engine is held meanwhile; null stops it, except where it would come back locked.</summary>
    public SwarmBackupMethod? Method { get; init; }

    /// <summary>Whether the state is not tried in a scratch engine.</summary>
    public bool SkipTrial { get; init; }

    /// <summary>How many backups of the swarm stay in the place; null deletes none.</summary>
    public int? Keep { get; init; }

    /// <summary>The databases that are backed up with it.</summary>
    public DatabaseSettings Databases { get; init; } = new([]);

    /// <summary>How long to wait for the manager to be back.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Without the passphrase.</summary>
    public override string ToString() => $"BackupRequest to {Place.Given}";
}
