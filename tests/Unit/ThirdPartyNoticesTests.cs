using System.Text.Json;
using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Unit;

/// <summary>THIRD-PARTY-NOTICES names the packages whose assemblies the module ships, and no others.</summary>
public sealed partial class ThirdPartyNoticesTests
{
    [Fact]
    public void Every_shipped_package_is_named_once() =>
        Assert.Equal(Shipped().Order(StringComparer.Ordinal), Named().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_package_has_a_copyright() => Assert.All(Lines(), line => Assert.Matches("^- [^:]+: Copyright .*[A-Za-z]{3}", line));

    private static IEnumerable<string> Named() => Lines().Select(line => NamedPackage().Match(line).Groups[1].Value);

    private static IEnumerable<string> Lines() =>
        File.ReadLines(Path.Combine(DocumentedErrorTests.Root, "THIRD-PARTY-NOTICES")).Where(line => NamedPackage().IsMatch(line));

    // The list that the compiler writes beside the assembly: packages with assemblies that are loaded at run time.
    private static List<string> Shipped()
    {
        var flavor = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var file = Path.Combine(DocumentedErrorTests.Root, "artifacts", "bin", "SwarmOps.Cmdlets", flavor, "SwarmOps.Cmdlets.deps.json");
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var libraries = document.RootElement.GetProperty("libraries");
        return
        [
            .. document
                .RootElement.GetProperty("targets")
                .EnumerateObject()
                .Single()
                .Value.EnumerateObject()
                .Where(library =>
                    library.Value.TryGetProperty("runtime", out _)
                    && libraries.GetProperty(library.Name).GetProperty("type").GetString() == "package"
                )
                .Select(library => library.Name.Split('/')[0]),
        ];
    }

    [GeneratedRegex("^- ([A-Za-z][A-Za-z0-9.]+): ")]
    private static partial Regex NamedPackage();
}
