using System.Reflection;
using System.Text.RegularExpressions;
using SwarmOps.Pipeline;

namespace SwarmOps.Tests.Unit;

/// <summary>How the source is laid out: which folder may know which, and what every operation looks like.</summary>
public sealed partial class HouseTests
{
    /// <summary>The folders of the cmdlets, lowest first: a folder uses only those of lower levels, besides its own subfolders.</summary>
    private static readonly string[][] Levels =
    [
        ["Transport"],
        ["Completion"],
        ["Pipeline"],
        ["Nodes"],
        ["Swarm"],
        ["Overlay"],
        ["Services"],
        ["Galera", "Folders", "GeoDns", "Aws"],
        ["Rollout", "Stacks"],
        ["Maintenance", "Monitoring"],
        ["Recovery"],
        ["Insight"],
    ];

    private static readonly string Source = Path.Combine(DocumentedErrorTests.Root, "src");
    private static readonly string Cmdlets = Path.Combine(Source, "SwarmOps.Cmdlets");

    [Fact]
    public void Every_folder_has_its_level() =>
        Assert.Equal(
            Levels.SelectMany(level => level).Order(StringComparer.Ordinal),
            Files().Select(FolderOf).Where(folder => folder.Length > 0).Distinct().Order(StringComparer.Ordinal)
        );

    [Fact]
    public void A_folder_uses_only_those_below_it()
    {
        var wrong = Files()
            .SelectMany(file =>
                Used(file).Where(used => LevelOf(used) >= LevelOf(FolderOf(file))).Select(used => $"{Relative(file)} uses {used}")
            );
        Assert.Empty(wrong);
    }

    [Fact]
    public void A_namespace_is_the_path_of_its_folder()
    {
        var files = Files().Concat(FilesIn(Path.Combine(Source, "SwarmOps"))).ToList();
        var wrong = files
            .Select(file => (File: file, Name: Namespace().Match(File.ReadAllText(file))))
            .Where(found => found.Name.Success && found.Name.Groups[1].Value != Expected(found.File))
            .Select(found => $"{Relative(found.File)}: {found.Name.Groups[1].Value}, not {Expected(found.File)}");
        Assert.Empty(wrong);
        Assert.True(
            files.Count(file => Namespace().IsMatch(File.ReadAllText(file))) > files.Count / 2,
            "The namespaces of most files were not found."
        );
    }

    [Fact]
    public void No_field_waits_for_its_value() =>
        Assert.Empty(Files().Where(file => LateField().IsMatch(File.ReadAllText(file))).Select(Relative));

    [Fact]
    public void Every_operation_has_the_one_shape()
    {
        var operations = typeof(AsyncCmdlet)
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsNested: false } && type.Name.EndsWith("Operation", StringComparison.Ordinal))
            .ToList();
        Assert.Contains(operations, type => type.Name == "JoinOperation");
        Assert.Equal(
            Files().Select(Path.GetFileNameWithoutExtension).Where(name => name!.EndsWith("Operation", StringComparison.Ordinal)).Order(),
            operations.Select(type => type.Name).Order()
        );
        Assert.Empty(
            operations.Where(type => !IsMadeOfRequest(type)).Select(type => $"{type.Name}: no constructor of a context and a request")
        );
        Assert.Empty(operations.Where(type => !Runs(type)).Select(type => $"{type.Name}: no public RunAsync() as the only way to run it"));
    }

    private static bool IsMadeOfRequest(Type type) =>
        type.GetConstructors() is [var only]
        && only.GetParameters() is [var first, .., var last]
        && first.ParameterType == typeof(IOperationContext)
        && last.ParameterType.Name.EndsWith("Request", StringComparison.Ordinal);

    private static bool Runs(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName)
            .ToList()
            is [{ Name: "RunAsync" } run]
        && run.GetParameters().Length == 0
        && run.ReturnType.IsAssignableTo(typeof(Task));

    private static IEnumerable<string> Files() => FilesIn(Cmdlets);

    private static IEnumerable<string> FilesIn(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories);

    private static string Relative(string file) => Path.GetRelativePath(Source, file);

    private static string FolderOf(string file) =>
        Path.GetRelativePath(Cmdlets, file).Split(Path.DirectorySeparatorChar) is [var folder, _, ..] ? folder : "";

    private static int LevelOf(string folder) => Array.FindIndex(Levels, level => level.Contains(folder));

    private static string Expected(string file) =>
        string.Join('.', ["SwarmOps", .. Path.GetDirectoryName(Relative(file))!.Split(Path.DirectorySeparatorChar)[1..]]);

    /// <summary>The other folders that a file names, in its usings or in full.</summary>
    private static IEnumerable<string> Used(string file) =>
        FolderName()
            .Matches(File.ReadAllText(file))
            .Select(match => match.Groups[1].Value)
            .Where(folder => LevelOf(folder) >= 0 && folder != FolderOf(file))
            .Distinct();

    [GeneratedRegex(@"\bSwarmOps\.(\w+)")]
    private static partial Regex FolderName();

    [GeneratedRegex(@"^namespace (\S+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"= null!|= default!")]
    private static partial Regex LateField();
}
