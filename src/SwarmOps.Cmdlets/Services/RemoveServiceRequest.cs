namespace SwarmOps.Services;

/// <summary>Which services are to be removed.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="NamesOrIds">Names or ids of the services.</param>
internal sealed record RemoveServiceRequest(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<string> NamesOrIds)
{
    /// <summary>Whether to wait for the containers, and how long.</summary>
    public ServiceOptions Options { get; init; } = new();
}
