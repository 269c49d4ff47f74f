using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Keys;

/// <summary>Which swarm gets a new certificate authority.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
internal sealed record UpdateCertificateRequest(IReadOnlyList<SwarmNode> Nodes) : ThrottledRequest
{
    /// <summary>The authority that it gets; null for one that the engine makes.</summary>
    public CertificatePair? Own { get; init; }

    /// <summary>Whether it is begun although nodes are down.</summary>
    public bool Force { get; init; }

    /// <summary>How long to wait until every node has its new certificate.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}
