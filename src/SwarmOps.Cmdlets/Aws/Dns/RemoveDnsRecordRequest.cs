using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Dns;

/// <summary>Which name's records are to be removed.</summary>
/// <param name="Nodes">Nodes of the swarm whose lock is held meanwhile; empty when the swarm no longer exists.</param>
/// <param name="Zone">The hosted zone.</param>
/// <param name="Name">The name, relative to the zone.</param>
internal sealed record RemoveDnsRecordRequest(IReadOnlyList<SwarmNode> Nodes, string Zone, string Name) : ThrottledRequest
{
    /// <summary>Id of the hosted zone, where several have the name.</summary>
    public string? HostedZoneId { get; init; }

    /// <summary>How long Route 53's name servers may take to have the change.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);
}
