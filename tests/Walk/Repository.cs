using System.Reflection;

namespace SwarmOps.Tests.Walk;

/// <summary>Where things are.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string Module { get; } =
        Path.Combine(Root, "artifacts", "module", "SwarmOps", Metadata("ModuleVersion"), "SwarmOps.psd1");

    /// <summary>The program that runs a script and kills itself at a remote call.</summary>
    public static string KillHost { get; } = Metadata("KillHost");

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
