using SwarmOps.Galera;
using SwarmOps.Galera.Schema;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>What a schema, its code and its statements are found to do wrong, and that what is right is not.</summary>
public sealed class SchemaCheckTests
{
    private static readonly Dictionary<string, string> Sound = new(StringComparer.OrdinalIgnoreCase)
    {
        ["version"] = "10.11.6-MariaDB",
        ["binlog_format"] = "ROW",
        ["innodb_autoinc_lock_mode"] = "2",
        ["auto_increment_increment"] = "3",
        ["wsrep_auto_increment_control"] = "ON",
        ["wsrep_cluster_size"] = "3",
        ["wsrep_osu_method"] = "TOI",
        ["log_output"] = "FILE",
        ["event_scheduler"] = "OFF",
        ["performance_schema"] = "ON",
        ["statements_digest"] = "YES",
        ["uptime"] = "1000",
    };

    private static readonly HashSet<string> All = new(["SELECT", "EVENT", "TRIGGER"], StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void What_is_sound_passes_every_check_once()
    {
        var findings = SchemaCheck.RunAll(Situation(Reading(tables: [Table("orders"), Table("lines")], keyed: ["orders", "lines"])));

        Assert.All(findings, finding => Assert.Equal(FindingResult.Pass, finding.Result));
        Assert.Equal(SchemaCheck.All.Select(check => check.Name).Order(), findings.Select(finding => finding.Check).Order());
        Assert.Contains(findings, finding => finding.Detail == "2 tables have a primary key, or a unique key that serves as one");
        Assert.All(findings, finding => Assert.Equal("galera", finding.Cluster));
    }

    [Fact]
    public void A_table_without_a_key_is_named_with_the_statement_that_adds_one()
    {
        var finding = Assert.Single(Problems(Situation(Reading(tables: [Table("lo`g")]))));

        Assert.Equal(
            (FindingResult.Fail, "PrimaryKey", "shop", "lo`g"),
            (finding.Result, finding.Check, finding.Database, finding.ObjectName)
        );
        Assert.Contains("ALTER TABLE `shop`.`lo``g` ADD COLUMN id", finding.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_counter_that_is_not_the_key_becomes_it() =>
        Assert.Contains(
            "ADD PRIMARY KEY (`no`)",
            Assert
                .Single(Problems(Situation(Reading(tables: [Table("t")], counters: [new SchemaCounter("shop", "t", "no", "int(11)")]))))
                .RecommendedAction,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("MyISAM", "", FindingResult.Fail)]
    [InlineData("MEMORY", "", FindingResult.Fail)]
    [InlineData("Aria", "REPLICATE_MYISAM", FindingResult.Fail)]
    [InlineData("Aria", "REPLICATE_ARIA", FindingResult.Warning)]
    [InlineData("MyISAM", "REQUIRED_PRIMARY_KEY,REPLICATE_MYISAM", FindingResult.Warning)]
    [InlineData("CONNECT", "", FindingResult.Warning)]
    [InlineData("", "", FindingResult.NotTested)]
    [InlineData("InnoDB", "", FindingResult.Pass)]
    [InlineData("INNODB", "", FindingResult.Pass)]
    public void An_engine_is_judged_by_what_it_replicates(string engine, string mode, FindingResult result)
    {
        var reading = Reading(tables: [Table("t", engine: engine)], keyed: ["t"], variables: ("wsrep_mode", mode));

        Assert.Equal(result, Of(Situation(reading), "Engine").Result);
    }

    [Theory]
    [InlineData("InnoDB", 1, 1000, FindingResult.Fail)]
    [InlineData("InnoDB", 1, 1, FindingResult.Pass)]
    [InlineData("InnoDB", 1, 0, FindingResult.Pass)]
    [InlineData("InnoDB", 0, 1000, FindingResult.Pass)]
    [InlineData("Aria", 0, 1000, FindingResult.Fail)]
    public void A_sequence_must_give_each_value_once(string engine, int step, int cache, FindingResult result)
    {
        var reading = Reading(tables: [Table("s", "SEQUENCE", engine)], sequences: [new SchemaSequence("shop", "s", step, cache)]);

        Assert.Equal(result, Of(Situation(reading), "Sequence").Result);
        Assert.Equal(FindingResult.Pass, Of(Situation(reading), "PrimaryKey").Result);
    }

    [Fact]
    public void A_sequence_that_was_not_read_is_not_called_right() =>
        Assert.Equal(FindingResult.NotTested, Of(Situation(Reading(tables: [Table("s", "SEQUENCE")])), "Sequence").Result);

    [Theory]
    [InlineData("int(11)", 1_000_000_000, FindingResult.Pass, 0)]
    [InlineData("int(11)", 1_500_000_000, FindingResult.Warning, 215_827_882)]
    [InlineData("int(11) unsigned", 1_500_000_000, FindingResult.Pass, 0)]
    [InlineData("tinyint(4)", 120, FindingResult.Fail, 2)]
    [InlineData("smallint(5) unsigned", 40_000, FindingResult.Warning, 8_511)]
    [InlineData("bigint(20)", 9_000_000_000_000_000_000, FindingResult.Fail, 74_457_345_618_258_602)]
    [InlineData("double", 9_000_000_000_000_000_000, FindingResult.Pass, 0)]
    public void A_counter_runs_out_sooner_with_more_nodes(string type, long next, FindingResult result, long left)
    {
        var reading = Reading(
            tables: [Table("t") with { NextAutoIncrement = next }],
            keyed: ["t"],
            counters: [new SchemaCounter("shop", "t", "id", type)]
        );

        var finding = Of(Situation(reading), "AutoIncrementRange");

        Assert.Equal(result, finding.Result);
        if (left > 0)
            Assert.Contains($"steps of 3, so one node can insert {left} more rows", finding.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 5000, 5000, FindingResult.Warning)]
    [InlineData(true, 5000, 10, FindingResult.Pass)]
    [InlineData(true, 10, 5000, FindingResult.Pass)]
    [InlineData(false, 0, 0, FindingResult.NotTested)]
    public void A_cascade_counts_where_both_tables_are_written_often(bool isSeen, int child, int parent, FindingResult result)
    {
        var reading = Reading(
            tables: [Table("orders"), Table("lines")],
            keyed: ["orders", "lines"],
            keys: [new SchemaForeignKey("shop", "lines", "fk", "shop", "orders", "RESTRICT", "CASCADE")],
            writes: new() { [("shop", "lines")] = child, [("shop", "orders")] = parent },
            variables: ("performance_schema", isSeen ? "ON" : "OFF")
        );

        Assert.Equal(result, Of(Situation(reading), "ForeignKeyCascade").Result);
    }

    [Theory]
    [InlineData(1L << 30, FindingResult.Pass)]
    [InlineData((1L << 30) + 1, FindingResult.Warning)]
    public void A_large_table_is_one_above_the_limit(long bytes, FindingResult result) =>
        Assert.Equal(result, Of(Situation(Reading(tables: [Table("t") with { Bytes = bytes }], keyed: ["t"])), "LargeTable").Result);

    [Theory]
    [InlineData("binlog_format", "MIXED", "BinlogFormat", FindingResult.Fail)]
    [InlineData("innodb_autoinc_lock_mode", "1", "AutoIncrementLockMode", FindingResult.Fail)]
    [InlineData("wsrep_osu_method", "RSU", "SchemaChangeMethod", FindingResult.Fail)]
    [InlineData("log_output", "TABLE,FILE", "LogOutput", FindingResult.Warning)]
    [InlineData("performance_schema", "OFF", "StatementsSeen", FindingResult.NotTested)]
    [InlineData("statements_digest", "NO", "StatementsSeen", FindingResult.NotTested)]
    public void A_setting_of_one_node_is_found_there(string name, string value, string check, FindingResult result)
    {
        var situation = Situation(Reading("a"), Reading("b", variables: (name, value)));

        var finding = Assert.Single(Problems(situation));

        Assert.Equal((check, result), (finding.Check, finding.Result));
        Assert.Equal("b", finding.Node ?? finding.Detail.Split(" on ")[1][..1]);
    }

    [Fact]
    public void A_log_in_a_table_that_is_written_fails() =>
        Assert.Equal(
            FindingResult.Fail,
            Of(Situation(Reading(variables: [("log_output", "TABLE"), ("slow_query_log", "ON")])), "LogOutput").Result
        );

    [Theory]
    [InlineData("OFF", "1", FindingResult.Warning)]
    [InlineData("OFF", "3", FindingResult.Pass)]
    [InlineData("ON", "1", FindingResult.Pass)]
    public void Counters_must_differ_by_node(string control, string step, FindingResult result) =>
        Assert.Equal(
            result,
            Of(
                Situation(Reading(variables: [("wsrep_auto_increment_control", control), ("auto_increment_increment", step)])),
                "AutoIncrementStep"
            ).Result
        );

    [Theory]
    [InlineData("ENABLED ON", "SLAVESIDE_DISABLED ON", FindingResult.Pass, "")]
    [InlineData("ENABLED ON", "ENABLED ON", FindingResult.Warning, "runs on 2 nodes (a, b)")]
    [InlineData("ENABLED ON", "ENABLED OFF", FindingResult.Pass, "")]
    [InlineData("ENABLED OFF", "SLAVESIDE_DISABLED ON", FindingResult.Warning, "runs on no node")]
    [InlineData("SLAVESIDE_DISABLED ON", "SLAVESIDE_DISABLED ON", FindingResult.Warning, "runs on no node")]
    [InlineData("DISABLED ON", "DISABLED ON", FindingResult.Pass, "")]
    public void An_event_runs_on_one_node(string first, string second, FindingResult result, string says)
    {
        var finding = Of(Situation(WithEvent("a", first), WithEvent("b", second)), "EventNode");

        Assert.Equal(result, finding.Result);
        Assert.Contains(says, finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_that_may_run_on_a_node_that_was_not_read_is_unknown() =>
        Assert.Equal(
            FindingResult.NotTested,
            Of(
                new SchemaSituation
                {
                    Cluster = "galera",
                    Readings = [WithEvent("a", "SLAVESIDE_DISABLED ON")],
                    Unread = new Dictionary<string, string> { ["c"] = "it is Joining" },
                },
                "EventNode"
            ).Result
        );

    [Fact]
    public void A_node_that_was_not_read_is_named()
    {
        var situation = new SchemaSituation
        {
            Cluster = "galera",
            Readings = [Reading("a")],
            Unread = new Dictionary<string, string> { ["c"] = "it is Joining" },
        };

        var finding = Assert.Single(Problems(situation));

        Assert.Equal(("NodeRead", "c", FindingResult.NotTested), (finding.Check, finding.Node, finding.Result));
        Assert.StartsWith("c was not read: it is Joining.", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_account_may_not_see_is_not_called_right()
    {
        var reading = Reading(privileges: ["select", "TRIGGER"], code: [new SchemaCode("PROCEDURE", "shop", "p", null)]);

        Assert.Equal(
            [("Privileges", "events"), ("Privileges", "'p'")],
            Problems(Situation(reading))
                .Select(finding => (finding.Check, finding.Detail.Contains("'p'", StringComparison.Ordinal) ? "'p'" : "events"))
        );
    }

    [Fact]
    public void A_table_that_differs_by_node_fails()
    {
        var situation = Situation(
            Reading("a", checksums: ("t", "4:1")),
            Reading("b", checksums: ("t", "5:7")),
            Reading("c", checksums: ("t", "4:1"))
        );

        var finding = Assert.Single(Problems(situation));

        Assert.Equal(("SchemaDiffers", FindingResult.Fail, "t"), (finding.Check, finding.Result, finding.ObjectName));
        Assert.Contains("one definition on a, c; one definition on b", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_databases_that_were_named_are_checked()
    {
        var situation = new SchemaSituation
        {
            Cluster = "galera",
            Readings =
            [
                Reading(
                    tables: [Table("t"), Table("t") with { Database = "blog" }],
                    code: [new SchemaCode("PROCEDURE", "shop", "p", "XA START 'a'")],
                    statements: [new SchemaStatement("shop", 1, 0, "LOCK TABLE `t` WRITE")]
                ),
            ],
            Databases = [new("blog", false, name => name == "blog")],
        };

        Assert.Equal(("blog", "PrimaryKey"), Problems(situation).Select(finding => (finding.Database!, finding.Check)).Single());
    }

    [Theory]
    [InlineData("XA START 'x'", "XaTransaction")]
    [InlineData("xa  commit @a", "XaTransaction")]
    [InlineData("BEGIN SET SESSION wsrep_on = OFF; DELETE FROM t WHERE a = 1; END", "UnreplicatedWrite")]
    [InlineData("SET @@wsrep_on=0", "UnreplicatedWrite")]
    [InlineData("SET SESSION `wsrep_on` = `OFF`", "UnreplicatedWrite")]
    [InlineData("SET `SQL_LOG_BIN` = ?", "UnreplicatedWrite")]
    [InlineData("SET SESSION wsrep_OSU_method = 'RSU'", "UnreplicatedWrite")]
    [InlineData("SET SESSION binlog_format = 'STATEMENT'", "UnreplicatedWrite")]
    [InlineData("BEGIN IF GET_LOCK('cron', 10) THEN SELECT 1; END IF; END", "NamedLock")]
    [InlineData("SELECT `RELEASE_LOCK` (?)", "NamedLock")]
    [InlineData("SELECT a INTO v FROM t WHERE id = 1 FOR UPDATE", "SelectForUpdate")]
    [InlineData("SELECT a FROM t LOCK IN SHARE MODE", "SelectForUpdate")]
    [InlineData("LOCK TABLES `t` WRITE", "LockTables")]
    [InlineData("FLUSH TABLES t WITH READ LOCK", "FlushTables")]
    [InlineData("FLUSH LOCAL TABLES WITH READ LOCK", "FlushTables")]
    [InlineData("LOAD DATA INFILE 'x' INTO TABLE t", "LargeTransaction")]
    [InlineData("BEGIN DELETE FROM `log`; END", "LargeTransaction")]
    [InlineData("INSERT INTO t SELECT MAX(id) + 1 FROM t", "AutoIncrementAssumed")]
    [InlineData("INSERT INTO t VALUES ((SELECT COALESCE(MAX(`t`.`id`), 0) FROM t))", null)]
    [InlineData("BEGIN PREPARE s FROM 'LOCK TABLES t WRITE'; EXECUTE s; END", "LockTables")]
    [InlineData("BEGIN EXECUTE IMMEDIATE 'SET wsrep_on=0'; END", "UnreplicatedWrite")]
    [InlineData("/*!50003 XA END 'x' */", "XaTransaction")]
    [InlineData("/*M! XA END 'x' */", "XaTransaction")]
    [InlineData("INSERT INTO t VALUES ('LOCK TABLES t WRITE; XA START')", null)]
    [InlineData("-- XA START 'x'\nSELECT 1", null)]
    [InlineData("# LOCK TABLES t\nSELECT 1", null)]
    [InlineData("/* SELECT GET_LOCK('a', 1) */ SELECT 1", null)]
    [InlineData("SELECT 'it''s', 'a\\'b' /* XA START */ FROM t", null)]
    [InlineData("UNLOCK TABLES", null)]
    [InlineData("DELETE FROM log WHERE id < 5", null)]
    [InlineData("SELECT lock_tables, xa, for_update FROM t", null)]
    [InlineData("UPDATE t SET wsrep_online = 0", null)]
    [InlineData("SET wsrep_on = ON", null)]
    [InlineData("SELECT max(id) FROM t", null)]
    [InlineData("SELECT c FROM t WHERE id = 1; UPDATE t SET a = 1", null)]
    [InlineData("SELECT 'open", null)]
    [InlineData("SELECT /* open XA START", null)]
    [InlineData("", null)]
    public void Code_is_judged_by_its_statements_not_by_its_words(string text, string? check)
    {
        var problems = Problems(Situation(Reading(code: [new SchemaCode("PROCEDURE", "shop", "p", text)])));

        Assert.Equal(check is null ? [] : [check], problems.Select(finding => finding.Check));
        Assert.All(problems, finding => Assert.Equal(("shop", "p"), (finding.Database, finding.ObjectName)));
    }

    [Theory]
    [InlineData(10, 200_000, "LargeTransaction")]
    [InlineData(10, 100_000, null)]
    [InlineData(0, 0, null)]
    public void A_statement_is_large_by_the_rows_that_it_changed(int count, int rows, string? check) =>
        Assert.Equal(
            check is null ? [] : [check],
            Problems(Situation(Reading(statements: [new SchemaStatement("shop", count, rows, "DELETE FROM `log`")])))
                .Select(finding => finding.Check)
        );

    [Fact]
    public void The_definition_of_a_routine_is_no_statement_that_ran() =>
        Assert.Empty(
            Problems(Situation(Reading(statements: [new SchemaStatement("shop", 1, 0, "CREATE PROCEDURE `p` ( ) LOCK TABLES `t` WRITE")])))
        );

    [Fact]
    public void A_statement_is_told_with_its_node_and_count()
    {
        var reading = Reading("b", statements: [new SchemaStatement("shop", 7, 0, "SELECT * FROM `t` WHERE `id` = ? FOR UPDATE")]);

        var finding = Assert.Single(Problems(Situation(Reading("a"), reading)));

        Assert.Equal(("SelectForUpdate", "b", "shop"), (finding.Check, finding.Node, finding.Database));
        Assert.StartsWith("An application ran this statement 7 times: SELECT * FROM `t`", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_worst_comes_first() =>
        Assert.Equal(
            [FindingResult.Fail, FindingResult.Warning, FindingResult.NotTested, FindingResult.Pass],
            SchemaCheck
                .RunAll(Situation(Reading(tables: [Table("t") with { Bytes = 1L << 40 }], variables: ("performance_schema", "OFF"))))
                .Select(finding => finding.Result)
                .Distinct()
        );

    [Theory]
    [InlineData("a\tb\\tc\ndone\n", new[] { "a", "b\tc" }, null)]
    [InlineData("a\t\\\\n\\n\\0x\ndone\n", new[] { "a", "\\n\n\0x" }, null)]
    [InlineData("done\n", null, null)]
    [InlineData("a\tb\n", null, "its answer is incomplete")]
    [InlineData("", null, "its answer is incomplete")]
    [InlineData("a\tb\nsql_error\tERROR 1045 (28000): no\n", null, "ERROR 1045 (28000): no")]
    [InlineData("sql_error\tERROR 1064: near 'x\ny'\n", null, "ERROR 1064: near 'x y'")]
    public void Rows_count_only_when_the_answer_is_complete(string text, string[]? row, string? error)
    {
        var (rows, said) = SqlRows.Parse(text);

        Assert.Equal(error, said);
        Assert.Equal(row is null ? [] : [row], rows);
    }

    private static GaleraFinding Of(SchemaSituation situation, string check) =>
        SchemaCheck.RunAll(situation).First(finding => finding.Check == check);

    private static IReadOnlyList<GaleraFinding> Problems(SchemaSituation situation) =>
        [.. SchemaCheck.RunAll(situation).Where(finding => finding.Result != FindingResult.Pass)];

    private static SchemaSituation Situation(params SchemaReading[] readings) => new() { Cluster = "galera", Readings = readings };

    private static SchemaTable Table(string name, string type = "BASE TABLE", string engine = "InnoDB") =>
        new("shop", name, type, engine, 1 << 14, 1, "");

    private static SchemaReading WithEvent(string node, string state) =>
        Reading(
            node,
            code: [new SchemaCode("EVENT", "shop", "nightly", "DELETE FROM t WHERE a < 1", state.Split(' ')[0])],
            variables: ("event_scheduler", state.Split(' ')[1])
        );

    private static SchemaReading Reading(
        string node = "a",
        IReadOnlyList<SchemaTable>? tables = null,
        IReadOnlyList<string>? keyed = null,
        IReadOnlyList<SchemaCounter>? counters = null,
        IReadOnlyList<SchemaForeignKey>? keys = null,
        IReadOnlyList<SchemaSequence>? sequences = null,
        IReadOnlyList<SchemaCode>? code = null,
        IReadOnlyList<SchemaStatement>? statements = null,
        Dictionary<(string, string), decimal>? writes = null,
        IReadOnlyList<string>? privileges = null,
        (string Table, string Sum)? checksums = null,
        params (string Name, string Value)[] variables
    )
    {
        var all = new Dictionary<string, string>(Sound, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in variables)
            all[name] = value;
        return new SchemaReading
        {
            Node = node,
            Version = all["version"],
            Variables = all,
            Privileges = privileges is null ? All : new HashSet<string>(privileges, StringComparer.OrdinalIgnoreCase),
            Databases = ["shop"],
            Tables = tables ?? [],
            Keyed = (keyed ?? []).Select(table => ("shop", table)).ToHashSet(),
            Counters = counters ?? [],
            ForeignKeys = keys ?? [],
            Sequences = sequences ?? [],
            Code = code ?? [],
            Statements = statements ?? [],
            Writes = writes ?? [],
            Checksums = checksums is { } sum ? new Dictionary<(string, string), string> { [("shop", sum.Table)] = sum.Sum } : [],
        };
    }
}
