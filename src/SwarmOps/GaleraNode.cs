namespace SwarmOps;

/// <summary>A node of a Galera cluster, as it reports itself at one moment. Values that it did not report are null.</summary>
public sealed record GaleraNode
{
    /// <summary>Name of the host.</summary>
    public string Node { get; init; } = "";

    /// <summary>Its region.</summary>
    public string? Region { get; init; }

    /// <summary>Name of its service.</summary>
    public string Service { get; init; } = "";

    /// <summary>Whether it is an arbitrator, which votes but holds no data.</summary>
    public bool IsArbitrator { get; init; }

    /// <summary>The name by which applications of the region reach it on the overlay network.</summary>
    public string LocalName { get; init; } = "";

    /// <summary>Its address on the overlay network.</summary>
    public string? Address { get; init; }

    /// <summary>Its Galera state: Synced, Donor/Desynced, Joined, Joining, Initialized; or Arbitrator, Waiting (for a node of the cluster), Recovering (reading its position from disk), Starting, NotRunning, Unknown.</summary>
    public string State { get; init; } = "Unknown";

    /// <summary>Status of its component: Primary, non-Primary or Disconnected.</summary>
    public string? ClusterStatus { get; init; }

    /// <summary>Number of nodes in its component.</summary>
    public int? ClusterSize { get; init; }

    /// <summary>Number of its membership view (<c>wsrep_cluster_conf_id</c>).</summary>
    public long? ConfigurationId { get; init; }

    /// <summary>Addresses of the members of its component, as it reports them (<c>wsrep_incoming_addresses</c>); arbitrators are not listed.</summary>
    public IReadOnlyList<string> MemberAddresses { get; init; } = [];

    /// <summary>Phase of a running state transfer to or from it: sending, receiving, preparing, moving; null when there is none.</summary>
    public string? StateTransfer { get; init; }

    /// <summary>State UUID of the cluster (<c>wsrep_cluster_state_uuid</c>).</summary>
    public string? Uuid { get; init; }

    /// <summary>Seqno of the last committed transaction (<c>wsrep_last_committed</c>); for a waiting node, the seqno on its disk.</summary>
    public long? Seqno { get; init; }

    /// <summary>Its segment (<c>gmcast.segment</c>): traffic is sent once between segments, whatever their size.</summary>
    public int? Segment { get; init; }

    /// <summary>Share of the time, 0 to 1, in which flow control paused replication (<c>wsrep_flow_control_paused</c>).</summary>
    public double? FlowControlPaused { get; init; }

    /// <summary>How often this node has sent flow control pauses to the others (<c>wsrep_flow_control_sent</c>).</summary>
    public long? FlowControlSent { get; init; }

    /// <summary>Transactions that failed certification because another node had written the same rows (<c>wsrep_local_cert_failures</c>).</summary>
    public long? CertificationFailures { get; init; }

    /// <summary>Transactions that were aborted by a conflicting transaction of another node (<c>wsrep_local_bf_aborts</c>).</summary>
    public long? BruteForceAborts { get; init; }

    /// <summary>Average length of the receive queue: transactions of other nodes to be applied here (<c>wsrep_local_recv_queue_avg</c>).</summary>
    public double? ReceiveQueue { get; init; }

    /// <summary>Average length of the send queue (<c>wsrep_local_send_queue_avg</c>).</summary>
    public double? SendQueue { get; init; }

    /// <summary>Average replication latency in seconds (<c>wsrep_evs_repl_latency</c>).</summary>
    public double? ReplicationLatency { get; init; }

    /// <summary>The addresses that it resolves for the cluster's name.</summary>
    public IReadOnlyList<string> DnsAnswers { get; init; } = [];

    /// <summary>Whether its data directory still contains the bootstrap marker, which permits it to bootstrap a cluster.</summary>
    public bool HasBootstrapMarker { get; init; }

    /// <summary>Size of its data directory in kilobytes.</summary>
    public long? DataKilobytes { get; init; }

    /// <summary>Version of the database.</summary>
    public string? Version { get; init; }

    /// <summary>Why its status could not be read; null when it could.</summary>
    public string? Error { get; init; }

    /// <summary>CPU time of the programs of a state transfer: it grows while they work, even when no file does.</summary>
    internal long TransferWork { get; init; }

    /// <summary>Nanoseconds in which flow control paused replication (<c>wsrep_flow_control_paused_ns</c>).</summary>
    internal long? FlowControlPausedNanoseconds { get; init; }

    /// <summary>Committed transactions of its own clients (<c>wsrep_local_commits</c>).</summary>
    internal long? Commits { get; init; }

    /// <summary>Whether its server runs but accepts no connections: it is starting, is not in a component yet, or receives a state transfer.</summary>
    internal bool TakesNoConnections { get; init; }

    /// <summary>Whether its server runs but its status could not be read: rejected password, too many connections, no answer in time. It may be Synced.</summary>
    internal bool IsSilent { get; init; }

    /// <summary>Whether its host is Down for the swarm and unreachable from this machine: whether its server runs is not known.</summary>
    internal bool IsHostLost { get; init; }

    /// <summary>The secret whose password the server rejects; null where it is accepted or not known.</summary>
    internal string? RefusedSecret { get; init; }

    /// <summary>The state UUID that was on its disk when the cluster was last complete; null where it never was.</summary>
    internal string? HeldHistory { get; init; }

    /// <summary>Device and inode of the data directory, as seen in its container.</summary>
    internal string? DirectoryId { get; init; }

    /// <summary>Host name and state.</summary>
    public override string ToString() => $"{Node}: {State}";
}
