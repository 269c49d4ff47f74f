namespace SwarmOps.Galera.Schema;

/// <summary>Whether everything could be read: what was not seen is not known to be right.</summary>
internal static class CoverageChecks
{
    /// <summary>The check whether every node was read.</summary>
    public const string NodeRead = "NodeRead";

    /// <summary>The check whether the account may see everything.</summary>
    public const string Privileges = "Privileges";

    /// <summary>Without these, information_schema omits objects silently.</summary>
    private static readonly (string Privilege, string Hides)[] Needed =
    [
        ("SELECT", "tables and bodies of routines"),
        ("EVENT", "events"),
        ("TRIGGER", "triggers"),
    ];

    public static IReadOnlyList<SchemaCheck> All { get; } =
    [
        new(NodeRead, situation => $"all {situation.Readings.Count} nodes with data were read", Nodes),
        new(Privileges, _ => "the account may see all databases, routines, triggers and events", Account),
        new(
            "SchemaDiffers",
            situation => $"{situation.Tables.Count} tables have the same columns and indexes on all nodes that were read",
            Drift
        ),
    ];

    private static IEnumerable<GaleraFinding> Nodes(SchemaSituation situation) =>
        situation
            .Unread.OrderBy(node => node.Key, StringComparer.Ordinal)
            .Select(node =>
                situation.Finding(
                    NodeRead,
                    FindingResult.NotTested,
                    $"{node.Key} was not read: {node.Value}. Its settings and the statements that it runs are unknown.",
                    $"Check it with Get-GaleraCluster -Name {situation.Cluster}, then run the same command again."
                ) with
                {
                    Node = node.Key,
                }
            );

    private static IEnumerable<GaleraFinding> Account(SchemaSituation situation)
    {
        foreach (var (privilege, hides) in Needed.Where(needed => !situation.Any.Privileges.Contains(needed.Privilege)))
            yield return situation.Finding(
                Privileges,
                FindingResult.NotTested,
                $"The account has no global privilege {privilege}, so {hides} that it may not see were not checked.",
                "Specify an account that has it with -RootCredential, or omit -RootCredential to use root."
            );
        foreach (var code in situation.Code.Where(code => code.Text is null))
            yield return situation.Finding(
                Privileges,
                FindingResult.NotTested,
                $"The account may not read the body of the {code.Kind.ToLowerInvariant()} '{code.Name}', so it was not checked.",
                "Specify an account with the global privilege SELECT with -RootCredential, or omit -RootCredential to use root."
            ) with
            {
                Database = code.Database,
                ObjectName = code.Name,
            };
    }

    /// <summary>Tables that are not the same on all nodes that were read.</summary>
    public static IEnumerable<GaleraFinding> Drift(SchemaSituation situation)
    {
        var tables = situation
            .Readings.SelectMany(reading => reading.Checksums.Keys)
            .Where(table => situation.Has(table.Database))
            .Distinct();
        foreach (var table in tables)
        {
            var versions = situation
                .Readings.GroupBy(reading => reading.Checksums.GetValueOrDefault(table, ""), StringComparer.Ordinal)
                .OrderByDescending(version => version.Count())
                .ToList();
            if (versions.Count < 2)
                continue;
            var parts = versions.Select(version =>
                $"{(version.Key.Length == 0 ? "missing" : "one definition")} on {string.Join(", ", version.Select(reading => reading.Node))}"
            );
            yield return situation.Finding(
                "SchemaDiffers",
                FindingResult.Fail,
                $"The table is not the same on all nodes ({string.Join("; ", parts)}): a write that does not fit one of them makes that node leave the cluster.",
                $"Compare SHOW CREATE TABLE {NodeSql.Quote(table.Database)}.{NodeSql.Quote(table.Table)} on these nodes. If an ALTER TABLE with wsrep_OSU_method=RSU is unfinished, run it on the others, too."
            ) with
            {
                Database = table.Database,
                ObjectName = table.Table,
            };
        }
    }
}
