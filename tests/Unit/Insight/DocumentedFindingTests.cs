using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Unit.Insight;

/// <summary>docs/findings.md names every check that the code has, and no other.</summary>
public sealed partial class DocumentedFindingTests
{
    [Fact]
    public void Every_check_is_documented_and_exists() => Assert.Equal(InCode(), InDocs());

    private static SortedSet<string> InCode()
    {
        var source = Path.Combine(DocumentedErrorTests.Root, "src", "SwarmOps.Cmdlets");
        var files = Directory
            .EnumerateFiles(Path.Combine(source, "Insight", "Findings"), "*Judge.cs")
            .Append(Path.Combine(source, "Swarm", "Members", "SwarmHealth.cs"));
        return new(
            files
                .SelectMany(file => Check().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
                .Append("SwarmNotAvailable"),
            StringComparer.Ordinal
        );
    }

    private static SortedSet<string> InDocs() =>
        new(
            File.ReadLines(Path.Combine(DocumentedErrorTests.Root, "docs", "findings.md"))
                .Select(line => Row().Match(line))
                .Where(match => match.Success)
                .SelectMany(match => match.Groups[1].Value.Split(", ")),
            StringComparer.Ordinal
        );

    /// <summary>Names with two humps in quotes: in these files nothing else is written so.</summary>
    [GeneratedRegex("\"([A-Z][a-z]+(?:[A-Z][a-z]+)+)\"")]
    private static partial Regex Check();

    [GeneratedRegex("^\\| ([A-Z][a-z]+[A-Z][A-Za-z]*(?:, [A-Z][A-Za-z]+)*) \\|")]
    private static partial Regex Row();
}
