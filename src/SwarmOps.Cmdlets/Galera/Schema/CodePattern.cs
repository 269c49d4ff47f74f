using System.Text.RegularExpressions;

namespace SwarmOps.Galera.Schema;

/// <summary>A statement that Galera does not support, or supports on a condition.</summary>
/// <param name="Check">Name of the check.</param>
/// <param name="Result">Fail if it is not supported, Warning if it works on a condition.</param>
/// <param name="Pattern">Recognizes it.</param>
/// <param name="Detail">What follows from it.</param>
/// <param name="Action">What to do instead.</param>
internal sealed partial record CodePattern(string Check, FindingResult Result, Regex Pattern, string Detail, string Action)
{
    /// <summary>All patterns.</summary>
    public static IReadOnlyList<CodePattern> All { get; } =
    [
        new(
            "XaTransaction",
            FindingResult.Fail,
            Xa(),
            "XA transactions are not supported",
            "Use a local transaction, and make the other system's part repeatable."
        ),
        new(
            "UnreplicatedWrite",
            FindingResult.Fail,
            Unreplicated(),
            "it switches replication off for its session, so what it changes exists on one node only",
            "Remove the assignment, and run the statements with replication."
        ),
        new(
            "LockTables",
            FindingResult.Warning,
            LockTables(),
            "LOCK TABLES locks on this node only, and writes from other regions go on",
            "Use a transaction. Otherwise run it in the one region that writes these tables."
        ),
        new(
            "NamedLock",
            FindingResult.Warning,
            NamedLock(),
            "named locks (GET_LOCK) exist on one node only: the same name can be held in each region",
            "Use a row of a table as the lock. Otherwise let all clients that need it connect to one region's node."
        ),
        new(
            "FlushTables",
            FindingResult.Warning,
            FlushTables(),
            "FLUSH TABLES ... WITH READ LOCK pauses replication on this node, which stops all writes of the cluster by flow control; with a list of tables it is not supported",
            "Back up with mariadb-backup, or mariadb-dump --single-transaction."
        ),
        new(
            "SelectForUpdate",
            FindingResult.Warning,
            ForUpdate(),
            "SELECT ... FOR UPDATE locks rows on this node only: if another region changes them, this transaction fails when it commits (error 1213)",
            "Let one region write these rows, and repeat a transaction that failed with error 1213."
        ),
        new(
            "LargeTransaction",
            FindingResult.Warning,
            Large(),
            "it changes many rows in one transaction: the write set is built in memory, and all nodes apply it as one",
            "Change rows in portions of some thousand, or set wsrep_trx_fragment_size for this session (streaming replication)."
        ),
        new(
            "AutoIncrementAssumed",
            FindingResult.Warning,
            Assumed(),
            "it computes the next value from the highest one: nodes count in steps of the number of nodes, values have gaps, and two regions compute the same value",
            "Let AUTO_INCREMENT give the value and read it with LAST_INSERT_ID(), or use a sequence with INCREMENT BY 0."
        ),
    ];

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\bXA\s+(START|BEGIN|END|PREPARE|COMMIT|ROLLBACK)\b", Options)]
    private static partial Regex Xa();

    [GeneratedRegex(
        @"\bSET\b[^;]*?\b((wsrep_on|sql_log_bin)`?\s*:?=\s*['`]?(0|OFF|FALSE|\?)|wsrep_osu_method`?\s*:?=\s*['`]?RSU|binlog_format`?\s*:?=\s*['`]?(STATEMENT|MIXED))",
        Options
    )]
    private static partial Regex Unreplicated();

    [GeneratedRegex(@"\bLOCK\s+TABLES?\s+[`\w]", Options)]
    private static partial Regex LockTables();

    [GeneratedRegex(@"\b(GET_LOCK|RELEASE_LOCK|RELEASE_ALL_LOCKS|IS_FREE_LOCK|IS_USED_LOCK)`?\s*\(", Options)]
    private static partial Regex NamedLock();

    [GeneratedRegex(@"\bFLUSH\s+((LOCAL|NO_WRITE_TO_BINLOG)\s+)?TABLES?\b[^;]*\b(WITH\s+READ\s+LOCK|FOR\s+EXPORT)\b", Options)]
    private static partial Regex FlushTables();

    [GeneratedRegex(@"\bSELECT\b[^;]*\b(FOR\s+UPDATE|LOCK\s+IN\s+SHARE\s+MODE)\b", Options)]
    private static partial Regex ForUpdate();

    [GeneratedRegex(@"\bLOAD\s+(DATA|XML)\b|\bDELETE\s+FROM\s+[`\w.]+\s*(;|\z)", Options)]
    private static partial Regex Large();

    [GeneratedRegex(@"\bMAX`?\s*\(\s*[`\w.]+(\s*\.\s*[`\w]+)?\s*\)\s*\)?\s*\+\s*(1\b|\?)", Options)]
    private static partial Regex Assumed();
}
