using System.Globalization;
using System.Text.Json.Nodes;

namespace SwarmOps.Folders.State;

/// <summary>Turns Syncthing's answers about one copy into a <see cref="SwarmSharedFolderCopy"/> (docs.syncthing.net, "REST API").</summary>
internal static class FolderReport
{
    /// <summary>File errors that are shown.</summary>
    public const int MostErrors = 100;

    /// <summary>The questions, in the order in which <see cref="Read"/> takes the answers.</summary>
    /// <param name="folder">Name of the folder.</param>
    public static IReadOnlyList<string> Questions(string folder) =>
        [
            "/rest/system/status",
            "/rest/system/connections",
            $"/rest/db/status?folder={folder}",
            $"/rest/folder/errors?folder={folder}",
            "/rest/stats/folder",
            "/rest/system/version",
        ];

    /// <summary>The copy.</summary>
    /// <param name="known">What is known of it without asking.</param>
    /// <param name="peers">The other copies: name of the node by id of the device.</param>
    /// <param name="answers">The answers.</param>
    public static SwarmSharedFolderCopy Read(
        SwarmSharedFolderCopy known,
        IReadOnlyDictionary<string, string> peers,
        IReadOnlyList<JsonNode?> answers
    )
    {
        if (answers is not [{ } status, { } connections, { } folder, var errors, var statistics, var version])
            return known with { State = SwarmSharedFolderState.Unknown, Error = "Syncthing does not answer yet" };
        var device = (string?)status["myID"];
        var need = Number(folder["needBytes"]) ?? 0;
        var items = Number(folder["needTotalItems"]) ?? 0;
        var all = Number(folder["globalBytes"]) ?? 0;
        var last = statistics?[known.Folder]?["lastFile"];
        var read = known with
        {
            Completion = all == 0 || need == 0 ? (items == 0 ? 100 : 99) : Math.Floor((all - need) * 1000.0 / all) / 10,
            BytesBehind = need,
            ItemsBehind = items,
            Files = Number(folder["localFiles"]),
            Bytes = Number(folder["localBytes"]),
            LastChange = Time(last?["at"]),
            LastFile = (string?)last?["filename"] is { Length: > 0 } name ? name : null,
            ConnectedNodes =
            [
                .. (connections["connections"] as JsonObject ?? [])
                    .Where(entry => (bool?)entry.Value?["connected"] is true && peers.ContainsKey(entry.Key))
                    .Select(entry => peers[entry.Key])
                    .Order(StringComparer.Ordinal),
            ],
            FileErrors =
            [
                .. (errors?["errors"] as JsonArray ?? [])
                    .Take(MostErrors)
                    .Select(error => $"{(string?)error?["path"]}: {(string?)error?["error"]}"),
            ],
            Version = (string?)version?["version"],
            Error = Problem(known.DeviceId, device, folder),
        };
        return read with { State = State(read, folder, IsScanned(known.Folder, status, statistics), peers.Count) };
    }

    private static SwarmSharedFolderState State(SwarmSharedFolderCopy copy, JsonNode folder, bool isScanned, int peers)
    {
        if (copy.Error is not null)
            return SwarmSharedFolderState.Failed;
        var state = (string?)folder["state"] ?? "";
        if (state.StartsWith("scan", StringComparison.Ordinal) || !isScanned)
            return SwarmSharedFolderState.Scanning;
        if (state != "idle" || copy.ItemsBehind > 0)
            return SwarmSharedFolderState.Syncing;
        return copy.ConnectedNodes.Count < peers ? SwarmSharedFolderState.Disconnected : SwarmSharedFolderState.InSync;
    }

    /// <summary>Why the copy is not kept up to date.</summary>
    private static string? Problem(string? wanted, string? device, JsonNode folder)
    {
        if (wanted is not null && device is not null && wanted != device)
            return "its Syncthing runs with another identity than that in the swarm's secret";
        if ((string?)folder["error"] is { Length: > 0 } error)
            return error;
        if ((string?)folder["invalid"] is { Length: > 0 } invalid)
            return invalid;
        return (string?)folder["watchError"] is { Length: > 0 } watch
            ? $"changes are found once an hour only, because the directory cannot be watched: {watch}"
            : null;
    }

    /// <summary>Whether it has looked at its own files since it started: before that it does not know what it has.</summary>
    private static bool IsScanned(string folder, JsonNode status, JsonNode? statistics) =>
        Time(statistics?[folder]?["lastScan"]) is { } scanned && Time(status["startTime"]) is { } started && scanned >= started;

    private static long? Number(JsonNode? node) =>
        long.TryParse(node?.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A time in UTC; Syncthing says year 1 for never.</summary>
    private static DateTime? Time(JsonNode? node) =>
        DateTimeOffset.TryParse((string?)node, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1
            ? time.UtcDateTime
            : null;
}
