namespace SwarmOps;

/// <summary>The backup of a Galera cluster's database: one encrypted file beside that of its swarm.</summary>
public sealed record SwarmBackupDatabase
{
    /// <summary>Name of the cluster.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Where it is: a file, or a URL. Restore-GaleraCluster takes it.</summary>
    public string Path { get; init; } = "";

    /// <summary>When the backup was begun, in UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Name of the host of the node that was backed up.</summary>
    public string Node { get; init; } = "";

    /// <summary>State UUID of the cluster.</summary>
    public string Uuid { get; init; } = "";

    /// <summary>Seqno of the last transaction in the backup; without a trial, of the last one before it began.</summary>
    public long Seqno { get; init; }

    /// <summary>Version of the server.</summary>
    public string ServerVersion { get; init; } = "";

    /// <summary>Size of the file in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>SHA-256 checksum of the file, hexadecimal.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Whether <c>mariadb-backup --prepare</c> made a database of it in a container of its own.</summary>
    public bool IsTried { get; init; }

    /// <summary>How long the node was desynced.</summary>
    public TimeSpan Desynced { get; init; }

    /// <summary>Older backups of this database that <c>-Keep</c> deleted.</summary>
    public IReadOnlyList<string> Deleted { get; init; } = [];

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
