using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Unit;

/// <summary>docs/errors names every error id that the code can give, and no other.</summary>
public sealed partial class DocumentedErrorTests
{
    internal static readonly string Root = typeof(DocumentedErrorTests)
        .Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
        .Cast<System.Reflection.AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot")
        .Value!;

    [Fact]
    public void Every_error_id_is_documented() => Assert.Empty(InCode().Except(InDocs()));

    [Fact]
    public void Every_documented_id_is_an_error() => Assert.Empty(InDocs().Except(InCode()));

    /// <summary>Each id has one meaning, so one class makes it.</summary>
    [Fact]
    public void No_id_is_made_in_two_places() =>
        Assert.Empty(
            Sources()
                .SelectMany(source => Factory().Matches(source.Text).Select(match => (source.File, Id: match.Groups[1].Value)))
                .GroupBy(factory => factory.Id)
                .Where(group => group.Select(factory => factory.File).Distinct().Count() > 1)
                .Select(group => group.Key)
        );

    /// <summary>The names of the factories, which are the ids of what they make, and the ids that stand in the code.</summary>
    private static SortedSet<string> InCode() =>
        new(
            Sources()
                .SelectMany(source =>
                    IdInCode().Matches(source.Text).Concat(Factory().Matches(source.Text)).Select(match => match.Groups[1].Value)
                ),
            StringComparer.Ordinal
        );

    private static IEnumerable<(string File, string Text)> Sources() =>
        Directory
            .EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(file => (file, File.ReadAllText(file)));

    private static SortedSet<string> InDocs() =>
        new(
            Directory
                .EnumerateFiles(Path.Combine(Root, "docs", "errors"), "*.md")
                .SelectMany(File.ReadLines)
                .Select(line => IdInDocs().Match(line))
                .Where(match => match.Success)
                .Select(match => match.Groups[1].Value),
            StringComparer.Ordinal
        );

    [GeneratedRegex("\"([A-Z][A-Za-z0-9]+)\",\\s*ErrorKind\\.")]
    private static partial Regex IdInCode();

    [GeneratedRegex(
        @"static SwarmOpsException (\w+)\((?:[^()]|\([^()]*\))*\)\s*(?:=>\s*new\(\s*ErrorKind|\{(?:(?!\n    \}).)*?return new\(\s*ErrorKind)",
        RegexOptions.Singleline
    )]
    private static partial Regex Factory();

    [GeneratedRegex("^\\| `?([A-Z][A-Za-z0-9]+)`? \\|")]
    private static partial Regex IdInDocs();
}
