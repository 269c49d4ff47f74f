namespace SwarmOps.Folders.State;

/// <summary>What the copies of a folder show together.</summary>
internal static class FolderFindings
{
    /// <summary>Names that a finding lists.</summary>
    private const int MostNames = 5;

    /// <summary>The folder's status.</summary>
    public static SwarmSharedFolderStatus Status(IReadOnlyList<SwarmSharedFolderCopy> copies)
    {
        if (
            copies.Any(copy =>
                copy.FileErrors.Count > 0
                || copy.State is SwarmSharedFolderState.Failed or SwarmSharedFolderState.NotRunning or SwarmSharedFolderState.Disconnected
            )
        )
            return SwarmSharedFolderStatus.Degraded;
        if (copies.Count == 0 || copies.Any(copy => copy.State == SwarmSharedFolderState.Unknown))
            return SwarmSharedFolderStatus.Unknown;
        return AreSame(copies) ? SwarmSharedFolderStatus.InSync : SwarmSharedFolderStatus.Syncing;
    }

    /// <summary>Whether copies have all they know of, and know of the same.</summary>
    public static bool AreSame(IReadOnlyList<SwarmSharedFolderCopy> copies) =>
        copies.All(copy => copy.State is SwarmSharedFolderState.InSync)
        && copies.Select(copy => (copy.Files, copy.Bytes)).Distinct().Count() <= 1;

    /// <summary>The problems, each with what to do.</summary>
    /// <param name="folder">Name of the folder.</param>
    /// <param name="copies">Its copies.</param>
    /// <param name="conflicts">Its conflict files.</param>
    public static IReadOnlyList<string> List(string folder, IReadOnlyList<SwarmSharedFolderCopy> copies, IReadOnlyList<string> conflicts)
    {
        var findings = new List<string>();
        foreach (var copy in copies)
        {
            switch (copy.State)
            {
                case SwarmSharedFolderState.Failed:
                    findings.Add($"'{copy.Node}': {copy.Error}. {Advice(folder, copy.Error ?? "")}");
                    break;
                case SwarmSharedFolderState.NotRunning:
                    findings.Add(
                        $"'{copy.Node}' has no running container: {copy.Error}. Its copy receives nothing; see Get-SwarmTask -Service {copy.Service}."
                    );
                    break;
                case SwarmSharedFolderState.Unknown:
                    findings.Add($"'{copy.Node}' could not be asked: {copy.Error}. Whether its copy is complete is not known.");
                    break;
            }

            if (copy.FileErrors.Count > 0)
                findings.Add(
                    $"'{copy.Node}' could not read or write {Names(copy.FileErrors)}. Check owner and free space of these files on the host."
                );
        }

        findings.AddRange(Partings(copies));
        if (conflicts.Count > 0)
            findings.Add(
                $"{conflicts.Count} conflict files: two nodes changed the same file before they had each other's change, and both versions were kept: {Names(conflicts)}. Compare each with the file of the same name, keep what you need, and delete the conflict file."
            );
        return findings;
    }

    /// <summary>Pairs of running copies that are not connected, each once.</summary>
    private static IEnumerable<string> Partings(IReadOnlyList<SwarmSharedFolderCopy> copies)
    {
        var asked = copies.Where(copy => copy.BytesBehind is not null).ToList();
        var pairs = asked
            .SelectMany(copy =>
                asked.Where(other => other != copy && !copy.ConnectedNodes.Contains(other.Node)).Select(other => (copy, other))
            )
            .Select(pair =>
                string.CompareOrdinal(pair.copy.Node, pair.other.Node) < 0
                    ? (pair.copy.Node, Other: pair.other.Node)
                    : (pair.other.Node, Other: pair.copy.Node)
            )
            .Distinct()
            .ToList();
        return pairs.Select(pair =>
            $"'{pair.Item1}' and '{pair.Other}' are not connected: changes between them wait, or go through other nodes. Look at Test-SwarmOverlay."
        );
    }

    private static string Advice(string folder, string error) =>
        error.Contains("marker", StringComparison.OrdinalIgnoreCase)
            ? $"Its disk is probably not mounted. Mount it; if its files are lost, remove {FolderNames.StatePath(folder)} there and run New-SwarmSharedFolder again."
        : error.Contains("space", StringComparison.OrdinalIgnoreCase) ? "Free space on its disk."
        : error.Contains("watch", StringComparison.OrdinalIgnoreCase)
            ? "Raise fs.inotify.max_user_watches on the host (sysctl), then restart the service with Update-SwarmService -Force."
        : "Run New-SwarmSharedFolder again with the same parameters.";

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");
}
