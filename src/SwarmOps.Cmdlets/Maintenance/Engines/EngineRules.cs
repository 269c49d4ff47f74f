using SwarmOps.Nodes.Preflight;

namespace SwarmOps.Maintenance.Engines;

/// <summary>To which release the engines of a swarm may be upgraded, by the list of known defects.</summary>
internal static class EngineRules
{
    /// <summary>A defect that cuts encrypted overlays between engines of a release and those of others; null when there is none.</summary>
    /// <param name="target">The release.</param>
    /// <param name="present">What runs.</param>
    public static EngineDefect? Cut(EngineRelease target, IEnumerable<EngineRelease> present) =>
        EngineDefectList.Known.Defects.FirstOrDefault(defect =>
            defect.BetweenVersions && present.Any(release => defect.IsIn(release) != defect.IsIn(target))
        );

    /// <summary>The severe defects of a release.</summary>
    public static IReadOnlyList<EngineDefect> Severe(EngineRelease release) =>
        [.. EngineDefectList.Known.In(release).Where(defect => defect.Severity == DefectSeverity.High)];

    /// <summary>The newest release that all hosts offer, that is newer than what runs, cuts nothing and has no severe defect.</summary>
    /// <param name="offers">What each host offers.</param>
    /// <param name="present">What the hosts run.</param>
    /// <param name="all">What all members of the swarm run.</param>
    /// <param name="hasEncrypted">Whether the swarm has encrypted overlays.</param>
    /// <param name="refused">Why newer ones are not taken.</param>
    /// <returns>The release that runs when nothing newer is offered; null when all newer ones are refused.</returns>
    public static EngineRelease? Choose(
        IReadOnlyList<IReadOnlySet<EngineRelease>> offers,
        IReadOnlyList<EngineRelease> present,
        IReadOnlyList<EngineRelease> all,
        bool hasEncrypted,
        out IReadOnlyList<string> refused
    )
    {
        var newest = present.Max();
        var common = offers
            .Aggregate<IEnumerable<EngineRelease>>((left, right) => left.Intersect(right))
            .Where(release => release >= newest);
        var found = new List<string>();
        refused = found;
        foreach (var release in common.OrderDescending())
        {
            if (release == newest && present.All(other => other == newest))
                return newest;
            var reason = hasEncrypted && Cut(release, all) is { } cut ? cut : (Severe(release) is [var severe, ..] ? severe : null);
            if (reason is null)
                return release;
            found.Add($"{release} ({reason.Title})");
        }

        return found.Count == 0 && present.All(other => other == newest) ? newest : null;
    }
}
