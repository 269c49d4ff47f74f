using System.Globalization;

namespace SwarmOps.Galera.State;

/// <summary>What a node said of itself: lines of name, tab, value (galera-report.sh).</summary>
internal sealed class GaleraReport
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private GaleraReport()
    {
    }

    /// <summary>Galera's state of a node that takes part (wsrep_local_state_comment).</summary>
    public const string Synced = "Synced";

    /// <summary>State of a node that sends another one a state transfer.</summary>
    public const string Donor = "Donor/Desynced";

    /// <summary>State of an arbitrator that is connected to the cluster.</summary>
    public const string Arbitrating = "Arbitrator";

    /// <summary>State of a node that waits for one that answers.</summary>
    public const string Waiting = "Waiting";

    /// <summary>State of a node that finds out how far its data is.</summary>
    public const string Recovering = "Recovering";

    /// <summary>State of a node that the swarm does not run.</summary>
    public const string NotRunning = "NotRunning";

    /// <summary>State of a node that could not be asked.</summary>
    public const string Unknown = "Unknown";

    /// <summary>What MariaDB's client says where no server takes connections (CR_CONNECTION_ERROR).</summary>
    private const string NobodyListens = "ERROR 2002";

    /// <summary>How that ends where a server does take connections and has too many of them waiting (EAGAIN).</summary>
    private const string TooManyWait = "(11)";

    /// <summary>What the server says to a wrong password (ER_ACCESS_DENIED_ERROR).</summary>
    private const string Refused = "ERROR 1045";

    private const string NoHistory = "00000000-0000-0000-0000-000000000000";

    /// <summary>Reads a report.</summary>
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

    /// <summary>The node for a user.</summary>
    /// <param name="known">What is known of it from outside.</param>
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
            // In a Primary component only its own word counts: one without a history would lose all data with the next restart.
            Uuid = Text("wsrep_cluster_state_uuid") is { } uuid && uuid != NoHistory ? uuid : Text("wsrep_cluster_status") == "Primary" ? null : position?.Uuid,
            Seqno = Number("wsrep_last_committed") ?? position?.Seqno,
            Segment = Option("gmcast.segment") is { } segment && int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : known.Segment,
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
            MemberAddresses = [.. List("wsrep_incoming_addresses", ',').Select(WithoutPort)],
            StateTransfer = Text("transfer"),
            TransferWork = Number("transfer_work") ?? 0,
            DataKilobytes = Number("size_kb"),
            Version = Text("version"),
            Error = known.Error ?? Text("sql_error") ?? (Text("phase") == "waiting" ? Text("reason") : isSilent ? "its report is not whole" : null),
            TakesNoConnections = TakesNoConnections,
            IsSilent = isSilent,
            RefusedSecret = Text("account") == "mysql" || Text("sql_error")?.StartsWith(Refused, StringComparison.Ordinal) is true ? Text("secret") : null,
        };
    }

    private string State(bool isSilent) => Number("connections") > 0 ? Arbitrating : Text("wsrep_local_state_comment") ?? Text("phase") switch
    {
        "waiting" => Waiting,
        "recovering" => Recovering,
        _ when isSilent => Unknown,
        "starting" => "Joining",
        _ => "Starting",
    };

    private bool TakesNoConnections => Text("sql_error") is { } error && error.StartsWith(NobodyListens, StringComparison.Ordinal) && !error.EndsWith(TooManyWait, StringComparison.Ordinal);

    /// <summary>A server may be there, and only what it says itself counts: that it takes no connections is known by its client's word alone. A report that was cut off says nothing.</summary>
    private bool IsSilent(bool isArbitrator) => !isArbitrator && Text("phase") is not ("waiting" or "recovering") && Text("wsrep_cluster_status") is null && !TakesNoConnections;

    /// <summary>10.0.1.4:3306, or [fd00::4]:3306.</summary>
    private static string WithoutPort(string address) => address.LastIndexOf(':') is >= 0 and var colon && (address.IndexOf(':') == colon || address[0] == '[') ? address[..colon].Trim('[', ']') : address;

    private string? Text(string name) => values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private IReadOnlyList<string> List(string name, char separator) => Text(name)?.Split(separator, StringSplitOptions.RemoveEmptyEntries) ?? [];

    private long? Number(string name) => long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private double? Fraction(string name) => double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private string? Option(string name) => Text("wsrep_provider_options")?.Split(';', StringSplitOptions.TrimEntries)
        .Select(option => option.Split('=', 2, StringSplitOptions.TrimEntries))
        .FirstOrDefault(option => option.Length == 2 && option[0] == name)?[1];

    /// <summary>Minimum, average, maximum, deviation, count: the average, where anything was measured.</summary>
    private double? Latency()
    {
        var parts = Text("wsrep_evs_repl_latency")?.Split('/');
        return parts is [_, var average, ..] && double.TryParse(average, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? seconds : null;
    }

    /// <summary>How far the data of a node is that waits. Once a server has run, what was written before it says nothing.</summary>
    private (string Uuid, long Seqno)? Position()
    {
        var parts = Text("phase") == "waiting" ? Text("position")?.Split(':', 2) : null;
        return parts is [var uuid, var number] && uuid != NoHistory && uuid.Length > 0 && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seqno)
            ? (uuid, seqno)
            : null;
    }
}
