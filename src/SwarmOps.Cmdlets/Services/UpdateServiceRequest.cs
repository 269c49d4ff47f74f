using SwarmOps.Services.Specification;

namespace SwarmOps.Services;

/// <summary>Which services are to be changed.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Names">Names of the services.</param>
/// <param name="Service">The settings that all of them get; its name does not matter.</param>
internal sealed record UpdateServiceRequest(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<string> Names, ServiceRequest Service)
{
    /// <summary>How the services are deployed.</summary>
    public ServiceOptions Options { get; init; } = new();
}
