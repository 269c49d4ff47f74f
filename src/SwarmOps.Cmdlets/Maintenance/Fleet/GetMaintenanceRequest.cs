namespace SwarmOps.Maintenance.Fleet;

/// <summary>Whose maintenance is to be read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record GetMaintenanceRequest(IReadOnlyList<SwarmNode> Nodes)
{
    /// <summary>How many nodes are asked at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;
}
