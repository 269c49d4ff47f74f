using System.Globalization;
using SwarmOps.Nodes;

namespace SwarmOps.Galera.State;

/// <summary>A node's own report: lines of name, tab, value (galera-report.sh).</summary>
internal sealed class GaleraReport
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private GaleraReport() { }

    /// <summary>State of a node that is in sync (wsrep_local_state_comment).</summary>
    public const string Synced = "Synced";

    /// <summary>State of a donor, which sends a state transfer to another node.</summary>
    public const string Donor = "Donor/Desynced";

    /// <summary>State of an arbitrator that is connected to the cluster.</summary>
    public const string Arbitrating = "Arbitrator";

    /// <summary>State of a node that waits for another node to answer.</summary>
    public const string Waiting = "Waiting";

    /// <summary>State of a node that recovers the position of its data.</summary>
    public const string Recovering = "Recovering";

    /// <summary>State of a node that the swarm does not run.</summary>
    public const string NotRunning = "NotRunning";

    /// <summary>State of a node that could not be queried.</summary>
    public const string Unknown = "Unknown";

    /// <summary>The error of MariaDB's client if no server accepts connections (CR_CONNECTION_ERROR).</summary>
    private const string NobodyListens = "ERROR 2002";

    /// <summary>The end of that error if the server's queue of connections is full (EAGAIN).</summary>
    private const string TooManyWait = "(11)";

    /// <summary>The server's error for a wrong password (ER_ACCESS_DENIED_ERROR).</summary>
    private const string Refused = "ERROR 1045";

    private const string NoHistory = "00000000-0000-0000-0000-000000000000";

    /// <summary>Parses a report.</summary>
    public static GaleraReport Parse(string text)
    {
        var report = new GaleraReport();
        foreach (var line in text.Split('\n'))
        {
            var parts = line.Split('\t', 2);
            if (parts.Length == 2)
                report.values[parts[0]] = parts[1].Trim();
        }

        return report;
    }

    /// <summary>Programs that the image lacks.</summary>
    public IReadOnlyList<string> Missing => List("missing", ' ');

    /// <summary>The node as shown to the user.</summary>
    /// <param name="known">What the swarm knows about the node.</param>
    public GaleraNode Describe(GaleraNode known)
    {
        var position = Position();
        var isSilent = IsSilent(known.IsArbitrator);
        return known with
        {
            State = State(isSilent),
            Address = Text("wsrep_node_address") ?? known.Address,
            ClusterStatus = Text("wsrep_cluster_status"),
            ClusterSize = (int?)Number("wsrep_cluster_size"),
            // In a Primary Component only the server's own UUID counts: without one, the next restart would lose all data.
            Uuid =
                Text("wsrep_cluster_state_uuid") is { } uuid && uuid != NoHistory ? uuid
                : Text("wsrep_cluster_status") == "Primary" ? null
                : position?.Uuid,
            Seqno = Number("wsrep_last_committed") ?? position?.Seqno,
            Segment =
                Option("gmcast.segment") is { } segment
                && int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : known.Segment,
            FlowControlPaused = Fraction("wsrep_flow_control_paused"),
            FlowControlSent = Number("wsrep_flow_control_sent"),
            FlowControlPausedNanoseconds = Number("wsrep_flow_control_paused_ns"),
            Commits = Number("wsrep_local_commits"),
            CertificationFailures = Number("wsrep_local_cert_failures"),
            BruteForceAborts = Number("wsrep_local_bf_aborts"),
            ReceiveQueue = Fraction("wsrep_local_recv_queue_avg"),
            SendQueue = Fraction("wsrep_local_send_queue_avg"),
            ReplicationLatency = Latency(),
            DnsAnswers = List("dns", ','),
            HasBootstrapMarker = values.ContainsKey("marker"),
            DirectoryId = Text("directory"),
            ConfigurationId = Number("wsrep_cluster_conf_id"),
            MemberAddresses = [.. List("wsrep_incoming_addresses", ',').Select(NodeAddress.WithoutPort)],
            StateTransfer = Text("transfer"),
            TransferWork = Number("transfer_work") ?? 0,
            DataKilobytes = Number("size_kb"),
            Version = Text("version"),
            Error =
                known.Error
                ?? Text("sql_error")
                ?? (
                    Text("phase") == "waiting" ? Text("reason")
                    : isSilent ? "its report is incomplete"
                    : null
                ),
            TakesNoConnections = TakesNoConnections,
            IsSilent = isSilent,
            RefusedSecret =
                Text("account") == "mysql" || Text("sql_error")?.StartsWith(Refused, StringComparison.Ordinal) is true
                    ? Text("secret")
                    : null,
        };
    }

    private string State(bool isSilent) =>
        Number("connections") > 0
            ? Arbitrating
            : Text("wsrep_local_state_comment")
                ?? Text("phase") switch
                {
                    "waiting" => Waiting,
                    "recovering" => Recovering,
                    _ when isSilent => Unknown,
                    "starting" => "Joining",
                    _ => "Starting",
                };

    private bool TakesNoConnections =>
        Text("sql_error") is { } error
        && error.StartsWith(NobodyListens, StringComparison.Ordinal)
        && !error.EndsWith(TooManyWait, StringComparison.Ordinal);

    /// <summary>Whether a server may be running that does not report its state. That it accepts no connections is known only from the client's error; an incomplete report proves nothing.</summary>
    private bool IsSilent(bool isArbitrator) =>
        !isArbitrator && Text("phase") is not ("waiting" or "recovering") && Text("wsrep_cluster_status") is null && !TakesNoConnections;

    private string? Text(string name) => values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private IReadOnlyList<string> List(string name, char separator) =>
        Text(name)?.Split(separator, StringSplitOptions.RemoveEmptyEntries) ?? [];

    private long? Number(string name) =>
        long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private double? Fraction(string name) =>
        double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private string? Option(string name) =>
        Text("wsrep_provider_options")
            ?.Split(';', StringSplitOptions.TrimEntries)
            .Select(option => option.Split('=', 2, StringSplitOptions.TrimEntries))
            .FirstOrDefault(option => option.Length == 2 && option[0] == name)
            ?[1];

    /// <summary>The average of minimum, average, maximum, deviation, count; null if nothing was measured.</summary>
    private double? Latency()
    {
        var parts = Text("wsrep_evs_repl_latency")?.Split('/');
        return
            parts is [_, var average, ..]
            && double.TryParse(average, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds > 0
            ? seconds
            : null;
    }

    /// <summary>The position of a waiting node's data. Once a server has run, the position from before it no longer applies.</summary>
    private (string Uuid, long Seqno)? Position()
    {
        var parts = Text("phase") == "waiting" ? Text("position")?.Split(':', 2) : null;
        return
            parts is [var uuid, var number]
            && uuid != NoHistory
            && uuid.Length > 0
            && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seqno)
            ? (uuid, seqno)
            : null;
    }
}
