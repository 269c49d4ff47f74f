using SwarmOps.Pipeline;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>Whose maintenance is to be read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record GetMaintenanceRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest;
