using SwarmOps.Services;

namespace SwarmOps.Galera.Formation;

/// <summary>Which Galera cluster a swarm is to have.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Cluster">The cluster.</param>
internal sealed record FormGaleraRequest(IReadOnlyList<SwarmNode> Nodes, GaleraRequest Cluster)
{
    /// <summary>How the services are deployed; the time limit applies to each node.</summary>
    public ServiceOptions Options { get; init; } = new();

    /// <summary>Whether the overlay network may still be missing: whoever rehearses the operation creates it before the first change.</summary>
    public bool ExpectsOverlay { get; init; }
}
