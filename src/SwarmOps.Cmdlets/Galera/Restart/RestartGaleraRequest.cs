using System.Net;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Restart;

/// <summary>Which Galera cluster is to be restarted, and with what change.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Name">Name of the cluster.</param>
/// <param name="Change">The change to apply, if any.</param>
internal sealed record RestartGaleraRequest(IReadOnlyList<SwarmNode> Nodes, string Name, RestartChange Change) : ThrottledRequest
{
    /// <summary>Region or host that is restarted last; null for none.</summary>
    public string? Last { get; init; }

    /// <summary>A database account for querying the servers; null for root with the cluster's secret.</summary>
    public NetworkCredential? Login { get; init; }

    /// <summary>How long each node may take to become Synced.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(600);
}
