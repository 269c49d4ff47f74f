using SwarmOps.Services;

namespace SwarmOps.GeoDns.Formation;

/// <summary>Which name servers a swarm is to have for a zone. Null keeps what was specified before, or for a new zone takes the default.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Zone">The zone.</param>
internal sealed record NewGeoDnsRequest(IReadOnlyList<SwarmNode> Nodes, string Zone)
{
    /// <summary>The edge service.</summary>
    public string? Service { get; init; }

    /// <summary>The image with gdnsd.</summary>
    public string? Image { get; init; }

    /// <summary>Names of the nodes that run the name servers.</summary>
    public IReadOnlyList<string>? NameServers { get; init; }

    /// <summary>The names to answer, relative to the zone.</summary>
    public IReadOnlyList<string>? Records { get; init; }

    /// <summary>The regions that come first in the default order.</summary>
    public IReadOnlyList<string>? RegionOrder { get; init; }

    /// <summary>Networks of clients, by the region that they are sent to.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? NetworkMap { get; init; }

    /// <summary>Places of regions.</summary>
    public IReadOnlyDictionary<string, string>? Coordinates { get; init; }

    /// <summary>A GeoIP2 database on this machine.</summary>
    public string? DatabasePath { get; init; }

    /// <summary>Time to live of the answers.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>The port of the health check.</summary>
    public int? HealthPort { get; init; }

    /// <summary>The path of the health check; empty for a TCP connection only.</summary>
    public string? HealthPath { get; init; }

    /// <summary>The Host header of the health check; empty for none.</summary>
    public string? HealthHost { get; init; }

    /// <summary>Time between two checks.</summary>
    public int? HealthIntervalSeconds { get; init; }

    /// <summary>Timeout of one check.</summary>
    public int? HealthTimeoutSeconds { get; init; }

    /// <summary>Number of failed checks that make a node unhealthy.</summary>
    public int? HealthRetries { get; init; }

    /// <summary>How the services are deployed.</summary>
    public ServiceOptions Options { get; init; } = new();
}
