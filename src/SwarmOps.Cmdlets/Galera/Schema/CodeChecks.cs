using System.Globalization;

namespace SwarmOps.Galera.Schema;

/// <summary>Checks of routines, triggers, events, and of the statements that applications run.</summary>
internal static class CodeChecks
{
    /// <summary>Rows changed by a statement on average above which its transaction is large: streaming replication is meant for such.</summary>
    private const int ManyRows = 10_000;

    /// <summary>Enough of a statement to recognize it.</summary>
    private const int ShownLength = 200;

    private const string StatementsSeen = "StatementsSeen";

    public static IReadOnlyList<SchemaCheck> All { get; } =
    [
        new(StatementsSeen, situation => $"the statements of applications were recorded on {situation.Readings.Count} nodes", Coverage),
        .. CodePattern.All.Select(pattern => new SchemaCheck(
            pattern.Check,
            situation => $"not in {situation.Code.Count} routines, triggers and events, nor in the statements that were recorded",
            situation => Of(situation, pattern)
        )),
    ];

    private static IEnumerable<GaleraFinding> Coverage(SchemaSituation situation)
    {
        foreach (var reading in situation.Readings.Where(reading => reading.StatementsHidden is not null))
            yield return situation.Finding(
                StatementsSeen,
                FindingResult.NotTested,
                $"The statements of applications could not be read: {reading.StatementsHidden}.",
                "Specify an account with the global privilege SELECT with -RootCredential, or omit -RootCredential to use root."
            ) with
            {
                Node = reading.Node,
            };
        var blind = situation
            .Readings.Where(reading => reading is { HasStatements: false, StatementsHidden: null })
            .Select(reading => reading.Node)
            .ToList();
        if (blind.Count > 0)
            yield return situation.Finding(
                StatementsSeen,
                FindingResult.NotTested,
                $"performance_schema does not record statements on {string.Join(", ", blind)}, so only routines, triggers and events were checked, not what applications run.",
                ServerChecks.SwitchOn(situation.Cluster)
            );
    }

    private static IEnumerable<GaleraFinding> Of(SchemaSituation situation, CodePattern pattern)
    {
        foreach (var code in situation.Code.Where(code => code.Text is { } text && pattern.Pattern.IsMatch(SqlCode.Plain(text))))
            yield return situation.Finding(
                pattern.Check,
                pattern.Result,
                $"The {code.Kind.ToLowerInvariant()} contains {Excerpt(SqlCode.Plain(code.Text!), pattern)}: {pattern.Detail}.",
                pattern.Action
            ) with
            {
                Database = code.Database,
                ObjectName = code.Name,
            };
        foreach (var reading in situation.Readings)
        {
            foreach (var statement in reading.Statements.Where(statement => situation.Has(statement.Database) && IsOne(statement, pattern)))
                yield return situation.Finding(pattern.Check, pattern.Result, Words(statement, pattern), pattern.Action) with
                {
                    Node = reading.Node,
                    Database = statement.Database,
                };
        }
    }

    /// <summary>Statements of applications are counted by the rows that they really changed; their text only tells the other checks.</summary>
    private static bool IsOne(SchemaStatement statement, CodePattern pattern) =>
        !IsDefinition(statement.Text)
        && (
            pattern.Check == "LargeTransaction"
                ? statement.Count > 0 && statement.Rows / statement.Count > ManyRows
                : pattern.Pattern.IsMatch(statement.Text)
        );

    /// <summary>The definition of a routine contains its body, which is checked as code and was not run.</summary>
    private static bool IsDefinition(string text) =>
        text.StartsWith("CREATE ", StringComparison.OrdinalIgnoreCase) || text.StartsWith("ALTER ", StringComparison.OrdinalIgnoreCase);

    private static string Words(SchemaStatement statement, CodePattern pattern)
    {
        var rows =
            pattern.Check == "LargeTransaction"
                ? string.Create(CultureInfo.InvariantCulture, $", {statement.Rows / statement.Count:0} rows each on average")
                : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"An application ran this statement {(statement.Count == 1 ? "once" : $"{statement.Count:0} times")}{rows}: {Shorten(statement.Text)}. {char.ToUpperInvariant(pattern.Detail[0])}{pattern.Detail[1..]}."
        );
    }

    private static string Excerpt(string text, CodePattern pattern) => $"'{Shorten(pattern.Pattern.Match(text).Value)}'";

    private static string Shorten(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= ShownLength ? line : $"{line[..ShownLength]}...";
    }
}
