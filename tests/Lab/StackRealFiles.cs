using SwarmOps.Stacks;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Tests.Lab;

/// <summary>Compose files that people have. They are data outside of the repository: SWARMOPS_COMPOSE names the folder, ../shared/compose is the default.</summary>
internal static class StackRealFiles
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("SWARMOPS_COMPOSE") is { Length: > 0 } given
        ? given
        : Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "compose"));

    /// <summary>The files; the calling test is skipped where they are missing.</summary>
    public static IReadOnlyList<string> All()
    {
        Assert.SkipUnless(Directory.Exists(Folder), $"{Folder} is missing; SWARMOPS_COMPOSE names the folder with real Compose files.");
        return [.. Directory.EnumerateFiles(Folder, "*.y*ml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    /// <summary>The path of a file below the folder.</summary>
    public static string Name(string file) => Path.GetRelativePath(Folder, file);

    /// <summary>The services of a file.</summary>
    public static IReadOnlyList<YamlEntry> Services(string file) =>
        YamlReader.Read(File.ReadAllText(file), new SourceFile(file, "/"), new StackProblems()) is YamlMapping root
        && root["services"] is YamlMapping services
            ? services.Entries
            : [];
}
