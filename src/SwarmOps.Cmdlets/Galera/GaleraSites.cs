using System.Net;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera;

/// <summary>A node whose server can be queried.</summary>
/// <param name="State">The node as it reports itself.</param>
/// <param name="ContainerId">Its container.</param>
internal sealed record GaleraSite(GaleraNode State, string ContainerId)
{
    /// <summary>Name of the host.</summary>
    public string Node => State.Node;
}

/// <summary>Finds the nodes of a cluster whose servers can be queried: those with data in the Primary Component.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="throttleLimit">How many nodes are contacted at the same time.</param>
/// <param name="login">A database account for querying the servers; null for root with the cluster's secret.</param>
internal sealed class GaleraSites(SwarmSession swarm, int throttleLimit, NetworkCredential? login)
{
    /// <summary>Finds them.</summary>
    /// <returns>The nodes to query, and the other nodes with data, each with the reason.</returns>
    /// <exception cref="SwarmOpsException"><c>GaleraNotFound</c>, <c>GaleraNotQueryable</c>, the transport's errors.</exception>
    public async Task<(IReadOnlyList<GaleraSite> Open, IReadOnlyDictionary<string, string> Closed)> FindAsync(string cluster)
    {
        var reader = new GaleraReader(swarm, throttleLimit, login);
        var services = (await reader.ServicesAsync().ConfigureAwait(false))[cluster].ToList();
        if (services.Count == 0)
            throw GaleraErrors.GaleraNotFound(cluster, swarm.SwarmId);
        var places = (await reader.PlacesAsync(services).ConfigureAwait(false)).Where(place => !place.Known.IsArbitrator).ToList();
        var states = await Throttle
            .ForEachAsync(
                places,
                throttleLimit,
                async place => (State: await reader.AskAsync(place.Known, place.ContainerId).ConfigureAwait(false), place.ContainerId),
                swarm.Context.CancellationToken
            )
            .ConfigureAwait(false);
        var open = states
            .Where(node => IsOpen(node.State) && node.ContainerId is not null)
            .Select(node => new GaleraSite(node.State, node.ContainerId!))
            .OrderBy(site => site.State.Segment)
            .ThenBy(site => site.Node, StringComparer.Ordinal)
            .ToList();
        var closed = states
            .Where(node => open.All(site => site.Node != node.State.Node))
            .ToDictionary(node => node.State.Node, node => Reason(node.State), StringComparer.Ordinal);
        return open.Count > 0 ? (open, closed) : throw GaleraErrors.GaleraNotQueryable(cluster, closed);
    }

    /// <summary>A donor answers as before.</summary>
    private static bool IsOpen(GaleraNode node) => node is { ClusterStatus: "Primary", State: GaleraReport.Synced or GaleraReport.Donor };

    private static string Reason(GaleraNode node) => node.Error ?? $"it is {node.State} ({node.ClusterStatus ?? "no component"})";
}
