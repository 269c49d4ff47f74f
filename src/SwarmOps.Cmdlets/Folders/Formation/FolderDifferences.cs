namespace SwarmOps.Folders.Formation;

/// <summary>Names the files in which the directories of several nodes differ.</summary>
internal static class FolderDifferences
{
    /// <summary>Lists them in words.</summary>
    /// <param name="nodes">The nodes, each with its files as size, tab, name.</param>
    /// <param name="most">How many at most.</param>
    public static IReadOnlyList<string> List(IReadOnlyList<(string Name, IReadOnlyList<string> Files)> nodes, int most)
    {
        var sizes = nodes
            .SelectMany(node => node.Files.Select(line => (node.Name, Parts: line.Split('\t', 2))))
            .Where(entry => entry.Parts.Length == 2)
            .Select(entry =>
                (
                    Node: entry.Name,
                    Size: entry.Parts[0],
                    File: entry.Parts[1].StartsWith("./", StringComparison.Ordinal) ? entry.Parts[1][2..] : entry.Parts[1]
                )
            )
            .GroupBy(entry => entry.File, StringComparer.Ordinal);
        var differing = sizes
            .Where(file => file.Count() < nodes.Count || file.Select(entry => entry.Size).Distinct().Count() > 1)
            .OrderBy(file => file.Key, StringComparer.Ordinal)
            .ToList();
        if (differing.Count == 0)
            return ["the same names and sizes, with different content"];
        var words = differing.Take(most).Select(file => Words(file.Key, [.. file], nodes.Count)).ToList();
        if (differing.Count > most)
            words.Add($"and {differing.Count - most} more");
        return words;
    }

    private static string Words(string file, IReadOnlyList<(string Node, string Size, string File)> entries, int nodes) =>
        entries.Count < nodes
            ? $"{file} (only on {string.Join(", ", entries.Select(entry => $"'{entry.Node}'"))})"
            : $"{file} ({string.Join(", ", entries.Select(entry => $"'{entry.Node}' {entry.Size} bytes"))})";
}
