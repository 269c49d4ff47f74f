using System.Globalization;
using System.Text.RegularExpressions;

namespace SwarmOps.Recovery.Store;

/// <summary>The name of a backup's file: the swarm and the time, so that names in their order are in the order of time.</summary>
/// <param name="SwarmId">The swarm.</param>
/// <param name="CreatedAt">The time, UTC, to the second.</param>
/// <param name="Cluster">The Galera cluster whose database it is of; null for the swarm itself.</param>
internal sealed partial record BackupName(string SwarmId, DateTime CreatedAt, string? Cluster = null)
{
    /// <summary>The end of the name of a file that is not complete.</summary>
    public const string Partial = ".partial";

    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Reads a file's name; null when it is not one of a backup. A name that a person chose is none, so no retention touches it.</summary>
    public static BackupName? TryParse(string name) =>
        Form().Match(name) is { Success: true } match
        && DateTime.TryParseExact(
            match.Groups[2].Value,
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? new BackupName(match.Groups[1].Value, time, match.Groups[3] is { Success: true, Value: var cluster } ? cluster : null)
            : null;

    /// <summary>The time of a backup that is made now: to the second, as its name has it.</summary>
    public static DateTime Now() => DateTime.UtcNow is var now ? now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)) : default;

    /// <summary>The backups of a swarm, or of one database in it, that are not among the newest.</summary>
    /// <param name="all">All backups of a place.</param>
    /// <param name="swarmId">The swarm.</param>
    /// <param name="keep">How many stay.</param>
    /// <param name="cluster">The Galera cluster; null for the swarm itself.</param>
    public static IReadOnlyList<BackupName> Surplus(IEnumerable<BackupName> all, string swarmId, int keep, string? cluster = null) =>
        [.. all.Where(name => name.SwarmId == swarmId && name.Cluster == cluster).OrderByDescending(name => name.CreatedAt).Skip(keep)];

    /// <summary>The file's name.</summary>
    public override string ToString() =>
        $"swarm-{SwarmId}-{CreatedAt.ToString(TimeFormat, CultureInfo.InvariantCulture)}{(Cluster is null ? "" : $".galera-{Cluster}")}.swarmbackup";

    [GeneratedRegex(@"^swarm-([a-z0-9]+)-(\d{8}T\d{6}Z)(?:\.galera-([a-z0-9-]+))?\.swarmbackup$")]
    private static partial Regex Form();
}
