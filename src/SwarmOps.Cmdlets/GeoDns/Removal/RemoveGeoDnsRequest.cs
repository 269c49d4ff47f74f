using SwarmOps.Services;

namespace SwarmOps.GeoDns.Removal;

/// <summary>Which zone's name servers are to be removed.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Zone">The zone.</param>
internal sealed record RemoveGeoDnsRequest(IReadOnlyList<SwarmNode> Nodes, string Zone)
{
    /// <summary>How long to wait for the containers.</summary>
    public ServiceOptions Options { get; init; } = new();
}
