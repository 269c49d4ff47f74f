using SwarmOps.Services.Specification;

namespace SwarmOps.Services;

/// <summary>Which service a swarm is to have.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Service">The service.</param>
internal sealed record CreateServiceRequest(IReadOnlyList<SwarmNode> Nodes, ServiceRequest Service)
{
    /// <summary>An existing service whose specification a new one is copied from; null for none.</summary>
    public string? Like { get; init; }

    /// <summary>How the service is deployed.</summary>
    public ServiceOptions Options { get; init; } = new();
}
