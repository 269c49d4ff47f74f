namespace SwarmOps;

/// <summary>What a name in Route 53 answers clients near one AWS region, and how it differed from the nodes of the edge service.</summary>
public sealed record SwarmDnsRecord
{
    /// <summary>The full name, such as <c>www.example.org</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>The hosted zone.</summary>
    public string Zone { get; init; } = "";

    /// <summary>Id of the hosted zone, such as <c>Z1D633PJN98FT9</c>.</summary>
    public string HostedZoneId { get; init; } = "";

    /// <summary>The edge service.</summary>
    public string Service { get; init; } = "";

    /// <summary>The AWS region of the latency record.</summary>
    public string Region { get; init; } = "";

    /// <summary>Names of the nodes that clients near the region are to be sent to; empty for a region that is no longer answered.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>The addresses that the records have, read back from Route 53.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The health checks that the records use.</summary>
    public IReadOnlyList<string> HealthCheckIds { get; init; } = [];

    /// <summary>How each node is checked, such as <c>HTTP 80/healthz, every 30 s, 3 failures</c>.</summary>
    public string HealthCheck { get; init; } = "";

    /// <summary>How long resolvers keep an answer, in seconds.</summary>
    public int TtlSeconds { get; init; }

    /// <summary>Drift that was found: each change that was necessary.</summary>
    public IReadOnlyList<string> Drift { get; init; } = [];

    /// <summary>Whether records and health checks, read back from Route 53, now match the nodes.</summary>
    public bool InSync { get; init; }

    /// <summary>Name and region.</summary>
    public override string ToString() => $"{Name} ({Region})";
}
