using System.Globalization;

namespace SwarmOps.Galera.Schema;

/// <summary>The statements that read a server's schema, and what their rows mean. The first column of each row names its kind.</summary>
internal static class SchemaQuery
{
    private const string Own = "('mysql', 'information_schema', 'performance_schema', 'sys')";

    /// <summary>More different statements than this are not examined: those that run most often come first.</summary>
    private const int MostStatements = 2000;

    /// <summary>Reads everything but sequences and what performance_schema has recorded.</summary>
    /// <param name="limit">The time limit of each statement.</param>
    public static string Statements(TimeSpan limit) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            SET SESSION sql_mode = '', wsrep_sync_wait = 0, lock_wait_timeout = 10, max_statement_time = {{limit.TotalSeconds:0}};
            SELECT 'variable', LOWER(VARIABLE_NAME), VARIABLE_VALUE FROM information_schema.GLOBAL_VARIABLES WHERE VARIABLE_NAME IN (
                'version', 'log_output', 'general_log', 'slow_query_log', 'binlog_format', 'innodb_autoinc_lock_mode', 'auto_increment_increment',
                'wsrep_auto_increment_control', 'wsrep_on', 'wsrep_mode', 'wsrep_replicate_myisam', 'wsrep_osu_method', 'event_scheduler', 'performance_schema');
            SELECT 'variable', LOWER(VARIABLE_NAME), VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME IN ('wsrep_cluster_size', 'uptime');
            SELECT 'privilege', PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES
                WHERE GRANTEE = CONCAT('\'', LEFT(CURRENT_USER(), CHAR_LENGTH(CURRENT_USER()) - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1), '\'@\'', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '\'');
            SELECT 'database', SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN {{Own}};
            SELECT 'table', TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, IFNULL(ENGINE, ''), IFNULL(DATA_LENGTH, 0) + IFNULL(INDEX_LENGTH, 0), IFNULL(AUTO_INCREMENT, 0), TABLE_COMMENT
                FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN {{Own}} AND TABLE_TYPE NOT IN ('VIEW', 'SYSTEM VIEW', 'TEMPORARY');
            SELECT DISTINCT 'keyed', TABLE_SCHEMA, TABLE_NAME FROM (
                SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME FROM information_schema.STATISTICS WHERE NON_UNIQUE = 0 AND TABLE_SCHEMA NOT IN {{Own}}
                GROUP BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME HAVING SUM(INDEX_NAME <> 'PRIMARY' AND (NULLABLE = 'YES' OR SUB_PART IS NOT NULL OR INDEX_TYPE = 'HASH')) = 0) AS found;
            SELECT 'checksum', TABLE_SCHEMA, TABLE_NAME, COUNT(*), BIT_XOR(CRC32(CONCAT_WS('\n', ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, IFNULL(COLUMN_DEFAULT, '-'), IFNULL(COLLATION_NAME, '-'))))
                FROM information_schema.COLUMNS WHERE TABLE_SCHEMA NOT IN {{Own}} GROUP BY TABLE_SCHEMA, TABLE_NAME;
            SELECT 'checksum', TABLE_SCHEMA, TABLE_NAME, COUNT(*), BIT_XOR(CRC32(CONCAT_WS('\n', INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME, IFNULL(SUB_PART, '-'), INDEX_TYPE)))
                FROM information_schema.STATISTICS WHERE TABLE_SCHEMA NOT IN {{Own}} GROUP BY TABLE_SCHEMA, TABLE_NAME;
            SELECT 'counter', TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE FROM information_schema.COLUMNS WHERE EXTRA LIKE '%auto_increment%' AND TABLE_SCHEMA NOT IN {{Own}};
            SELECT 'foreign', CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME, UPDATE_RULE, DELETE_RULE
                FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA NOT IN {{Own}} AND (UPDATE_RULE IN ('CASCADE', 'SET NULL') OR DELETE_RULE IN ('CASCADE', 'SET NULL'));
            SELECT 'code', ROUTINE_TYPE, ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_DEFINITION IS NOT NULL, IFNULL(ROUTINE_DEFINITION, ''), '' FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA NOT IN {{Own}};
            SELECT 'code', 'TRIGGER', TRIGGER_SCHEMA, TRIGGER_NAME, 1, ACTION_STATEMENT, '' FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA NOT IN {{Own}};
            SELECT 'code', 'EVENT', EVENT_SCHEMA, EVENT_NAME, 1, EVENT_DEFINITION, STATUS FROM information_schema.EVENTS WHERE EVENT_SCHEMA NOT IN {{Own}};
            """
        );

    /// <summary>Reads what performance_schema has recorded; it needs the privilege SELECT there.</summary>
    /// <param name="limit">The time limit of each statement.</param>
    public static string Recorded(TimeSpan limit) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            SET SESSION sql_mode = '', wsrep_sync_wait = 0, lock_wait_timeout = 10, max_statement_time = {{limit.TotalSeconds:0}};
            SELECT 'variable', NAME, ENABLED FROM performance_schema.setup_consumers WHERE NAME = 'statements_digest';
            SELECT 'statement', SCHEMA_NAME, COUNT_STAR, SUM_ROWS_AFFECTED, DIGEST_TEXT FROM performance_schema.events_statements_summary_by_digest
                WHERE SCHEMA_NAME IS NOT NULL AND SCHEMA_NAME NOT IN {{Own}} AND DIGEST_TEXT IS NOT NULL ORDER BY COUNT_STAR DESC LIMIT {{MostStatements}};
            SELECT 'writes', OBJECT_SCHEMA, OBJECT_NAME, COUNT_WRITE FROM performance_schema.table_io_waits_summary_by_table
                WHERE OBJECT_TYPE = 'TABLE' AND COUNT_WRITE > 0 AND OBJECT_SCHEMA NOT IN {{Own}};
            """
        );

    /// <summary>Reads step and cache of sequences: no view of information_schema has them before MariaDB 12.</summary>
    public static string Sequences(IEnumerable<SchemaTable> sequences) =>
        string.Join(
            '\n',
            sequences.Select(sequence =>
                $"SELECT 'sequence', {Literal(sequence.Database)}, {Literal(sequence.Name)}, increment, cache_size FROM {NodeSql.Quote(sequence.Database)}.{NodeSql.Quote(sequence.Name)};"
            )
        );

    /// <summary>Makes a reading of a server's rows.</summary>
    /// <param name="node">Name of the host.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="hidden">Why the recorded statements could not be read; null if they could.</param>
    public static SchemaReading Read(string node, IReadOnlyList<string[]> rows, string? hidden = null)
    {
        var byKind = rows.Where(row => row.Length > 1).ToLookup(row => row[0], StringComparer.Ordinal);
        var variables = byKind["variable"]
            .Where(row => row.Length == 3)
            .GroupBy(row => row[1], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.Last()[2], StringComparer.OrdinalIgnoreCase);
        return new SchemaReading
        {
            Node = node,
            StatementsHidden = hidden,
            Version = variables.GetValueOrDefault("version", ""),
            Variables = variables,
            Privileges = byKind["privilege"].Select(row => row[1]).ToHashSet(StringComparer.OrdinalIgnoreCase),
            Databases = [.. byKind["database"].Select(row => row[1])],
            Tables =
            [
                .. byKind["table"]
                    .Select(row => new SchemaTable(row[1], row[2], row[3], row[4], (long)Number(row[5]), Number(row[6]), row[7])),
            ],
            Keyed = byKind["keyed"].Select(row => (row[1], row[2])).ToHashSet(),
            Checksums = byKind["checksum"]
                .GroupBy(row => (row[1], row[2]))
                .ToDictionary(group => group.Key, group => string.Join(';', group.Select(row => $"{row[3]}:{row[4]}"))),
            Counters = [.. byKind["counter"].Select(row => new SchemaCounter(row[1], row[2], row[3], row[4]))],
            ForeignKeys =
            [
                .. byKind["foreign"].Select(row => new SchemaForeignKey(row[1], row[2], row[3], row[4], row[5], row[6], row[7])),
            ],
            Code = [.. byKind["code"].Select(row => new SchemaCode(row[1], row[2], row[3], row[4] == "1" ? row[5] : null, row[6]))],
            Statements = [.. byKind["statement"].Select(row => new SchemaStatement(row[1], Number(row[2]), Number(row[3]), row[4]))],
            Writes = byKind["writes"]
                .GroupBy(row => (row[1], row[2]))
                .ToDictionary(group => group.Key, group => group.Sum(row => Number(row[3]))),
            Sequences = [.. byKind["sequence"].Select(row => new SchemaSequence(row[1], row[2], Number(row[3]), Number(row[4])))],
        };
    }

    /// <summary>A number; 0 if it is none.</summary>
    public static decimal Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    private static string Literal(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
