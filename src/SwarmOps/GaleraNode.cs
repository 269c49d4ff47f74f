namespace SwarmOps;

/// <summary>A node of a Galera cluster, as it describes itself at one moment. Values that it did not say are null.</summary>
public sealed record GaleraNode
{
    /// <summary>Name of the host.</summary>
    public string Node { get; init; } = "";

    /// <summary>Its region.</summary>
    public string? Region { get; init; }

    /// <summary>Name of the service that runs it.</summary>
    public string Service { get; init; } = "";

    /// <summary>Whether it is an arbitrator: it votes and holds no data.</summary>
    public bool IsArbitrator { get; init; }

    /// <summary>The name under which applications of the region reach it, on the overlay.</summary>
    public string LocalName { get; init; } = "";

    /// <summary>Its address on the overlay.</summary>
    public string? Address { get; init; }

    /// <summary>Its state in Galera's words: Synced, Donor/Desynced, Joined, Joining, Initialized; or Arbitrator, Waiting (for a node of the cluster), Recovering (its position), Starting, NotRunning, Unknown.</summary>
    public string State { get; init; } = "Unknown";

    /// <summary>Status of the component that it is in: Primary, non-Primary, Disconnected.</summary>
    public string? ClusterStatus { get; init; }

    /// <summary>How many nodes the component has.</summary>
    public int? ClusterSize { get; init; }

    /// <summary>Number of the membership view that it is in (<c>wsrep_cluster_conf_id</c>).</summary>
    public long? ConfigurationId { get; init; }

    /// <summary>Addresses of the members of its component, as it sees them (<c>wsrep_incoming_addresses</c>); arbitrators have none.</summary>
    public IReadOnlyList<string> MemberAddresses { get; init; } = [];

    /// <summary>What a state transfer to or from it is at, while its programs live: sending, receiving, preparing, moving; null when there is none.</summary>
    public string? StateTransfer { get; init; }

    /// <summary>Identity of the cluster's history (<c>wsrep_cluster_state_uuid</c>).</summary>
    public string? Uuid { get; init; }

    /// <summary>Number of the last committed transaction (<c>wsrep_last_committed</c>); of a node that waits, that on its disk.</summary>
    public long? Seqno { get; init; }

    /// <summary>Its segment (<c>gmcast.segment</c>): traffic between segments goes once, whatever their size.</summary>
    public int? Segment { get; init; }

    /// <summary>Share of the time, 0 to 1, for which flow control has held replication up (<c>wsrep_flow_control_paused</c>).</summary>
    public double? FlowControlPaused { get; init; }

    /// <summary>How often this node has asked the others to wait for it (<c>wsrep_flow_control_sent</c>).</summary>
    public long? FlowControlSent { get; init; }

    /// <summary>Transactions that failed certification: another node had written the same rows (<c>wsrep_local_cert_failures</c>).</summary>
    public long? CertificationFailures { get; init; }

    /// <summary>Transactions that were ended because another node's came first (<c>wsrep_local_bf_aborts</c>).</summary>
    public long? BruteForceAborts { get; init; }

    /// <summary>Transactions from others that wait to be applied here, on average (<c>wsrep_local_recv_queue_avg</c>).</summary>
    public double? ReceiveQueue { get; init; }

    /// <summary>Transactions that wait to be sent from here, on average (<c>wsrep_local_send_queue_avg</c>).</summary>
    public double? SendQueue { get; init; }

    /// <summary>Average replication latency in seconds (<c>wsrep_evs_repl_latency</c>).</summary>
    public double? ReplicationLatency { get; init; }

    /// <summary>The addresses that it gets for the cluster's name.</summary>
    public IReadOnlyList<string> DnsAnswers { get; init; } = [];

    /// <summary>Whether the marker that lets it found a cluster still lies on its disk.</summary>
    public bool HasBootstrapMarker { get; init; }

    /// <summary>Kilobytes of its data directory.</summary>
    public long? DataKilobytes { get; init; }

    /// <summary>Version of the database.</summary>
    public string? Version { get; init; }

    /// <summary>Why it could not be asked; null when it could.</summary>
    public string? Error { get; init; }

    /// <summary>Processor time of the programs of a state transfer: it grows while they work, also where no file does.</summary>
    internal long TransferWork { get; init; }

    /// <summary>Nanoseconds for which flow control has held replication up (<c>wsrep_flow_control_paused_ns</c>).</summary>
    internal long? FlowControlPausedNanoseconds { get; init; }

    /// <summary>Transactions of its own clients that were committed (<c>wsrep_local_commits</c>).</summary>
    internal long? Commits { get; init; }

    /// <summary>Whether its server runs and takes no connections: it starts, and is not in a component yet or receives a state transfer.</summary>
    internal bool TakesNoConnections { get; init; }

    /// <summary>Whether its server runs and does not say how it is: a refused password, too many connections, no answer in time. It may well be Synced.</summary>
    internal bool IsSilent { get; init; }

    /// <summary>Whether neither the swarm hears of its host nor this machine reaches it: nobody can say whether its server runs.</summary>
    internal bool IsHostLost { get; init; }

    /// <summary>The secret whose password the server does not take; null where it does, and where that is not known.</summary>
    internal string? RefusedSecret { get; init; }

    /// <summary>The history that its disk was seen to hold when the cluster was last whole; null where it never was.</summary>
    internal string? HeldHistory { get; init; }

    /// <summary>Device and inode of the data directory that its container sees.</summary>
    internal string? DirectoryId { get; init; }

    /// <summary>Host and state.</summary>
    public override string ToString() => $"{Node}: {State}";
}
