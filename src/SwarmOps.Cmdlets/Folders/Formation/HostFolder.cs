using System.Globalization;

namespace SwarmOps.Folders.Formation;

/// <summary>Result of <see cref="HostFolderScripts.Look"/> for one host.</summary>
internal sealed record HostFolder
{
    public required FolderPlace Place { get; init; }

    /// <summary>The directory, with all links resolved.</summary>
    public string Real { get; init; } = "";

    /// <summary>Whether the directory exists.</summary>
    public bool Exists { get; init; }

    /// <summary>Why it cannot be used: it is not a directory, or a file system is not mounted; null if it can.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether Syncthing has an index of it.</summary>
    public bool HasIndex { get; init; }

    /// <summary>Whether Syncthing's marker is in it.</summary>
    public bool HasMarker { get; init; }

    /// <summary>Owner of the directory; null if it does not exist.</summary>
    public FolderOwner? Owner { get; init; }

    /// <summary>Number of files, and their size.</summary>
    public long Files { get; init; }

    public long Bytes { get; init; }

    /// <summary>A hash of the names and sizes of all files.</summary>
    public string Listing { get; init; } = "";

    /// <summary>Number of files by the id of their user.</summary>
    public IReadOnlyDictionary<uint, long> Users { get; init; } = new Dictionary<uint, long>();

    /// <summary>Files that belong to a database; the first few.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];

    /// <summary>Size and free space of its file system, and where that is mounted.</summary>
    public long TotalBytes { get; init; }

    public long FreeBytes { get; init; }

    public string Mount { get; init; } = "/";

    /// <summary>Whether the file system is mounted read-only.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Parses the script's output.</summary>
    public static HostFolder Parse(FolderPlace place, string output)
    {
        var lines = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t', 3))
            .Where(parts => parts.Length > 1)
            .ToLookup(parts => parts[0], parts => parts[1..], StringComparer.Ordinal);
        string? One(string name) => lines[name].FirstOrDefault()?[0];
        return new HostFolder
        {
            Place = place,
            Real = One("real") ?? "",
            Exists = lines.Contains("exists"),
            Fault = One("kind") ?? (One("unmounted") is { } mount ? $"a file system is not mounted: {mount}" : null),
            HasIndex = lines.Contains("index"),
            HasMarker = lines.Contains("marker"),
            Owner = One("owner") is { } owner ? FolderOwner.Parse(owner) : null,
            Files = Number(One("files")),
            Bytes = Number(One("bytes")),
            Listing = One("listing") ?? "",
            Users = lines["user"].Where(parts => parts.Length > 1).ToDictionary(parts => (uint)Number(parts[0]), parts => Number(parts[1])),
            Databases = [.. lines["database"].Select(parts => string.Join('\t', parts))],
            TotalBytes = Number(One("total_kb")) * 1024,
            FreeBytes = Number(One("free_kb")) * 1024,
            Mount = One("mount") ?? "/",
            IsReadOnly = lines.Contains("read_only"),
        };
    }

    private static long Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
