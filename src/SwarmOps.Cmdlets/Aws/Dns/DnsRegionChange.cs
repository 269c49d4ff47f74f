using SwarmOps.Aws.Dns.Api;

namespace SwarmOps.Aws.Dns;

/// <summary>What must change so that a region's answers are right.</summary>
/// <param name="Region">The AWS region.</param>
/// <param name="Nodes">Its nodes; empty for a region that is no longer answered.</param>
internal sealed record DnsRegionChange(string Region, IReadOnlyList<DnsNode> Nodes)
{
    /// <summary>The health checks that exist and are right, by name of the node.</summary>
    public IReadOnlyDictionary<string, HealthCheck> Checks { get; init; } = new Dictionary<string, HealthCheck>();

    /// <summary>Nodes whose health check must be created.</summary>
    public IReadOnlyList<DnsNode> NewChecks { get; init; } = [];

    /// <summary>Nodes whose health check lacks tags.</summary>
    public IReadOnlyList<DnsNode> Untagged { get; init; } = [];

    /// <summary>Nodes whose record must be set.</summary>
    public IReadOnlyList<DnsNode> NewRecords { get; init; } = [];

    /// <summary>The region's latency record, if it must be set.</summary>
    public DnsRecordSet? Latency { get; init; }

    /// <summary>Record sets to delete.</summary>
    public IReadOnlyList<DnsRecordSet> Deleted { get; init; } = [];

    /// <summary>Health checks that no record will use.</summary>
    public IReadOnlyList<HealthCheck> Freed { get; init; } = [];

    /// <summary>Each change, in words.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Whether nothing differs.</summary>
    public bool IsNone => Words.Count == 0;
}
