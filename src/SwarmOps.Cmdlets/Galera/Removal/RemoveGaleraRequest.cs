using SwarmOps.Services;

namespace SwarmOps.Galera.Removal;

/// <summary>Which Galera cluster is to be removed.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Name">Name of the cluster.</param>
internal sealed record RemoveGaleraRequest(IReadOnlyList<SwarmNode> Nodes, string Name)
{
    /// <summary>Whether to delete the data directories.</summary>
    public bool RemoveData { get; init; }

    /// <summary>Whether to remove the secrets.</summary>
    public bool RemoveSecret { get; init; }

    /// <summary>The time limit for stopping the databases, and how many nodes are contacted at the same time.</summary>
    public ServiceOptions Options { get; init; } = new();
}
