namespace SwarmOps.Galera.Workload;

/// <summary>The samples of one node over a period, and what they add up to.</summary>
/// <param name="State">The node.</param>
/// <param name="Samples">Its samples in the order of time.</param>
/// <param name="Error">Why a sample is missing; null if none is.</param>
internal sealed record WorkloadTrack(GaleraNode State, IReadOnlyList<WorkloadSample> Samples, string? Error = null)
{
    /// <summary>Name of the host.</summary>
    public string Node => State.Node;

    /// <summary>Whether its counters can be compared: two samples, and no restart or FLUSH STATUS between them.</summary>
    public bool IsComparable => Samples.Count > 1 && Pairs.All(pair => Counters.All(name => Delta(pair, name) >= 0));

    private static readonly string[] Counters =
    [
        "uptime",
        "wsrep_local_commits",
        "wsrep_local_cert_failures",
        "wsrep_local_bf_aborts",
        "wsrep_replicated",
        "wsrep_replicated_bytes",
        "wsrep_flow_control_paused_ns",
        "wsrep_flow_control_sent",
    ];

    /// <summary>Samples that follow each other.</summary>
    public IEnumerable<(WorkloadSample Before, WorkloadSample After)> Pairs => Samples.Zip(Samples.Skip(1));

    /// <summary>Time between the first and the last sample.</summary>
    public TimeSpan Time => Samples.Count > 1 ? Samples[^1].At - Samples[0].At : TimeSpan.Zero;

    /// <summary>Growth of a counter over the period.</summary>
    public long Growth(string name) => Samples.Count > 1 ? Math.Max(0, Delta((Samples[0], Samples[^1]), name)) : 0;

    /// <summary>Growth of a counter between two samples; negative if it was reset or is not reported.</summary>
    public static long Delta((WorkloadSample Before, WorkloadSample After) pair, string name) =>
        pair.After.Count(name) is { } after && pair.Before.Count(name) is { } before ? after - before : -1;

    /// <summary>Conflicts with other nodes in the period.</summary>
    public long Conflicts => Growth("wsrep_local_cert_failures") + Growth("wsrep_local_bf_aborts");

    /// <summary>Share of the period in which flow control paused replication.</summary>
    public double Paused => Time > TimeSpan.Zero ? Math.Min(1, Growth("wsrep_flow_control_paused_ns") / 1e9 / Time.TotalSeconds) : 0;

    /// <summary>Average of the receive queue over the samples.</summary>
    public double ReceiveQueue => Samples.Select(sample => sample.Count("wsrep_local_recv_queue") ?? 0).DefaultIfEmpty().Average();

    /// <summary>Number of applier threads.</summary>
    public int Threads => (int)(Samples[^1].Count("wsrep_slave_threads") ?? 1);

    /// <summary>How many write sets could be applied in parallel.</summary>
    public double? Parallelism => Samples[^1].Fraction("wsrep_cert_deps_distance");

    /// <summary>The node as it is shown.</summary>
    public GaleraWorkloadNode Describe()
    {
        var seconds = Time.TotalSeconds;
        var sets = Growth("wsrep_replicated");
        return new GaleraWorkloadNode
        {
            Node = Node,
            Region = State.Region,
            CommitsPerSecond = seconds > 0 ? Growth("wsrep_local_commits") / seconds : 0,
            CertificationFailures = Growth("wsrep_local_cert_failures"),
            BruteForceAborts = Growth("wsrep_local_bf_aborts"),
            WriteSetsPerSecond = seconds > 0 ? sets / seconds : 0,
            WriteSetBytes = sets > 0 ? Growth("wsrep_replicated_bytes") / (double)sets : null,
            FlowControlPaused = Paused,
            FlowControlSent = Growth("wsrep_flow_control_sent"),
            ReceiveQueue = ReceiveQueue,
            LongestReceiveQueue = Samples.Max(sample => sample.Count("wsrep_local_recv_queue") ?? 0),
            SendQueue = Samples.Average(sample => sample.Count("wsrep_local_send_queue") ?? 0),
            ParallelismPossible = Parallelism,
            ApplierThreads = Threads,
            ReplicationLatency = Samples[^1].Latency,
        };
    }
}
