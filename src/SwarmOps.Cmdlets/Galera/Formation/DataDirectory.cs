using System.Globalization;

namespace SwarmOps.Galera.Formation;

/// <summary>A data directory as it was found on its host.</summary>
/// <param name="Place">Whose.</param>
/// <param name="Files">How many files are in it, ours apart; 0 for none and for a directory that is not there.</param>
/// <param name="Exists">Whether it is there.</param>
/// <param name="HasMarker">Whether it lets its node found a cluster.</param>
/// <param name="Uuid">History that it says it holds; empty for none.</param>
/// <param name="Trouble">Why it cannot hold a database; null when it can.</param>
internal sealed record DataDirectory(GaleraPlace Place, int Files, bool Exists, bool HasMarker, string Uuid, string? Trouble)
{
    /// <summary>An empty database with its logs needs more than half of this; 277 MB were measured (docs/galera.md).</summary>
    private const long LeastFreeKilobytes = 512 * 1024;

    /// <summary>Where it really is, links followed; empty where that is not known.</summary>
    public string Real { get; init; } = "";

    /// <summary>Owner, as <c>chown</c> takes it; null where there is no directory.</summary>
    public string? Owner { get; init; }

    /// <summary>Mode in octal; null where there is no directory.</summary>
    public string? Mode { get; init; }

    /// <summary>The mount that should be there and is not, and what says so; null for none.</summary>
    public string? Unmounted { get; init; }

    /// <summary>Whether its node followed its marker before its host last started, and does not any more.</summary>
    public bool IsMarkerStale { get; init; }

    /// <summary>Whether there is nothing of a database in it.</summary>
    public bool IsEmpty => Files == 0;

    /// <summary>What it holds, in words.</summary>
    public override string ToString() =>
        $"{Place.Node.Name} has {Files}{(Files >= 1000 ? " or more" : "")} files{(Real.Length > 0 ? $" in {Real}" : "")}{(Uuid.Length > 0 ? $" of the history {Uuid}" : "")}";

    /// <summary>Reads what <see cref="DataDirectoryScripts.Look"/> wrote.</summary>
    public static DataDirectory Parse(GaleraPlace place, string output)
    {
        var values = output.Split('\n').Select(line => line.Split('\t', 2)).Where(parts => parts.Length == 2).ToDictionary(parts => parts[0], parts => parts[1].Trim());
        var files = Number(values, "files");
        var access = values.GetValueOrDefault("access")?.Split(' ') ?? [];
        var trouble = values.GetValueOrDefault("kind") is { Length: > 0 } kind ? kind
            : values.ContainsKey("moving") ? "its data was being moved aside when that run was ended; Repair-GaleraCluster finishes it"
            : files == 0 && !values.ContainsKey("unmounted") && Number(values, "free_kb") < LeastFreeKilobytes ? $"{Number(values, "free_kb") / 1024} MiB are free and {LeastFreeKilobytes / 1024} are needed"
            : null;
        return new DataDirectory(place, (int)files, values.ContainsKey("exists"), values.ContainsKey("marker"), values.GetValueOrDefault("uuid", ""), trouble)
        {
            Real = values.GetValueOrDefault("real", ""),
            Owner = access is [var owner, _] ? owner : null,
            Mode = access is [_, var mode] ? mode.PadLeft(4, '0') : null,
            Unmounted = values.GetValueOrDefault("unmounted"),
            IsMarkerStale = values.ContainsKey("marker_stale"),
        };
    }

    private static long Number(Dictionary<string, string> values, string name) =>
        long.TryParse(values.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
