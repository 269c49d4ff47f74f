namespace SwarmOps.Galera.Repair;

/// <summary>The component that is kept, and that all other nodes join.</summary>
/// <param name="Uuid">Its state UUID.</param>
internal sealed record KeptComponent(string? Uuid)
{
    /// <summary>Its nodes if there are other components; empty if it is the only one.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Whether another component has the same state UUID: then every other node may hold different writes under the same seqnos.</summary>
    public bool HasTwins { get; init; }

    /// <summary>Whether a node is a member of it.</summary>
    public bool Has(GaleraNode node) => Nodes.Count == 0 || Nodes.Contains(node.Node);
}
