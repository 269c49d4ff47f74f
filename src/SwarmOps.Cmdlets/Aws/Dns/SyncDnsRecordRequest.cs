using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Dns;

/// <summary>Which name is to answer with the nodes of an edge service. Null keeps what the records have, or for a new name takes the default.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Zone">The hosted zone.</param>
/// <param name="Name">The name, relative to the zone.</param>
/// <param name="Service">The edge service.</param>
internal sealed record SyncDnsRecordRequest(IReadOnlyList<SwarmNode> Nodes, string Zone, string Name, string Service) : ThrottledRequest
{
    /// <summary>Id of the hosted zone, where several have the name.</summary>
    public string? HostedZoneId { get; init; }

    /// <summary>The AWS region of each region of the swarm that is none itself.</summary>
    public IReadOnlyDictionary<string, string> RegionMap { get; init; } = new Dictionary<string, string>();

    /// <summary>Time to live of the answers.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>The port of the health check.</summary>
    public int? HealthPort { get; init; }

    /// <summary>The path of the health check; empty for a TCP connection only.</summary>
    public string? HealthPath { get; init; }

    /// <summary>The Host header of the health check; empty for none.</summary>
    public string? HealthHost { get; init; }

    /// <summary>Whether the health check goes over TLS.</summary>
    public bool? HealthTls { get; init; }

    /// <summary>Time between two checks.</summary>
    public int? HealthIntervalSeconds { get; init; }

    /// <summary>Number of failed checks that make a node unhealthy.</summary>
    public int? HealthRetries { get; init; }

    /// <summary>Whether records of another swarm are taken over.</summary>
    public bool IsForced { get; init; }

    /// <summary>How long Route 53's name servers may take to have a change.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);
}
