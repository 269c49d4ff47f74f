using System.Globalization;

namespace SwarmOps.Galera.Schema;

/// <summary>Checks of tables and sequences.</summary>
internal static class TableChecks
{
    /// <summary>Writes in a second above which a table counts as frequently updated.</summary>
    private const decimal ManyWrites = 1;

    /// <summary>Shares of an AUTO_INCREMENT column's range.</summary>
    private const decimal HalfUsed = 0.5m,
        NearlyUsed = 0.9m;

    private static readonly Dictionary<string, string> ReplicatedByMode = new(StringComparer.OrdinalIgnoreCase)
    {
        ["MyISAM"] = "REPLICATE_MYISAM",
        ["Aria"] = "REPLICATE_ARIA",
    };

    /// <summary>Engines that keep their rows outside this server.</summary>
    private static readonly string[] Remote = ["CONNECT", "FEDERATED", "SPIDER", "S3"];

    public static IReadOnlyList<SchemaCheck> All { get; } =
    [
        new(
            "PrimaryKey",
            situation => $"{situation.Tables.Count} tables have a primary key, or a unique key that serves as one",
            PrimaryKey
        ),
        new("Engine", situation => $"{situation.Tables.Count} tables are replicated", Engine),
        new("Sequence", situation => $"{situation.Sequences.Count} sequences give each value once", Sequence),
        new("AutoIncrementRange", _ => "the AUTO_INCREMENT columns have used less than half of their range", Range),
        new("ForeignKeyCascade", _ => "no foreign key cascades between two tables that are written often", Cascade),
        new("LargeTable", situation => $"no table is larger than {Size(situation.LargeTable)}", Large),
    ];

    private static IEnumerable<GaleraFinding> PrimaryKey(SchemaSituation situation)
    {
        foreach (
            var table in situation.Tables.Where(table =>
                table.Engine.Length > 0 && !situation.Any.Keyed.Contains((table.Database, table.Name))
            )
        )
        {
            var counter = situation.Any.Counters.FirstOrDefault(counter =>
                counter.Database == table.Database && counter.Table == table.Name
            );
            var add = counter is null
                ? "ADD COLUMN id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY INVISIBLE"
                : $"ADD PRIMARY KEY ({NodeSql.Quote(counter.Column)})";
            yield return Of(
                situation,
                table,
                "PrimaryKey",
                FindingResult.Fail,
                "The table has no primary key: DELETE is not supported, its rows can have another order on each node, and its changes are applied one at a time.",
                $"Add a key from its own columns, or: ALTER TABLE {Quote(table)} {add}."
            );
        }
    }

    private static IEnumerable<GaleraFinding> Engine(SchemaSituation situation)
    {
        foreach (var table in situation.Tables.Where(table => !string.Equals(table.Engine, "InnoDB", StringComparison.OrdinalIgnoreCase)))
        {
            if (table.Engine.Length == 0)
                yield return Of(
                    situation,
                    table,
                    "Engine",
                    FindingResult.NotTested,
                    $"The server cannot open the table: {table.Comment}",
                    $"Run CHECK TABLE {Quote(table)}."
                );
            else if (Remote.Contains(table.Engine, StringComparer.OrdinalIgnoreCase))
                yield return Of(
                    situation,
                    table,
                    "Engine",
                    FindingResult.Warning,
                    $"The engine {table.Engine} keeps the rows outside the cluster: every node reaches the same rows only if it reaches the same remote server, and a rollback does not undo its changes.",
                    "Write to it in one region only, outside of transactions that change other tables."
                );
            else if (ReplicatedByMode.TryGetValue(table.Engine, out var mode) && IsReplicated(situation.Any, table.Engine, mode))
                yield return Of(
                    situation,
                    table,
                    "Engine",
                    FindingResult.Warning,
                    $"The engine {table.Engine} is replicated by statement only (experimental), without conflict detection.",
                    $"ALTER TABLE {Quote(table)} ENGINE=InnoDB."
                );
            else
                yield return Of(
                    situation,
                    table,
                    "Engine",
                    FindingResult.Fail,
                    $"The engine {table.Engine} is not replicated: the table exists on every node, but its rows only on the node where they were written.",
                    $"ALTER TABLE {Quote(table)} ENGINE=InnoDB. It copies the rows of the node that runs it; compare the other nodes' rows first."
                );
        }
    }

    private static bool IsReplicated(SchemaReading reading, string engine, string mode) =>
        reading.Text("wsrep_mode").Contains(mode, StringComparison.OrdinalIgnoreCase)
        || (string.Equals(engine, "MyISAM", StringComparison.OrdinalIgnoreCase) && reading.Is("wsrep_replicate_myisam"));

    private static IEnumerable<GaleraFinding> Sequence(SchemaSituation situation)
    {
        foreach (var sequence in situation.Sequences)
        {
            if (!string.Equals(sequence.Engine, "InnoDB", StringComparison.OrdinalIgnoreCase))
            {
                yield return Of(
                    situation,
                    sequence,
                    "Sequence",
                    FindingResult.Fail,
                    $"The sequence uses the engine {sequence.Engine}, which is not replicated: nodes give the same values.",
                    $"ALTER TABLE {Quote(sequence)} ENGINE=InnoDB."
                );
                continue;
            }

            var known = situation.Any.Sequences.FirstOrDefault(known => known.Database == sequence.Database && known.Name == sequence.Name);
            if (known is null)
                yield return Of(
                    situation,
                    sequence,
                    "Sequence",
                    FindingResult.NotTested,
                    "Step and cache of the sequence could not be read.",
                    "Run the same command again with an account that has the global privilege SELECT."
                );
            else if (known is { Increment: not 0, Cache: > 1 })
                yield return Of(
                    situation,
                    sequence,
                    "Sequence",
                    FindingResult.Fail,
                    $"The sequence has INCREMENT BY {known.Increment} and CACHE {known.Cache}: each node caches values of its own, so nodes give the same values, and later versions refuse to create it.",
                    $"ALTER SEQUENCE {Quote(sequence)} INCREMENT BY 0, which gives each node its own values, or NOCACHE, which replicates each value."
                );
        }
    }

