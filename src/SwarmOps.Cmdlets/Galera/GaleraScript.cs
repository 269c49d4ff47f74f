using System.Security.Cryptography;
using System.Text;
using SwarmOps.Transport;

namespace SwarmOps.Galera;

/// <summary>A script of the module that runs in the containers.</summary>
/// <param name="Name">Name of the file, without extension.</param>
/// <param name="Text">The script.</param>
internal sealed record GaleraScript(string Name, string Text)
{
    /// <summary>Starts a node.</summary>
    public static GaleraScript Start { get; } = Load("galera-start");

    /// <summary>Checks a node's health.</summary>
    public static GaleraScript Health { get; } = Load("galera-health");

    /// <summary>Reports a node's state.</summary>
    public static GaleraScript Report { get; } = Load("galera-report");

    /// <summary>Runs SQL statements on a node's server.</summary>
    public static GaleraScript Query { get; } = Load("galera-query");

    /// <summary>Makes a node's server log conflicts for a while.</summary>
    public static GaleraScript Conflicts { get; } = Load("galera-conflicts");

    /// <summary>Name of its config, which contains a hash of the text, since configs cannot be changed.</summary>
    public string ConfigName => $"{Name}-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))[..10].ToLowerInvariant()}";

    /// <summary>Whether a config contains one of these scripts, of any version.</summary>
    public static bool IsConfigName(string name) =>
        new[] { Start, Health }.Any(script => name.StartsWith($"{script.Name}-", StringComparison.Ordinal));

    private static GaleraScript Load(string name) => new(name, EmbeddedText.Read($"{name}.sh"));
}
