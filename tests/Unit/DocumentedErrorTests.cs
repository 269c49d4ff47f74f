using System.Reflection;
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

    /// <summary>Each id has one meaning, so one factory.</summary>
    [Fact]
    public void No_id_has_two_factories() => Assert.Empty(Factories().GroupBy(factory => factory.Name).Where(group => group.Select(factory => factory.DeclaringType).Distinct().Count() > 1).Select(group => group.Key));

    /// <summary>The names of the factories, which are the ids of what they make, and the ids that stand in the code.</summary>
    private static SortedSet<string> InCode() => new(
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => IdInCode().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .Concat(Factories().Select(factory => factory.Name)),
        StringComparer.Ordinal);

    private static IEnumerable<MethodInfo> Factories() => typeof(SwarmOps.Transport.NodeConnection).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: true, IsSealed: true } && type.Name.EndsWith("Errors", StringComparison.Ordinal))
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
        .Where(method => method.ReturnType == typeof(SwarmOpsException));

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
