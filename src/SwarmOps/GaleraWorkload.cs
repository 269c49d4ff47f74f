namespace SwarmOps;

/// <summary>What applications did to a Galera cluster in a period, by node, and what follows from it.</summary>
public sealed record GaleraWorkload
{
    /// <summary>Name of the cluster.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Begin of the period.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Length of the period.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The nodes with data that were sampled, by segment.</summary>
    public IReadOnlyList<GaleraWorkloadNode> GaleraNodes { get; init; } = [];

    /// <summary>The result of each check, the most severe first.</summary>
    public IReadOnlyList<GaleraFinding> Findings { get; init; } = [];

    /// <summary>The conflicts that the servers logged, the most frequent first; empty without <c>-LogConflicts</c>.</summary>
    public IReadOnlyList<GaleraConflict> Conflicts { get; init; } = [];

    /// <summary>Name of the cluster.</summary>
    public override string ToString() => Cluster;
}

/// <summary>What one node did in a period. Rates are averages over the period.</summary>
public sealed record GaleraWorkloadNode
{
    /// <summary>Name of the host.</summary>
    public string Node { get; init; } = "";

    /// <summary>Its region.</summary>
    public string? Region { get; init; }

    /// <summary>Transactions of its own clients that committed, per second.</summary>
    public double CommitsPerSecond { get; init; }

    /// <summary>Transactions of its own clients that failed certification because another node had written the same rows, in the period.</summary>
    public long CertificationFailures { get; init; }

    /// <summary>Transactions of its own clients that were aborted by a conflicting transaction of another node, in the period.</summary>
    public long BruteForceAborts { get; init; }

    /// <summary>Write sets that it replicated, per second.</summary>
    public double WriteSetsPerSecond { get; init; }

    /// <summary>Average size of the write sets that it replicated, in bytes; null without any.</summary>
    public double? WriteSetBytes { get; init; }

    /// <summary>Share of the period, 0 to 1, in which flow control paused its replication.</summary>
    public double FlowControlPaused { get; init; }

    /// <summary>How often it requested a flow control pause.</summary>
    public long FlowControlSent { get; init; }

    /// <summary>Average length of its receive queue: write sets of other nodes that wait to be applied.</summary>
    public double ReceiveQueue { get; init; }

    /// <summary>Longest receive queue that was seen.</summary>
    public long LongestReceiveQueue { get; init; }

    /// <summary>Average length of its send queue.</summary>
    public double SendQueue { get; init; }

    /// <summary>How many write sets could be applied in parallel on average, since the server's start (<c>wsrep_cert_deps_distance</c>); null if not reported.</summary>
    public double? ParallelismPossible { get; init; }

    /// <summary>Number of applier threads (<c>wsrep_slave_threads</c>).</summary>
    public int ApplierThreads { get; init; }

    /// <summary>Average replication latency in seconds (<c>wsrep_evs_repl_latency</c>); null if not reported.</summary>
    public double? ReplicationLatency { get; init; }

    /// <summary>Host name.</summary>
    public override string ToString() => Node;
}

/// <summary>Transactions of one node that were rolled back by conflicts, as its server logged them.</summary>
public sealed record GaleraConflict
{
    /// <summary>Name of the host whose transactions were rolled back.</summary>
    public string Node { get; init; } = "";

    /// <summary>The database; null if the log does not name it.</summary>
    public string? Database { get; init; }

    /// <summary>The table; null if the log does not name it.</summary>
    public string? Table { get; init; }

    /// <summary>The index in which the rows met; null if the log does not name it (MariaDB 10.6 and later).</summary>
    public string? Index { get; init; }

    /// <summary>The row, as far as the log tells: the condition of the statement without texts, or the first column of the key as the index stores it (hexadecimal, MariaDB 10.5); otherwise null.</summary>
    public string? Row { get; init; }

    /// <summary>The statement that was rolled back, without its values; null if the log does not name it.</summary>
    public string? Statement { get; init; }

    /// <summary>How often.</summary>
    public int Count { get; init; }
}
