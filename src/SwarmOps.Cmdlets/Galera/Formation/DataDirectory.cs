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

    /// <summary>Whether there is nothing of a database in it.</summary>
    public bool IsEmpty => Files == 0;

    /// <summary>What it holds, in words.</summary>
    public override string ToString() => $"{Place.Node.Name} has {Files}{(Files >= 1000 ? " or more" : "")} files{(Uuid.Length > 0 ? $" of the history {Uuid}" : "")}";

    /// <summary>Reads what <see cref="DataDirectoryScripts.Look"/> wrote.</summary>
    public static DataDirectory Parse(GaleraPlace place, string output)
    {
        var values = output.Split('\n').Select(line => line.Split('\t', 2)).Where(parts => parts.Length == 2).ToDictionary(parts => parts[0], parts => parts[1].Trim());
        var files = Number(values, "files");
        var trouble = values.GetValueOrDefault("kind") is { Length: > 0 } kind ? kind
            : files == 0 && Number(values, "free_kb") < LeastFreeKilobytes ? $"{Number(values, "free_kb") / 1024} MiB are free and {LeastFreeKilobytes / 1024} are needed"
            : null;
        return new DataDirectory(place, (int)files, values.ContainsKey("exists"), values.ContainsKey("marker"), values.GetValueOrDefault("uuid", ""), trouble);
    }

    private static long Number(Dictionary<string, string> values, string name) =>
        long.TryParse(values.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
