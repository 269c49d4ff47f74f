using System.Net;
using SwarmOps.GeoDns.Wire;
using SwarmOps.Pipeline;

namespace SwarmOps.GeoDns.State;

/// <summary>Which zones are to be read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record GetGeoDnsRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>Zones; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Zones { get; init; } = [];

    /// <summary>Clients to ask for; if empty, those of the network map and of the continents.</summary>
    public IReadOnlyList<DnsNetwork> Clients { get; init; } = [];

    /// <summary>Whether to ask the parent zone.</summary>
    public bool LooksUpDelegation { get; init; } = true;

    /// <summary>The resolver for that; null for those of this machine.</summary>
    public IPEndPoint? Resolver { get; init; }
}
