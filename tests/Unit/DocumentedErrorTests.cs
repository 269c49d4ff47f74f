using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Unit;

/// <summary>docs/errors names every error id that the code can give, and no other.</summary>
public sealed partial class DocumentedErrorTests
{
    internal static readonly string Root = typeof(DocumentedErrorTests).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
        .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    [Fact]
    public void Every_error_id_is_documented() => Assert.Empty(InCode().Except(InDocs()));

    [Fact]
    public void Every_documented_id_is_an_error() => Assert.Empty(InDocs().Except(InCode()));

    private static SortedSet<string> InCode() => new(
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => IdInCode().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)),
        StringComparer.Ordinal);

    private static SortedSet<string> InDocs() => new(
        Directory.EnumerateFiles(Path.Combine(Root, "docs", "errors"), "*.md")
            .SelectMany(File.ReadLines)
            .Select(line => IdInDocs().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value),
        StringComparer.Ordinal);

    [GeneratedRegex("\"([A-Z][A-Za-z0-9]+)\",\\s*ErrorKind\\.")]
    private static partial Regex IdInCode();

    [GeneratedRegex("^\\| `?([A-Z][A-Za-z0-9]+)`? \\|")]
    private static partial Regex IdInDocs();
}
