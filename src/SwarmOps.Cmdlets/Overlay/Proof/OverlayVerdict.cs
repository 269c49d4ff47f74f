namespace SwarmOps.Overlay.Proof;

/// <summary>Summarizes the paths of a network.</summary>
internal static class OverlayVerdict
{
    /// <summary>Whether every path works: what was not tested is not proven.</summary>
    public static bool IsSound(IReadOnlyList<SwarmOverlayPath> paths) =>
        paths.Count > 0 && paths.All(path => path.Result == FindingResult.Pass);

    /// <summary>Whether a path that was tested has a problem.</summary>
    public static bool IsLossy(IReadOnlyList<SwarmOverlayPath> paths) =>
        paths.Any(path => path.Result is FindingResult.Fail or FindingResult.Warning);

    /// <summary>One sentence per cause: what it is, where, and what to do. What was not tested has one sentence per reason.</summary>
    public static IReadOnlyList<string> Sentences(IReadOnlyList<SwarmOverlayPath> paths) =>
        Sentences(paths, path => path.Cause != SwarmOverlayCause.None);

    /// <summary>The sentences without what was not tested: each node that was not tested has an error or a warning of its own.</summary>
    public static IReadOnlyList<string> Warnings(IReadOnlyList<SwarmOverlayPath> paths) =>
        Sentences(paths, path => path.Cause is not (SwarmOverlayCause.None or SwarmOverlayCause.NotTested));

    /// <summary>The problems of a network's paths: one for each cause, and for what was not tested one for each reason.</summary>
    public static IReadOnlyList<OverlayProblem> Problems(IReadOnlyList<SwarmOverlayPath> paths) =>
        [
            .. paths
                .Where(path => path.Cause != SwarmOverlayCause.None)
                .GroupBy(path => (path.Cause, Reason: path.Cause == SwarmOverlayCause.NotTested ? path.Detail : ""))
                .Select(group => new OverlayProblem(
                    [.. group],
                    $"{group.Key.Cause} on {group.Count()} of {paths.Count} paths ({Where(group, paths)}): {group.First().Detail}."
                )),
        ];

    private static IReadOnlyList<string> Sentences(IReadOnlyList<SwarmOverlayPath> paths, Func<SwarmOverlayPath, bool> isNamed) =>
        [
            .. Problems(paths)
                .Where(problem => isNamed(problem.Paths[0]))
                .Select(problem => $"'{problem.Paths[0].Overlay}': {problem.Message} {problem.Paths[0].RecommendedAction}"),
        ];

    /// <summary>A node that all paths have in common says more than a list.</summary>
    private static string Where(IEnumerable<SwarmOverlayPath> group, IReadOnlyList<SwarmOverlayPath> all)
    {
        var affected = group.ToList();
        if (affected.Count == all.Count)
            return "all";
        var common = affected
            .SelectMany(path => new[] { path.From, path.To })
            .Distinct()
            .Where(name => affected.All(path => path.From == name || path.To == name))
            .ToList();
        if (common.Count == 1 && affected.Count > 1)
            return $"to or from {common[0]}";
        const int most = 4;
        var named = string.Join(", ", affected.Take(most).Select(path => $"{path.From} -> {path.To}"));
        return affected.Count > most ? $"{named} and {affected.Count - most} more" : named;
    }
}
