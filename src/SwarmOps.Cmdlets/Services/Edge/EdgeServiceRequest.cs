using SwarmOps.Services.Specification;

namespace SwarmOps.Services.Edge;

/// <summary>Which edge service a swarm is to have.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Service">The service; each region's gets a name of its own.</param>
internal sealed record EdgeServiceRequest(IReadOnlyList<SwarmNode> Nodes, ServiceRequest Service)
{
    /// <summary>The regions in update order; if empty, all regions of the swarm in order of name.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Whether each region runs one task; otherwise each of its nodes runs one.</summary>
    public bool OnePerRegion { get; init; }

    /// <summary>How the services are deployed.</summary>
    public ServiceOptions Options { get; init; } = new();
}
