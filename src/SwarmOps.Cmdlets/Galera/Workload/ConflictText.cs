using System.Text.RegularExpressions;

namespace SwarmOps.Galera.Workload;

/// <summary>Reads the conflicts in a server's log, as <c>wsrep_log_conflicts</c> writes them.</summary>
internal static partial class ConflictText
{
    private const int LongestStatement = 300;

    /// <summary>The conflicts, the most frequent first.</summary>
    /// <param name="node">The node whose log it is.</param>
    /// <param name="log">The log.</param>
    public static IReadOnlyList<GaleraConflict> Read(string node, string log)
    {
        var lines = log.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var found = new List<GaleraConflict>();
        for (var index = 0; index < lines.Count; index++)
        {
            if (lines[index].StartsWith("*** Victim TRANSACTION", StringComparison.Ordinal))
                found.Add(Abort(node, lines, index));
            else if (lines[index].Contains("cluster conflict due to certification failure", StringComparison.Ordinal))
                found.Add(Failure(node, lines, index));
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

    /// <summary>A brute-force abort: the lock that the winner needed, with its table, index and key.</summary>
    private static GaleraConflict Abort(string node, List<string> lines, int begin)
    {
        var block = lines.Skip(begin + 1).TakeWhile(line => !line.StartsWith("*** ", StringComparison.Ordinal) || line.StartsWith("*** WAITING", StringComparison.Ordinal)).ToList();
        var end = block.FindIndex(line => line.Contains("WSREP: cluster conflict", StringComparison.Ordinal));
        if (end >= 0)
            block = block[..end];
        var thread = block.FindIndex(line => ThreadLine().IsMatch(line));
        var wait = block.FindIndex(line => line.StartsWith("*** WAITING", StringComparison.Ordinal));
        var statement = thread < 0 ? "" : string.Join(' ', block.Skip(thread + 1).TakeWhile(line => !line.StartsWith("*** ", StringComparison.Ordinal) && !line.StartsWith("RECORD LOCKS", StringComparison.Ordinal)));
        var text = string.Join('\n', block.Skip(Math.Max(0, wait)));
        var place = Lock().Match(text);
        return new GaleraConflict
        {
            Node = node,
            Database = Group(place, "database"),
            Table = Group(place, "table"),
            Index = Group(place, "index"),
            Key = KeyColumn().Matches(text).Select(key => key.Groups["hex"].Value).FirstOrDefault(hex => hex != Supremum) is { } value ? $"0x{value}" : null,
            Statement = Normalize(statement),
        };
    }

    /// <summary>A certification failure: only the statement is logged.</summary>
    private static GaleraConflict Failure(string node, List<string> lines, int begin)
    {
        var statement = lines
            .Skip(begin + 1)
            .Take(5)
            .Select(line => Sql().Match(line))
            .FirstOrDefault(match => match.Success)
            ?.Groups["sql"].Value;
        return new GaleraConflict { Node = node, Statement = Normalize(statement ?? "") };
    }

    /// <summary>A statement without its values, which are the application's data.</summary>
    internal static string? Normalize(string statement)
    {
        var line = string.Join(' ', statement.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line is "" or "(null)" or "void")
            return null;
        var plain = Values().Replace(line, "?");
        return plain.Length <= LongestStatement ? plain : $"{plain[..LongestStatement]}...";
    }

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
    private static partial Regex Lock();

    [GeneratedRegex(@"^ *0: len \d+; hex (?<hex>[0-9a-f]+);", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex KeyColumn();

    [GeneratedRegex(@"^\s*SQL: (?<sql>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Sql();

    [GeneratedRegex(@"'(?:[^'\\]|\\.|'')*'?|""(?:[^""\\]|\\.|"""")*""?|(?<![\w`])[0-9][0-9a-fx.]*(?![\w`])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Values();
}
