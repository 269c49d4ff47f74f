using SwarmOps.Services;

namespace SwarmOps.Monitoring.Removal;

/// <summary>Which monitoring is to be removed.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Name">Its name.</param>
internal sealed record RemoveMonitoringRequest(IReadOnlyList<SwarmNode> Nodes, string Name)
{
    /// <summary>How long to wait for the containers.</summary>
    public ServiceOptions Options { get; init; } = new();
}