    private static IEnumerable<GaleraFinding> Range(SchemaSituation situation)
    {
        foreach (var table in situation.Tables.Where(table => table.NextAutoIncrement > 1))
        {
            var counter = situation.Any.Counters.FirstOrDefault(counter =>
                counter.Database == table.Database && counter.Table == table.Name
            );
            if (counter is null || Largest(counter.ColumnType) is not { } largest || table.NextAutoIncrement <= largest * HalfUsed)
                continue;
            var step = Math.Max(1, situation.Any.Number("auto_increment_increment"));
            var left = Math.Max(0, Math.Floor((largest - table.NextAutoIncrement) / step));
            yield return Of(
                situation,
                table,
                "AutoIncrementRange",
                table.NextAutoIncrement > largest * NearlyUsed ? FindingResult.Fail : FindingResult.Warning,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The column '{counter.Column}' ({counter.ColumnType}) has reached {table.NextAutoIncrement} of {largest}. Each node counts in steps of {step}, so one node can insert {left} more rows."
                ),
                $"ALTER TABLE {Quote(table)} MODIFY {NodeSql.Quote(counter.Column)} BIGINT UNSIGNED NOT NULL AUTO_INCREMENT."
            );
        }
    }

    private static decimal? Largest(string type)
    {
        var isUnsigned = type.Contains("unsigned", StringComparison.OrdinalIgnoreCase);
        var bits = type.Split('(', ' ')[0].ToUpperInvariant() switch
        {
            "TINYINT" => 8,
            "SMALLINT" => 16,
            "MEDIUMINT" => 24,
            "INT" => 32,
            "BIGINT" => 64,
            _ => 0,
        };
        return bits == 0 ? null : (decimal)(UInt128.One << (isUnsigned ? bits : bits - 1)) - 1;
    }

    private static IEnumerable<GaleraFinding> Cascade(SchemaSituation situation)
    {
        var keys = situation.Any.ForeignKeys.Where(key => situation.Has(key.Database)).ToList();
        if (keys.Count == 0)
            yield break;
        var blind = situation.Readings.Where(reading => !reading.HasStatements).Select(reading => reading.Node).ToList();
        if (blind.Count > 0)
            yield return situation.Finding(
                "ForeignKeyCascade",
                FindingResult.NotTested,
                $"{keys.Count} foreign keys cascade (CASCADE or SET NULL). Whether both of their tables are written often is unknown: performance_schema is off on {string.Join(", ", blind)}.",
                ServerChecks.SwitchOn(situation.Cluster)
            );
        foreach (var key in keys)
        {
            var child = Writes(situation, key.Database, key.Table);
            var parent = Writes(situation, key.ParentDatabase, key.Parent);
            if (child < ManyWrites || parent < ManyWrites)
                continue;
            var delete = key.DeleteRule is "CASCADE" or "SET NULL" ? $"ON DELETE {key.DeleteRule}" : $"ON UPDATE {key.UpdateRule}";
            yield return situation.Finding(
                "ForeignKeyCascade",
                FindingResult.Warning,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The foreign key '{key.Name}' to '{key.ParentDatabase}.{key.Parent}' has {delete}, and both tables are written often ({child:0.#} and {parent:0.#} rows/s): a change of one parent row conflicts with changes of all its child rows in other regions."
                ),
                "Write both tables in one region only, or delete child rows in the application, in small transactions."
            ) with
            {
                Database = key.Database,
                ObjectName = key.Table,
            };
        }
    }

    /// <summary>Rows written in a second, over all nodes: a node also counts what it applies for others, so the highest is taken.</summary>
    private static decimal Writes(SchemaSituation situation, string database, string table) =>
        situation.Readings.Max(reading =>
            reading.Uptime > TimeSpan.Zero ? reading.Writes.GetValueOrDefault((database, table)) / (decimal)reading.Uptime.TotalSeconds : 0
        );

    private static IEnumerable<GaleraFinding> Large(SchemaSituation situation) =>
        situation
            .Tables.Where(table => table.Bytes > situation.LargeTable)
            .Select(table =>
                Of(
                    situation,
                    table,
                    "LargeTable",
                    FindingResult.Warning,
                    $"The table has {Size(table.Bytes)}. A schema change that rebuilds it stops all writes of the cluster until every node has rebuilt it (total order isolation).",
                    "Use ALGORITHM=INSTANT where possible (the statement fails where it is not); otherwise use a tool that copies in small steps, such as pt-online-schema-change, or wsrep_OSU_method=RSU on one node after the other."
                )
            );

    private static string Size(long bytes) =>
        bytes >= 1L << 30
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.#} GB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.#} MB");

    private static string Quote(SchemaTable table) => $"{NodeSql.Quote(table.Database)}.{NodeSql.Quote(table.Name)}";

    private static GaleraFinding Of(
        SchemaSituation situation,
        SchemaTable table,
        string check,
        FindingResult result,
        string detail,
        string action
    ) => situation.Finding(check, result, detail, action) with { Database = table.Database, ObjectName = table.Name };
}
