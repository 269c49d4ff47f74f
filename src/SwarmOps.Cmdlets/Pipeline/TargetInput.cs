namespace SwarmOps.Pipeline;

/// <summary>The pipeline input of a cmdlet whose targets are names with the nodes of their swarm, or objects that know their swarm and its nodes.</summary>
/// <typeparam name="T">Type of the objects.</typeparam>
/// <param name="swarmOf">Id of an object's swarm.</param>
/// <param name="nodesOf">The nodes that an object knows.</param>
/// <param name="withoutNodes">The error for an object without nodes.</param>
internal sealed class TargetInput<T>(
    Func<T, string> swarmOf,
    Func<T, IReadOnlyList<SwarmNode>> nodesOf,
    Func<T, SwarmOpsException> withoutNodes
)
{
    private readonly List<SwarmNode> nodes = [];
    private readonly List<T> items = [];

    /// <summary>Adds nodes.</summary>
    public void Add(IEnumerable<SwarmNode> given) => nodes.AddRange(given);

    /// <summary>Adds objects.</summary>
    public void Add(IEnumerable<T> given) => items.AddRange(given);

    /// <summary>The nodes that were added.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="NodeSet.Check"/>.</exception>
    public IReadOnlyList<SwarmNode> Nodes()
    {
        NodeSet.Check(nodes);
        return nodes;
    }

    /// <summary>The objects by swarm, each with the nodes to ask: those specified, else those that the objects know. A swarm is checked when its turn comes.</summary>
    /// <param name="specified">Nodes that take the place of the objects' own; empty for none.</param>
    /// <exception cref="SwarmOpsException">The error for an object without nodes; those of <see cref="NodeSet.Check"/>.</exception>
    public IEnumerable<(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<T> Items)> BySwarm(IReadOnlyList<SwarmNode> specified) =>
        items
            .GroupBy(swarmOf)
            .Select(swarm => Reachable([.. swarm], specified, [.. swarm.SelectMany(nodesOf).DistinctBy(node => node.Name)]));

    /// <summary>The objects one by one, each with the nodes to ask.</summary>
    /// <param name="specified">As for <see cref="BySwarm"/>.</param>
    /// <exception cref="SwarmOpsException">As for <see cref="BySwarm"/>.</exception>
    public IEnumerable<(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<T> Items)> OneByOne(IReadOnlyList<SwarmNode> specified) =>
        items.Select(item => Reachable([item], specified, nodesOf(item)));

    private (IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<T> Items) Reachable(
        IReadOnlyList<T> group,
        IReadOnlyList<SwarmNode> specified,
        IReadOnlyList<SwarmNode> known
    )
    {
        var members = specified.Count > 0 ? specified : known;
        if (members.Count == 0)
            throw withoutNodes(group[0]);
        NodeSet.Check(members);
        return (members, group);
    }
}
