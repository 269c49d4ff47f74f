namespace SwarmOps.Galera.State;

/// <summary>The Primary Components of a cluster: more than one is a split, even if all have the same state UUID.</summary>
internal static class GaleraComponents
{
    /// <summary>
    /// Groups the nodes with a state UUID that are in a Primary Component. Membership may change between two reports, so it is enough that one of two nodes lists the other as
    /// a member; otherwise they are in different components.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<GaleraNode>> Of(IEnumerable<GaleraNode> nodes)
    {
        var components = new List<List<GaleraNode>>();
        foreach (
            var history in nodes
                .Where(node => node is { ClusterStatus: "Primary", Uuid: not null })
                .GroupBy(node => node.Uuid, StringComparer.Ordinal)
        )
            components.AddRange(Split([.. history]));
        return components;
    }

    /// <summary>The nodes of a component as text.</summary>
    public static string Words(IReadOnlyList<GaleraNode> component) =>
        $"{string.Join(", ", component.Select(node => node.Node))}: size {component.Max(node => node.ClusterSize)}, seqno {component.Max(node => node.Seqno)}";

    private static List<List<GaleraNode>> Split(IReadOnlyList<GaleraNode> nodes)
    {
        var components = new List<List<GaleraNode>>();
        foreach (var node in nodes)
        {
            var own = components.Where(component => component.Exists(other => AreTogether(node, other, nodes.Count))).ToList();
            components.RemoveAll(own.Contains);
            components.Add([.. own.SelectMany(component => component), node]);
        }

        return components;
    }

    private static bool AreTogether(GaleraNode one, GaleraNode other, int count)
    {
        if (KnowsItself(one) && KnowsItself(other))
            return one.MemberAddresses.Contains(other.Address!) || other.MemberAddresses.Contains(one.Address!);
        // Nodes of other images may announce other addresses: then only impossible sizes tell components apart.
        return one.ClusterSize >= count
            || other.ClusterSize >= count
            || (one.ConfigurationId == other.ConfigurationId && one.ClusterSize == other.ClusterSize);
    }

    private static bool KnowsItself(GaleraNode node) => node.Address is { } address && node.MemberAddresses.Contains(address);
}
