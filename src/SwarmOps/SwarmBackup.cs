namespace SwarmOps;

/// <summary>A backup of a swarm: one encrypted file.</summary>
public sealed record SwarmBackup
{
    /// <summary>Where it is: a file, or a URL such as <c>s3://bucket/prefix/name</c>. Restore-Swarm takes it.</summary>
    public string Path { get; init; } = "";

    /// <summary>The swarm's id.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>When the state was copied, in UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Name of the manager whose state was copied.</summary>
    public string Node { get; init; } = "";

    /// <summary>Version of that manager's engine.</summary>
    public string EngineVersion { get; init; } = "";

    /// <summary>How its engine was held while the state was copied.</summary>
    public SwarmBackupMethod Method { get; init; }

    /// <summary>How long its engine was stopped or frozen.</summary>
    public TimeSpan EngineHeld { get; init; }

    /// <summary>Size of the file in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>SHA-256 checksum of the file, hexadecimal.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Whether a scratch engine on that manager's host made a swarm of the state, with everything that the swarm lists.</summary>
    public bool IsTried { get; init; }

    /// <summary>Number of nodes in the backup.</summary>
    public int NodeCount { get; init; }

    /// <summary>Number of managers among them.</summary>
    public int ManagerCount { get; init; }

    /// <summary>Number of services in the backup.</summary>
    public int ServiceCount { get; init; }

    /// <summary>Number of overlay networks in the backup.</summary>
    public int NetworkCount { get; init; }

    /// <summary>Number of secrets in the backup.</summary>
    public int SecretCount { get; init; }

    /// <summary>Number of configs in the backup.</summary>
    public int ConfigCount { get; init; }

    /// <summary>The databases that were backed up with it (<c>-Galera</c>), each in a file of its own.</summary>
    public IReadOnlyList<SwarmBackupDatabase> Databases { get; init; } = [];

    /// <summary>Older backups of this swarm that <c>-Keep</c> deleted.</summary>
    public IReadOnlyList<string> Deleted { get; init; } = [];

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
