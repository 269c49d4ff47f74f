namespace SwarmOps.Galera.State;

/// <summary>The Primary components that a cluster's nodes are in: more than one is a split, also where all have one history.</summary>
internal static class GaleraComponents
{
    /// <summary>
    /// Groups the nodes with a history that are in a Primary component. Nodes are asked one after the other while members come and go, so it is enough that one of two counts the other as
    /// a member; two that do not are apart.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<GaleraNode>> Of(IEnumerable<GaleraNode> nodes)
    {
        var components = new List<List<GaleraNode>>();
        foreach (var history in nodes.Where(node => node is { ClusterStatus: "Primary", Uuid: not null }).GroupBy(node => node.Uuid, StringComparer.Ordinal))
            components.AddRange(Split([.. history]));
        return components;
    }

    /// <summary>The nodes of a component, in words.</summary>
    public static string Words(IReadOnlyList<GaleraNode> component) =>
        $"{string.Join(", ", component.Select(node => node.Node))}: size {component.Max(node => node.ClusterSize)}, at {component.Max(node => node.Seqno)}";

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
        // Made otherwise, they may announce other addresses: then only sizes that cannot be true tell them apart.
        return one.ClusterSize >= count || other.ClusterSize >= count || (one.ConfigurationId == other.ConfigurationId && one.ClusterSize == other.ClusterSize);
    }

    private static bool KnowsItself(GaleraNode node) => node.Address is { } address && node.MemberAddresses.Contains(address);
}
