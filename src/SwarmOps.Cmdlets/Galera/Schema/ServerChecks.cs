namespace SwarmOps.Galera.Schema;

/// <summary>Checks of each server's settings.</summary>
internal static class ServerChecks
{
    public static IReadOnlyList<SchemaCheck> All { get; } =
    [
        new("BinlogFormat", _ => "binlog_format is ROW on all nodes that were read", BinlogFormat),
        new("AutoIncrementLockMode", _ => "innodb_autoinc_lock_mode is 2 on all nodes that were read", LockMode),
        new("AutoIncrementStep", _ => "each node counts AUTO_INCREMENT values of its own", Step),
        new("LogOutput", _ => "no log goes to a table", LogOutput),
        new("SchemaChangeMethod", _ => "schema changes go to all nodes (wsrep_OSU_method=TOI)", Method),
        new("EventNode", situation => $"{situation.Code.Count(code => code.Kind == "EVENT")} events run on one node each", Events),
    ];

    /// <summary>How performance_schema is switched on.</summary>
    public static string SwitchOn(string cluster) =>
        $"Switch it on with a rolling restart, let the application run for a while, then run the same command again: Step-GaleraRestart -Name {cluster} -MariaDbOption @{{ 'performance-schema' = 'ON' }}";

    private static IEnumerable<GaleraFinding> BinlogFormat(SchemaSituation situation) =>
        EachNode(
            situation,
            reading => !reading.Text("binlog_format").Equals("ROW", StringComparison.OrdinalIgnoreCase),
            reading =>
                situation.Finding(
                    "BinlogFormat",
                    FindingResult.Fail,
                    $"binlog_format is {reading.Text("binlog_format")}: Galera replicates rows only, and another format can make all other nodes stop.",
                    "SET GLOBAL binlog_format = 'ROW', then let the applications reconnect."
                )
        );

    private static IEnumerable<GaleraFinding> LockMode(SchemaSituation situation) =>
        EachNode(
            situation,
            reading => reading.Text("innodb_autoinc_lock_mode") != "2",
            reading =>
                situation.Finding(
                    "AutoIncrementLockMode",
                    FindingResult.Fail,
                    $"innodb_autoinc_lock_mode is {reading.Text("innodb_autoinc_lock_mode")}: with parallel applying, inserts can deadlock.",
                    "Remove the option from the server's configuration: New-GaleraService sets it to 2."
                )
        );

    private static IEnumerable<GaleraFinding> Step(SchemaSituation situation) =>
        EachNode(
            situation,
            reading =>
                !reading.Is("wsrep_auto_increment_control")
                && reading.Number("auto_increment_increment") < reading.Number("wsrep_cluster_size"),
            reading =>
                situation.Finding(
                    "AutoIncrementStep",
                    FindingResult.Warning,
                    $"wsrep_auto_increment_control is off, and nodes count AUTO_INCREMENT values in steps of {reading.Text("auto_increment_increment")} in a cluster of {reading.Text("wsrep_cluster_size")}: inserts in two regions use the same value, and one of them fails.",
                    "SET GLOBAL wsrep_auto_increment_control = ON, and make the application accept gaps between values."
                )
        );

    private static IEnumerable<GaleraFinding> LogOutput(SchemaSituation situation) =>
        EachNode(
            situation,
            reading => reading.Text("log_output").Contains("TABLE", StringComparison.OrdinalIgnoreCase),
            reading =>
                situation.Finding(
                    "LogOutput",
                    reading.Is("general_log") || reading.Is("slow_query_log") ? FindingResult.Fail : FindingResult.Warning,
                    reading.Is("general_log") || reading.Is("slow_query_log")
                        ? $"log_output is {reading.Text("log_output")}, and a log is on: Galera does not support logs in tables."
                        : $"log_output is {reading.Text("log_output")}: Galera does not support logs in tables. No log is on at present.",
                    "SET GLOBAL log_output = 'FILE'."
                )
        );

    private static IEnumerable<GaleraFinding> Method(SchemaSituation situation) =>
        EachNode(
            situation,
            reading => reading.Text("wsrep_osu_method").Equals("RSU", StringComparison.OrdinalIgnoreCase),
            _ =>
                situation.Finding(
                    "SchemaChangeMethod",
                    FindingResult.Fail,
                    "wsrep_OSU_method is RSU for all new connections: CREATE, ALTER and DROP change this node only.",
                    "SET GLOBAL wsrep_OSU_method = 'TOI'. Use RSU in the session that needs it only."
                )
        );

    private static IEnumerable<GaleraFinding> Events(SchemaSituation situation)
    {
        foreach (var seen in situation.Code.Where(code => code is { Kind: "EVENT" }))
        {
            var status = situation
                .Readings.Select(reading =>
                    (Reading: reading, Found: reading.Code.FirstOrDefault(code => IsSame(code, seen))?.Status ?? "")
                )
                .ToList();
            var runs = status
                .Where(node => node.Found == "ENABLED" && node.Reading.Is("event_scheduler"))
                .Select(node => node.Reading.Node)
                .ToList();
            if (runs.Count == 1 || status.All(node => node.Found is "DISABLED" or ""))
                continue;
            if (runs.Count > 1)
                yield return Of(
                    situation,
                    seen,
                    FindingResult.Warning,
                    $"The event runs on {runs.Count} nodes ({string.Join(", ", runs)}): its changes are made {runs.Count} times, or conflict.",
                    $"Run it on one node: ALTER EVENT {Quote(seen)} DISABLE, then ALTER EVENT {Quote(seen)} ENABLE on that node only, or SET GLOBAL event_scheduler = OFF on the others."
                );
            else if (situation.Unread.Count > 0)
                yield return Of(
                    situation,
                    seen,
                    FindingResult.NotTested,
                    $"The event runs on none of the nodes that were read; {string.Join(", ", situation.Unread.Keys)} could not be read.",
                    "Run the same command again when all nodes are Synced."
                );
            else
                yield return Of(
                    situation,
                    seen,
                    FindingResult.Warning,
                    $"The event runs on no node: {string.Join(", ", status.Select(node => $"{node.Reading.Node} has {Words(node.Found)} and event_scheduler={node.Reading.Text("event_scheduler")}"))}. Galera enables an event only on the node that creates it.",
                    $"On the node that should run it: SET GLOBAL event_scheduler = ON (and with Step-GaleraRestart -MariaDbOption for later restarts), then ALTER EVENT {Quote(seen)} ENABLE."
                );
        }
    }

    private static string Words(string status) => status.Length == 0 ? "no such event" : $"status {status}";

    private static bool IsSame(SchemaCode one, SchemaCode other) =>
        one.Kind == other.Kind && one.Database == other.Database && one.Name == other.Name;

    private static string Quote(SchemaCode code) => $"{NodeSql.Quote(code.Database)}.{NodeSql.Quote(code.Name)}";

    private static GaleraFinding Of(SchemaSituation situation, SchemaCode code, FindingResult result, string detail, string action) =>
        situation.Finding("EventNode", result, detail, action) with
        {
            Database = code.Database,
            ObjectName = code.Name,
        };

    private static IEnumerable<GaleraFinding> EachNode(
        SchemaSituation situation,
        Func<SchemaReading, bool> isWrong,
        Func<SchemaReading, GaleraFinding> finding
    ) => situation.Readings.Where(isWrong).Select(reading => finding(reading) with { Node = reading.Node });
}
