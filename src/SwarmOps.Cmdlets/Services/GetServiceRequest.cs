using SwarmOps.Pipeline;

namespace SwarmOps.Services;

/// <summary>Which services are to be read.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record GetServiceRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>Names of services; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Names { get; init; } = [];
}
