using SwarmOps.Nodes.Preflight;

namespace SwarmOps.Tests.Unit;

/// <summary>docs/engines.md tells of the engine's defects what the module's own list says.</summary>
public sealed class EnginesPageTests
{
    private const string Begin = "<!-- defects: the table that engine-defects.json gives; EnginesPageTests prints it -->";

    private const string End = "<!-- end of defects -->";

    private static readonly EngineDefectList List = EngineDefectList.Known;

    private static string Page => File.ReadAllText(Path.Combine(DocumentedErrorTests.Root, "docs", "engines.md")).ReplaceLineEndings("\n");

    [Fact]
    public void The_table_of_defects_is_that_of_the_data()
    {
        var expected = string.Join('\n', Table());
        var start = Page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var found = Page[start..Page.IndexOf(End, start, StringComparison.Ordinal)].Trim('\n');
        Assert.True(expected == found, $"docs/engines.md differs from engine-defects.json. The table is:\n\n{expected}\n");
    }

    [Fact]
    public void The_page_says_how_far_the_list_goes() =>
        Assert.Contains(
            FormattableString.Invariant($"up to {List.NewestRelease}, as of {List.CheckedOn:yyyy-MM-dd}"),
            Page,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_help_page_of_the_check_leads_to_the_table() =>
        Assert.Contains(
            "engines.md",
            File.ReadAllText(Path.Combine(DocumentedErrorTests.Root, "docs", "cmdlets", "Test-SwarmNode.md")),
            StringComparison.Ordinal
        );

    private static IEnumerable<string> Table() =>
        [
            "| releases | severity | what is broken | what to do | what SwarmOps does beside the finding | source |",
            "|---|---|---|---|---|---|",
            .. List
                .Defects.OrderBy(defect => defect.Severity)
                .Select(defect =>
                    $"| {string.Join("; ", defect.Affected.Select(Releases))} | {defect.Severity.ToString().ToLowerInvariant()} | "
                    + $"{Capital(defect.Title)}. {defect.Consequence} {(defect.Role == DefectRole.Manager ? "On managers" : "On all nodes")}: {defect.Condition}. | "
                    + $"{defect.Action} | {defect.Handling ?? "-"} | {string.Join(", ", defect.Sources.Select(Link))} |"
                ),
        ];

    private static string Releases(AffectedReleases releases) =>
        releases.Fixed is { } repaired ? $"{releases.From} to before {repaired}" : $"{releases.From} and later";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Link(Uri source)
    {
        var parts = source.AbsolutePath.Trim('/').Split('/');
        var kind =
            parts[2] == "pull" ? "pull request"
            : parts[2] == "issues" ? "issue"
            : parts[2] == "commit" ? "commit"
            : "advisory";
        return $"[{parts[1]} {kind} {parts[^1]}]({source})";
    }
}
