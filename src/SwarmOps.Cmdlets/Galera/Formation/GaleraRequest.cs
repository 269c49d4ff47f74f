namespace SwarmOps.Galera.Formation;

/// <summary>A cluster as it is asked for.</summary>
internal sealed record GaleraRequest
{
    public required string Name { get; init; }

    /// <summary>Name of the overlay network.</summary>
    public required string Overlay { get; init; }

    public required string Image { get; init; }

    /// <summary>Whether the image founds and joins by its own rules; it gets neither our scripts nor the marker, and is only watched.</summary>
    public bool ImageBootstraps { get; init; }

    public GaleraLayout Layout { get; init; }

    /// <summary>Regions that get a node; all when empty.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Region whose member votes and holds no data; null for none.</summary>
    public string? Arbitrator { get; init; }

    /// <summary>Image of the arbitrator, which needs garbd; null for the same.</summary>
    public string? ArbitratorImage { get; init; }

    /// <summary>Whether Galera encrypts the traffic between nodes itself, and knows them by it; null where nothing was said.</summary>
    public bool? Tls { get; init; }

    /// <summary>Whether that was decided here and not asked for.</summary>
    public bool IsTlsByDefault { get; init; }

    /// <summary>Whether it does.</summary>
    public bool HasTls => Tls is true;

    /// <summary>Name of the secret with root's password.</summary>
    public string RootSecret { get; init; } = "GALERA_ROOT_PASSWORD";

    /// <summary>The data directory on the hosts.</summary>
    public string DataPath { get; init; } = "/srv/mysql";

    /// <summary>Owner and mode of directories that are made; 999 is mysql in the official image.</summary>
    public string DataOwner { get; init; } = DataAccess.DefaultOwner;

    public string DataMode { get; init; } = DataAccess.DefaultMode;

    /// <summary>By host, owner and mode of a directory that was there already.</summary>
    public IReadOnlyDictionary<string, DataAccess> FoundAccess { get; init; } = new Dictionary<string, DataAccess>();

    /// <summary>Bytes of the write-set cache; a node that was away for less gets an incremental state transfer. Null leaves Galera's 128 MiB.</summary>
    public long? CacheSize { get; init; }

    /// <summary>Whether group communication has the patience of Galera's documentation for WANs.</summary>
    public bool WanTimeout { get; init; }

    /// <summary>Further options of the server.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>A database to make with the cluster; null for none.</summary>
    public string? Database { get; init; }

    /// <summary>Its account; null for none.</summary>
    public string? User { get; init; }

    /// <summary>Name of the secret with the account's password.</summary>
    public string? UserSecret { get; init; }

    /// <summary>Whether port 3306 is published on each host.</summary>
    public bool Publish { get; init; }

    public long? LimitMemory { get; init; }

    public long? ReserveMemory { get; init; }
}
