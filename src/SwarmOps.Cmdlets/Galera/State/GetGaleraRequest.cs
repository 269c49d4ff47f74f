using System.Net;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.State;

/// <summary>Which Galera clusters are to be read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record GetGaleraRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>Names of clusters; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Names { get; init; } = [];

    /// <summary>A database account for querying the servers; null for root with the clusters' secrets.</summary>
    public NetworkCredential? Login { get; init; }
}
