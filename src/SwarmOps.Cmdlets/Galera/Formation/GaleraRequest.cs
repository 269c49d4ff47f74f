namespace SwarmOps.Galera.Formation;

/// <summary>The requested cluster.</summary>
internal sealed record GaleraRequest
{
    public required string Name { get; init; }

    /// <summary>Name of the overlay network.</summary>
    public required string Overlay { get; init; }

    public required string Image { get; init; }

    /// <summary>Whether the image bootstraps and joins by itself; it gets neither the module's scripts nor a bootstrap marker and is only monitored.</summary>
    public bool ImageBootstraps { get; init; }

    public GaleraLayout Layout { get; init; }

    /// <summary>Regions that get a node; all if empty.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Region of the arbitrator, which votes and holds no data; null for none.</summary>
    public string? Arbitrator { get; init; }

    /// <summary>Image of the arbitrator, which needs garbd; null for the database image.</summary>
    public string? ArbitratorImage { get; init; }

    /// <summary>Whether Galera encrypts the traffic between nodes and authenticates them; null if not specified.</summary>
    public bool? Tls { get; init; }

    /// <summary>Whether TLS is on by default rather than specified.</summary>
    public bool IsTlsByDefault { get; init; }

    /// <summary>Whether TLS is on.</summary>
    public bool HasTls => Tls is true;

    /// <summary>Name of the secret with root's password.</summary>
    public string RootSecret { get; init; } = "GALERA_ROOT_PASSWORD";

    /// <summary>The data directory on the hosts.</summary>
    public string DataPath { get; init; } = "/srv/mysql";

    /// <summary>Owner and mode of created directories; 999 is mysql in the official image.</summary>
    public string DataOwner { get; init; } = DataAccess.DefaultOwner;

    public string DataMode { get; init; } = DataAccess.DefaultMode;

    /// <summary>Owner and mode of existing directories, by host.</summary>
    public IReadOnlyDictionary<string, DataAccess> FoundAccess { get; init; } = new Dictionary<string, DataAccess>();

    /// <summary>Size of the write-set cache in bytes; a node that missed no more than this gets an incremental state transfer (IST). Null for Galera's default, 128 MiB.</summary>
    public long? CacheSize { get; init; }

    /// <summary>Whether group communication uses the timeouts that Galera's documentation recommends for WANs.</summary>
    public bool WanTimeout { get; init; }

    /// <summary>Further server options.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the servers refuse or report what Galera does not replicate; null if not specified.</summary>
    public bool? Strict { get; init; }

    /// <summary>A database to create with the cluster; null for none.</summary>
    public string? Database { get; init; }

    /// <summary>The database's account; null for none.</summary>
    public string? User { get; init; }

    /// <summary>Name of the secret with the account's password.</summary>
    public string? UserSecret { get; init; }

    /// <summary>Whether port 3306 is published on each host.</summary>
    public bool Publish { get; init; }

    public long? LimitMemory { get; init; }

    public long? ReserveMemory { get; init; }
}
