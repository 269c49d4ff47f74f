using System.Net;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Schema;

/// <summary>Which schema is to be tested.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Cluster">Name of the cluster.</param>
internal sealed record TestGaleraSchemaRequest(IReadOnlyList<SwarmNode> Nodes, string Cluster) : ThrottledRequest
{
    /// <summary>The databases to check; all if empty.</summary>
    public IReadOnlyList<NameFilter> Databases { get; init; } = [];

    /// <summary>Size in bytes above which a table is a finding.</summary>
    public long LargeTable { get; init; } = 1L << 30;

    /// <summary>The database account; null for root with the cluster's secret.</summary>
    public NetworkCredential? Login { get; init; }

    /// <summary>How long each server may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
