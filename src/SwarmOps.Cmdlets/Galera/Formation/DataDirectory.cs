using System.Globalization;

namespace SwarmOps.Galera.Formation;

/// <summary>State of a data directory on its host.</summary>
/// <param name="Place">The Galera node that it belongs to.</param>
/// <param name="Files">How many files it contains, excluding the module's own; 0 also if the directory does not exist.</param>
/// <param name="Exists">Whether it exists.</param>
/// <param name="HasMarker">Whether it contains a bootstrap marker.</param>
/// <param name="Uuid">State UUID in its grastate.dat; empty for none.</param>
/// <param name="Trouble">Why it cannot hold a database; null if it can.</param>
internal sealed record DataDirectory(GaleraPlace Place, int Files, bool Exists, bool HasMarker, string Uuid, string? Trouble)
{
    /// <summary>An empty database with its logs needs more than half of this; 277 MB was measured (docs/galera.md).</summary>
    private const long LeastFreeKilobytes = 512 * 1024;

    /// <summary>The path with all links resolved; empty if unknown.</summary>
    public string Real { get; init; } = "";

    /// <summary>Owner, as <c>chown</c> takes it; null if the directory does not exist.</summary>
    public string? Owner { get; init; }

    /// <summary>Mode in octal; null if the directory does not exist.</summary>
    public string? Mode { get; init; }

    /// <summary>The mount that is missing, and where it is configured; null for none.</summary>
    public string? Unmounted { get; init; }

    /// <summary>Whether its bootstrap marker was used before the last boot of the host and no longer applies.</summary>
    public bool IsMarkerStale { get; init; }

    /// <summary>Checksum of the backup that its bootstrap marker says the data are from; empty for none.</summary>
    public string Backup { get; init; } = "";

    /// <summary>Whether it contains no files of a database.</summary>
    public bool IsEmpty => Files == 0;

    /// <summary>Its content as text.</summary>
    public override string ToString() =>
        $"{Place.Node.Name} has {Files}{(Files >= 1000 ? " or more" : "")} files{(Real.Length > 0 ? $" in {Real}" : "")}{(Uuid.Length > 0 ? $" of the state UUID {Uuid}" : "")}";

    /// <summary>Parses the output of <see cref="DataDirectoryScripts.Look"/>.</summary>
    public static DataDirectory Parse(GaleraPlace place, string output)
    {
        var values = output
            .Split('\n')
            .Select(line => line.Split('\t', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1].Trim());
        var files = Number(values, "files");
        var access = values.GetValueOrDefault("access")?.Split(' ') ?? [];
        var trouble =
            values.GetValueOrDefault("kind") is { Length: > 0 } kind ? kind
            : values.ContainsKey("moving")
                ? "an earlier run was interrupted while it moved the data aside; Repair-GaleraCluster completes the move"
            : files == 0 && !values.ContainsKey("unmounted") && Number(values, "free_kb") < LeastFreeKilobytes
                ? $"{Number(values, "free_kb") / 1024} MiB are free, and {LeastFreeKilobytes / 1024} MiB are needed"
            : null;
        return new DataDirectory(
            place,
            (int)files,
            values.ContainsKey("exists"),
            values.ContainsKey("marker"),
            values.GetValueOrDefault("uuid", ""),
            trouble
        )
        {
            Real = values.GetValueOrDefault("real", ""),
            Owner = access is [var owner, _] ? owner : null,
            Mode = access is [_, var mode] ? mode.PadLeft(4, '0') : null,
            Unmounted = values.GetValueOrDefault("unmounted"),
            IsMarkerStale = values.ContainsKey("marker_stale"),
            Backup = values.GetValueOrDefault("restored", ""),
        };
    }

    private static long Number(Dictionary<string, string> values, string name) =>
        long.TryParse(values.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
