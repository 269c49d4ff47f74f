using System.Text.RegularExpressions;

namespace SwarmOps.Galera.Workload;

/// <summary>Reads the conflicts in a server's log, as <c>wsrep_log_conflicts</c> writes them.</summary>
internal static partial class ConflictText
{
    private const int LongestStatement = 300;

    /// <summary>Lines about one conflict.</summary>
    private const int MostLines = 8;

    private const string Aborted = "WSREP: cluster conflict due to high priority abort",
        Failed = "WSREP: cluster conflict due to certification failure";

    /// <summary>The conflicts, the most frequent first.</summary>
    /// <param name="node">The node whose log it is.</param>
    /// <param name="log">The log.</param>
    public static IReadOnlyList<GaleraConflict> Read(string node, string log)
    {
        var lines = log.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var found = new List<GaleraConflict>();
        var isTold = false;
        for (var index = 0; index < lines.Count; index++)
        {
            if (lines[index].StartsWith("*** Victim TRANSACTION", StringComparison.Ordinal))
            {
                found.Add(Lock(node, lines, index));
                isTold = true;
            }
            else if (lines[index].Contains(Aborted, StringComparison.Ordinal))
            {
                // MariaDB 10.5 writes about the same conflict twice.
                if (!isTold)
                    found.Add(Thread(node, lines, index));
                isTold = false;
            }
            else if (lines[index].Contains(Failed, StringComparison.Ordinal))
            {
                found.Add(Thread(node, lines, index));
            }
        }

        return
        [
            .. found
                .GroupBy(conflict => conflict)
                .Select(group => group.Key with { Count = group.Count() })
                .OrderByDescending(conflict => conflict.Count)
                .ThenBy(conflict => conflict.Table, StringComparer.Ordinal),
        ];
    }

    /// <summary>A brute-force abort as MariaDB 10.5 and earlier write it: the lock that the winner needed, with its table, index and key.</summary>
    private static GaleraConflict Lock(string node, List<string> lines, int begin)
    {
        var block = lines
            .Skip(begin + 1)
            .TakeWhile(line =>
                !line.Contains(Aborted, StringComparison.Ordinal) && !line.StartsWith("*** Priority", StringComparison.Ordinal)
            )
            .ToList();
        var thread = block.FindIndex(line => ThreadLine().IsMatch(line));
        var wait = block.FindIndex(line => line.StartsWith("*** WAITING", StringComparison.Ordinal));
        var statement =
            thread < 0
                ? ""
                : string.Join(' ', block.Skip(thread + 1).TakeWhile(line => !line.StartsWith("*** ", StringComparison.Ordinal)));
        var text = string.Join('\n', block.Skip(Math.Max(0, wait)));
        var place = LockedTable().Match(text);
        var key = KeyColumn().Matches(text).Select(key => key.Groups["hex"].Value).FirstOrDefault(hex => hex != Supremum);
        return new GaleraConflict
        {
            Node = node,
            Database = Group(place, "database"),
            Table = Group(place, "table"),
            Index = Group(place, "index"),
            Row = key is null ? null : $"0x{key}",
            Statement = Normalize(statement),
        };
    }

    /// <summary>A conflict as later versions write it, and a certification failure: the statement of the transaction that was rolled back.</summary>
    private static GaleraConflict Thread(string node, List<string> lines, int begin)
    {
        var victim = lines
            .Skip(begin + 1)
            .Take(MostLines)
            .SkipWhile(line => !line.Contains("Victim thread", StringComparison.Ordinal))
            .Select(line => Sql().Match(line))
            .FirstOrDefault(match => match.Success);
        var statement = string.Join(' ', (victim?.Groups["sql"].Value ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var table = Changed().Match(statement);
        var condition = Condition().Match(statement);
        return new GaleraConflict
        {
            Node = node,
            Database = table.Success && table.Groups["database"].Success ? Group(table, "database") : null,
            Table = Group(table, "table"),
            Row = condition.Success ? Shorten(Texts().Replace(condition.Groups["where"].Value, "?")) : null,
            Statement = Normalize(statement),
        };
    }

    /// <summary>A statement without its values, which are the application's data.</summary>
    internal static string? Normalize(string statement)
    {
        var line = string.Join(' ', statement.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line is "" or "(null)" or "void")
            return null;
        return Shorten(Values().Replace(line, "?"));
    }

    private static string Shorten(string text) => text.Length <= LongestStatement ? text : $"{text[..LongestStatement]}...";

    private static string? Group(Match match, string name) =>
        match.Success ? match.Groups[name].Value.Replace("``", "`", StringComparison.Ordinal) : null;

    /// <summary>The pseudo-record at the end of each page is no row.</summary>
    private const string Supremum = "73757072656d756d";

    [GeneratedRegex(@"^(MySQL|MariaDB) thread id \d+", RegexOptions.CultureInvariant)]
    private static partial Regex ThreadLine();

    [GeneratedRegex(
        @"index `?(?<index>[^`\s]+)`?\s+of table `(?<database>(?:[^`]|``)+)`\.`(?<table>(?:[^`]|``)+)`",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex LockedTable();

    [GeneratedRegex(@"^ *0: len \d+; hex (?<hex>[0-9a-f]+);", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex KeyColumn();

    [GeneratedRegex(@"^\s*SQL: (?<sql>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Sql();

    [GeneratedRegex(
        @"^\s*(?:UPDATE|INSERT|REPLACE|DELETE)\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|QUICK|IGNORE)\s+)*(?:INTO\s+|FROM\s+)?(?:`?(?<database>[\w$]+)`?\s*\.\s*)?`?(?<table>[\w$]+)`?",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Changed();

    [GeneratedRegex(
        @"\bWHERE\s+(?<where>.+?)(?:\s+(?:ORDER BY|LIMIT|RETURNING)\b.*)?$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Condition();

    [GeneratedRegex(
        @"'(?:[^'\\]|\\.|'')*'?|""(?:[^""\\]|\\.|"""")*""?|\b0x[0-9a-f]+",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Texts();

    [GeneratedRegex(
        @"'(?:[^'\\]|\\.|'')*'?|""(?:[^""\\]|\\.|"""")*""?|(?<![\w`])[0-9][0-9a-fx.]*(?![\w`])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Values();
}
