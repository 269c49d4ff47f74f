namespace SwarmOps.Overlay.Proof;

/// <summary>Summarizes the paths of a network.</summary>
internal static class OverlayVerdict
{
    /// <summary>Whether every path works.</summary>
    public static bool IsSound(IReadOnlyList<SwarmOverlayPath> paths) => paths.Count > 0 && paths.All(path => path.Result == FindingResult.Pass);

    /// <summary>One sentence per cause: what it is, where, and what to do.</summary>
    public static IReadOnlyList<string> Sentences(IReadOnlyList<SwarmOverlayPath> paths) =>
    [
        .. paths.Where(path => path.Cause != SwarmOverlayCause.None)
            .GroupBy(path => path.Cause)
            .Select(group => $"'{group.First().Overlay}': {group.Key} on {group.Count()} of {paths.Count} paths ({Where(group, paths)}): {group.First().Detail}. {group.First().RecommendedAction}"),
    ];

    /// <summary>A node that all paths have in common says more than a list.</summary>
    private static string Where(IEnumerable<SwarmOverlayPath> group, IReadOnlyList<SwarmOverlayPath> all)
    {
        var affected = group.ToList();
        if (affected.Count == all.Count)
            return "all";
        var common = affected.SelectMany(path => new[] { path.From, path.To }).Distinct().Where(name => affected.All(path => path.From == name || path.To == name)).ToList();
        if (common.Count == 1 && affected.Count > 1)
            return $"to or from {common[0]}";
        const int most = 4;
        var named = string.Join(", ", affected.Take(most).Select(path => $"{path.From} -> {path.To}"));
        return affected.Count > most ? $"{named} and {affected.Count - most} more" : named;
    }
}
