using System.Net;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Repair;

/// <summary>Which Galera cluster is to be repaired.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Name">Name of the cluster.</param>
/// <param name="Choice">What the user chose.</param>
internal sealed record RepairGaleraRequest(IReadOnlyList<SwarmNode> Nodes, string Name, RepairChoice Choice) : ThrottledRequest
{
    /// <summary>A database account for querying the servers; null for root with the cluster's secret.</summary>
    public NetworkCredential? Login { get; init; }

    /// <summary>How long each node may take to become Synced.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(600);
}
