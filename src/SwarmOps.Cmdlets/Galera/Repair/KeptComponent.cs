namespace SwarmOps.Galera.Repair;

/// <summary>The component that goes on, and takes all other nodes in.</summary>
/// <param name="Uuid">Its history.</param>
internal sealed record KeptComponent(string? Uuid)
{
    /// <summary>Its nodes, where there are other components; empty where it is the only one.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Whether another component has the same history: then whatever was not in this one may hold writes that it never saw, with numbers that it gave to others.</summary>
    public bool HasTwins { get; init; }

    /// <summary>Whether a node is in it, as far as its component tells.</summary>
    public bool Has(GaleraNode node) => Nodes.Count == 0 || Nodes.Contains(node.Node);
}
