namespace SwarmOps.Swarm.Managers;

/// <summary>Spreads managers over regions, so that as few of them as possible fail together: 3 as 1-1-1, 5 as 2-2-1.</summary>
internal static class RegionSpread
{
    /// <summary>The candidate in the region, then in the zone, with the fewest managers; on a tie, the first.</summary>
    public static ManagerPlace? Next(IReadOnlyCollection<ManagerPlace> managers, IEnumerable<ManagerPlace> candidates) =>
        candidates.OrderBy(candidate => InRegion(managers, candidate)).ThenBy(candidate => InZone(managers, candidate)).FirstOrDefault();

    /// <summary>The candidate in the region, then in the zone, with the most managers; on a tie, the last.</summary>
    public static ManagerPlace? MostCrowded(IReadOnlyCollection<ManagerPlace> managers, IEnumerable<ManagerPlace> candidates) =>
        candidates
            .Reverse()
            .OrderByDescending(candidate => InRegion(managers, candidate))
            .ThenByDescending(candidate => InZone(managers, candidate))
            .FirstOrDefault();

    private static int InRegion(IEnumerable<ManagerPlace> managers, ManagerPlace candidate) =>
        managers.Count(manager => manager.Region == candidate.Region);

    private static int InZone(IEnumerable<ManagerPlace> managers, ManagerPlace candidate) =>
        managers.Count(manager => manager.Region == candidate.Region && manager.Zone == candidate.Zone);
}
