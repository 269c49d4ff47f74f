using SwarmOps.Pipeline;
using SwarmOps.Recovery.Store;

namespace SwarmOps.Recovery.Databases;

/// <summary>Which database is restored, and where.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Place">The backup, or where the newest is.</param>
/// <param name="Passphrase">The passphrase; never shown.</param>
/// <param name="Cluster">Name of the cluster.</param>
internal sealed record RestoreGaleraRequest(IReadOnlyList<SwarmNode> Nodes, BackupPlace Place, string Passphrase, string Cluster)
    : ThrottledRequest
{
    /// <summary>Name of the host; null chooses one.</summary>
    public string? On { get; init; }

    /// <summary>The data directory on the hosts; null for that of the services or of the backup.</summary>
    public string? DataPath { get; init; }

    /// <summary>Whether data on the hosts is moved aside.</summary>
    public bool Force { get; init; }

    /// <summary>How long the database and each node may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Without the passphrase.</summary>
    public override string ToString() => $"RestoreGaleraRequest of {Cluster} from {Place.Given}";
}
