namespace SwarmOps.Galera.Restart;

/// <summary>In which order nodes are restarted: by segment, and the region that applications write in at the end.</summary>
internal static class RestartOrder
{
    /// <summary>Orders the nodes.</summary>
    /// <param name="nodes">The cluster's nodes.</param>
    /// <param name="last">Region or host that comes at the end; null for none.</param>
    /// <exception cref="SwarmOpsException"><c>GaleraLastUnknown</c>.</exception>
    public static IReadOnlyList<GaleraNode> Of(IReadOnlyList<GaleraNode> nodes, string? last)
    {
        if (last is not null && !nodes.Any(node => IsLast(node, last)))
            throw RestartErrors.GaleraLastUnknown(last, nodes);
        return [.. nodes.OrderBy(node => last is not null && IsLast(node, last)).ThenBy(node => node.Segment).ThenBy(node => node.Node, StringComparer.Ordinal)];
    }

    private static bool IsLast(GaleraNode node, string last) =>
        string.Equals(node.Region, last, StringComparison.OrdinalIgnoreCase) || string.Equals(node.Node, last, StringComparison.OrdinalIgnoreCase);
}
