namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>Real Compose files and the published schema. They are data outside of the repository: SWARMOPS_COMPOSE names the folder, ../shared/compose is the default.</summary>
internal static class SharedFiles
{
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("SWARMOPS_COMPOSE") is { Length: > 0 } given
            ? given
            : Path.GetFullPath(Path.Combine(DocumentedErrorTests.Root, "..", "shared", "compose"));

    public static string Schema => Path.Combine(Folder, "schema", "compose-spec.json");

    /// <summary>Skips the test, with the reason, where the files are missing.</summary>
    public static void SkipIfMissing() =>
        Assert.SkipUnless(
            File.Exists(Schema),
            $"{Schema} is missing; SWARMOPS_COMPOSE names the folder with the schema and real Compose files."
        );

    /// <summary>The Compose files.</summary>
    public static IReadOnlyList<string> All() =>
        [
            .. Directory
                .EnumerateFiles(Folder, "*.y*ml", SearchOption.AllDirectories)
                .Where(file => Path.GetExtension(file) is ".yaml" or ".yml")
                .Order(StringComparer.Ordinal),
        ];
}
