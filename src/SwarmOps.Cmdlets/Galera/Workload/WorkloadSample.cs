using System.Globalization;

namespace SwarmOps.Galera.Workload;

/// <summary>A schema change that was running when a sample was taken.</summary>
/// <param name="Id">Its connection.</param>
/// <param name="Time">How long it has been running.</param>
/// <param name="Text">The beginning of the statement.</param>
internal sealed record SchemaChange(string Id, TimeSpan Time, string Text);

/// <summary>A node's counters at one moment.</summary>
/// <param name="At">The moment, on this machine's monotonic clock.</param>
/// <param name="Values">Status and variables, by lower-case name.</param>
/// <param name="SchemaChanges">The schema changes that its own clients were running.</param>
internal sealed record WorkloadSample(TimeSpan At, IReadOnlyDictionary<string, string> Values, IReadOnlyList<SchemaChange> SchemaChanges)
{
    /// <summary>Reads a sample.</summary>
    public static string Statements =>
        """
            SET SESSION sql_mode = '', wsrep_sync_wait = 0, max_statement_time = 5;
            SELECT 'value', LOWER(VARIABLE_NAME), VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME IN (
                'uptime', 'wsrep_local_commits', 'wsrep_local_cert_failures', 'wsrep_local_bf_aborts', 'wsrep_replicated', 'wsrep_replicated_bytes',
                'wsrep_flow_control_paused_ns', 'wsrep_flow_control_sent', 'wsrep_local_recv_queue', 'wsrep_local_send_queue', 'wsrep_cert_deps_distance',
                'wsrep_evs_repl_latency', 'wsrep_local_state_comment', 'wsrep_cluster_status');
            SELECT 'value', LOWER(VARIABLE_NAME), VARIABLE_VALUE FROM information_schema.GLOBAL_VARIABLES WHERE VARIABLE_NAME IN ('wsrep_slave_threads', 'wsrep_trx_fragment_size');
            SELECT 'change', ID, TIME_MS, LEFT(INFO, 200) FROM information_schema.PROCESSLIST
                WHERE USER <> 'system user' AND COMMAND <> 'Sleep' AND INFO REGEXP '^[[:space:]]*(ALTER|CREATE|DROP|OPTIMIZE|TRUNCATE|RENAME|REPAIR|ANALYZE)[[:space:]]';
            """;

    /// <summary>Makes a sample of a server's rows.</summary>
    public static WorkloadSample Read(TimeSpan at, IReadOnlyList<string[]> rows) =>
        new(
            at,
            rows.Where(row => row is ["value", _, _])
                .GroupBy(row => row[1], StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Last()[2], StringComparer.Ordinal),
            [
                .. rows.Where(row => row is ["change", _, _, _])
                    .Select(row => new SchemaChange(row[1], TimeSpan.FromMilliseconds(Parse(row[2]) ?? 0), row[3])),
            ]
        );

    /// <summary>A counter; null if the server does not report it.</summary>
    public long? Count(string name) =>
        long.TryParse(Values.GetValueOrDefault(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>A value with a fraction; null if the server does not report it.</summary>
    public double? Fraction(string name) => Values.GetValueOrDefault(name) is { } text ? Parse(text) : null;

    /// <summary>The average of the replication latency: minimum, average, maximum, deviation and number, separated by slashes; null without any.</summary>
    public double? Latency =>
        Values.GetValueOrDefault("wsrep_evs_repl_latency")?.Split('/') is [_, var average, ..] && Parse(average) is { } seconds and > 0
            ? seconds
            : null;

    private static double? Parse(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
