using SwarmOps.Services;

namespace SwarmOps.Galera.Removal;

/// <summary>Which Galera cluster is to be removed.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Name">Name of the cluster.</param>
internal sealed record RemoveGaleraRequest(IReadOnlyList<SwarmNode> Nodes, string Name) : RemoveOneRequest(Nodes, Name)
{
    /// <summary>Whether to delete the data directories.</summary>
    public bool RemoveData { get; init; }

    /// <summary>Whether to remove the secrets.</summary>
    public bool RemoveSecret { get; init; }
}
