using System.Text.RegularExpressions;

namespace SwarmOps.Galera.Formation;

/// <summary>The server option with which MariaDB refuses or reports what Galera does not replicate (MDEV-20008, MariaDB 10.6 and later).</summary>
internal static partial class StrictMode
{
    /// <summary>A server that does not have the option logs a warning and starts.</summary>
    public const string Option = "loose-wsrep-mode";

    /// <summary>Its value. With BINLOG_ROW_FORMAT_ONLY, MariaDB 10.11.19 and 11.8 refuse CREATE DATABASE, CREATE USER and most other definitions (error 4165).</summary>
    public const string Value = "REQUIRED_PRIMARY_KEY,STRICT_REPLICATION";

    private static readonly Version First = new(10, 6);

    /// <summary>Nodes whose servers do not have the option.</summary>
    public static IReadOnlyList<GaleraNode> Lacking(IEnumerable<GaleraNode> nodes) =>
        [.. nodes.Where(node => !node.IsArbitrator && node.Version is { } version && Parse(version) is { } number && number < First)];

    private static Version? Parse(string version) =>
        Number().Match(version) is { Success: true } match && Version.TryParse(match.Value, out var number) ? number : null;

    [GeneratedRegex(@"^\d+\.\d+(\.\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
