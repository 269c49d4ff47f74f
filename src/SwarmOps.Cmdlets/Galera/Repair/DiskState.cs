using System.Globalization;

namespace SwarmOps.Galera.Repair;

/// <summary>The content of Galera's files on a node's disk.</summary>
/// <param name="Exists">Whether the data directory exists.</param>
/// <param name="Files">How many files it contains, excluding the module's own.</param>
/// <param name="HasMarker">Whether it contains a bootstrap marker.</param>
/// <param name="Uuid">The state UUID in grastate.dat; null for none.</param>
/// <param name="Seqno">The seqno in grastate.dat; null after an unclean shutdown (-1).</param>
/// <param name="SafeToBootstrap">Whether it was the last node to leave (<c>safe_to_bootstrap: 1</c>).</param>
/// <param name="ViewSize">Size of its last Primary view (gvwstate.dat, present after a kill); 0 if there is none.</param>
internal sealed record DiskState(bool Exists, int Files, bool HasMarker, string? Uuid, long? Seqno, bool SafeToBootstrap, int ViewSize)
{
    /// <summary>The directory's path with all links resolved.</summary>
    public string Real { get; init; } = "";

    /// <summary>Device and inode of the directory, to compare with what a container has mounted; null if it does not exist.</summary>
    public string? Identity { get; init; }

    /// <summary>Free kilobytes on its file system.</summary>
    public long FreeKilobytes { get; init; }

    /// <summary>Whether it is a mount point.</summary>
    public bool IsMount { get; init; }

    /// <summary>A mount point inside it; null for none.</summary>
    public string? NestedMount { get; init; }

    /// <summary>Whether an earlier run was interrupted while it moved this data aside.</summary>
    public bool IsMoving { get; init; }

    /// <summary>Whether its data must be moved aside before its node runs again.</summary>
    public bool IsCondemned { get; init; }

    /// <summary>Where its data was moved to, if it is empty for that reason; null otherwise.</summary>
    public string? Emptied { get; init; }

    /// <summary>Copies that were moved aside earlier.</summary>
    public string Copies { get; init; } = "";

    /// <summary>Galera's state UUID for "no state".</summary>
    private const string NoHistory = "00000000-0000-0000-0000-000000000000";

    /// <summary>Parses the output of <see cref="DiskScripts.Look"/>.</summary>
    public static DiskState Parse(string output)
    {
        var values = output
            .Split('\n')
            .Select(line => line.Split('\t', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1].Trim());
        var state = Fields(values.GetValueOrDefault("grastate"));
        var view = values.GetValueOrDefault("gvwstate") ?? "";
        return new DiskState(
            values.ContainsKey("exists"),
            int.TryParse(values.GetValueOrDefault("files"), NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? files : 0,
            values.ContainsKey("marker"),
            History(state.GetValueOrDefault("uuid")),
            Position(state.GetValueOrDefault("seqno")),
            state.GetValueOrDefault("safe_to_bootstrap") == "1",
            view.Split('|').Count(line => line.StartsWith("member:", StringComparison.Ordinal))
        )
        {
            Real = values.GetValueOrDefault("real", ""),
            Identity = values.GetValueOrDefault("identity"),
            FreeKilobytes = Position(values.GetValueOrDefault("free_kb")) ?? 0,
            IsMount = values.ContainsKey("mount"),
            NestedMount = values.GetValueOrDefault("nested") is { Length: > 0 } nested ? nested : null,
            IsMoving = values.ContainsKey("moving"),
            IsCondemned = values.ContainsKey("condemned"),
            Emptied = values.GetValueOrDefault("emptied") is { Length: > 0 } emptied ? emptied : null,
            Copies = string.Join(", ", (values.GetValueOrDefault("copies") ?? "").Split('|', StringSplitOptions.RemoveEmptyEntries)),
        };
    }

    /// <summary>A state UUID; null for none.</summary>
    public static string? History(string? text) => Guid.TryParse(text, out _) && text != NoHistory ? text : null;

    /// <summary>A seqno; null for -1, which means unknown.</summary>
    public static long? Position(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : null;

    private static Dictionary<string, string> Fields(string? lines) =>
        (lines ?? "")
            .Split('|')
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2)
            .DistinctBy(parts => parts[0])
            .ToDictionary(parts => parts[0], parts => parts[1]);
}
