using SwarmOps.GeoDns.Wire;
using SwarmOps.Pipeline;

namespace SwarmOps.GeoDns.Proof;

/// <summary>Which zones are to be tested.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record TestGeoDnsRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>Zones; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Zones { get; init; } = [];

    /// <summary>Clients to ask for; if empty, those of the network map and of the continents.</summary>
    public IReadOnlyList<DnsNetwork> Clients { get; init; } = [];

    /// <summary>Whether to return true or false only.</summary>
    public bool IsQuiet { get; init; }
}
