using SwarmOps.Galera.State;

namespace SwarmOps.Galera.Restart;

/// <summary>The order of a rolling restart: by segment, and the region that applications write to last.</summary>
internal static class RestartOrder
{
    /// <summary>Orders the nodes.</summary>
    /// <param name="nodes">The cluster's nodes.</param>
    /// <param name="last">Region or host that is restarted last; null for none.</param>
    /// <exception cref="SwarmOpsException"><c>GaleraLastUnknown</c>.</exception>
    public static IReadOnlyList<GaleraNode> Of(IReadOnlyList<GaleraNode> nodes, string? last)
    {
        if (last is not null && !nodes.Any(node => IsLast(node, last)))
            throw RestartErrors.GaleraLastUnknown(last, nodes);
        return
        [
            .. nodes
                .OrderBy(node => last is not null && IsLast(node, last))
                .ThenBy(node => node.Segment)
                .ThenBy(node => node.Node, StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// The single node with data that is out while all others are in one component; null otherwise. A node that keeps crashing makes another node its donor
    /// each time, and is a member from time to time.
    /// </summary>
    public static GaleraNode? OnlyOneOut(GaleraCluster cluster)
    {
        var outside = cluster.GaleraNodes.Where(node => !IsTogether(node)).ToList();
        return
            outside is [{ IsArbitrator: false } node]
            && cluster.GaleraNodes.Count == cluster.ExpectedSize
            && cluster.ExpectedSize > 2
            && cluster.GaleraNodes.Where(other => other != node && !other.IsArbitrator).Select(other => other.Uuid).Distinct().Count() == 1
            ? node
            : null;
    }

    private static bool IsTogether(GaleraNode node) =>
        node.IsArbitrator
            ? node.State == GaleraReport.Arbitrating
            : node is { ClusterStatus: "Primary", State: GaleraReport.Synced or GaleraReport.Donor }
                && node.Error?.StartsWith(GaleraReader.ContainerEnds, StringComparison.Ordinal) is not true;

    private static bool IsLast(GaleraNode node, string last) =>
        string.Equals(node.Region, last, StringComparison.OrdinalIgnoreCase)
        || string.Equals(node.Node, last, StringComparison.OrdinalIgnoreCase);
}
