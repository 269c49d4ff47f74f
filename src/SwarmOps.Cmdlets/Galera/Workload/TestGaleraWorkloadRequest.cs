using System.Net;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Workload;

/// <summary>Which workload is to be tested.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Cluster">Name of the cluster.</param>
internal sealed record TestGaleraWorkloadRequest(IReadOnlyList<SwarmNode> Nodes, string Cluster) : ThrottledRequest
{
    /// <summary>How long the cluster is watched.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the servers log conflicts meanwhile.</summary>
    public bool LogsConflicts { get; init; }

    /// <summary>The database account; null for root with the cluster's secret.</summary>
    public NetworkCredential? Login { get; init; }
}
