using SwarmOps.Galera;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Recovery.Databases;

/// <summary>A host of a cluster that is restored.</summary>
/// <param name="Node">The host.</param>
/// <param name="Service">The service that is bound to it; null for a global service, or without one.</param>
/// <param name="IsArbitrator">Whether it holds no data.</param>
internal sealed record RestoreHost(SwarmNode Node, ServiceState? Service, bool IsArbitrator);

/// <summary>Finds the hosts of a cluster in a node set whose nodes stand in for former ones: by name, else by region.</summary>
internal static class RestoreHosts
{
    /// <summary>Finds them.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="services">Its services.</param>
    /// <param name="nodes">The nodes of the swarm that answer.</param>
    /// <exception cref="SwarmOpsException"><c>DatabaseHostMissing</c>.</exception>
    public static IReadOnlyList<RestoreHost> Find(string cluster, IReadOnlyList<ServiceState> services, IReadOnlyList<SwarmNode> nodes)
    {
        if (services.Any(service => service.Mode == SwarmServiceMode.Global))
            return [.. nodes.Select(node => new RestoreHost(node, null, IsArbitrator: false))];
        var found = services.Select(service => (Service: service, Host: HostOf(service, nodes))).ToList();
        var missing = found.Where(place => place.Host is null).Select(place => place.Service.Name).ToList();
        return missing.Count > 0
            ? throw DatabaseErrors.DatabaseHostMissing(cluster, missing)
            : [.. found.Select(place => new RestoreHost(place.Host!, place.Service, IsArbitrator(place.Service)))];
    }

    /// <summary>The host for the database: the wanted one, the one that was backed up, else the first.</summary>
    /// <param name="hosts">The hosts of the cluster.</param>
    /// <param name="nodes">The nodes of the swarm that answer, for a cluster without services.</param>
    /// <param name="on">Name of the one that is wanted; null for any.</param>
    /// <param name="former">Name of the one that was backed up.</param>
    /// <exception cref="SwarmOpsException"><c>NodeNotInSet</c>.</exception>
    public static SwarmNode Founder(IReadOnlyList<RestoreHost> hosts, IReadOnlyList<SwarmNode> nodes, string? on, string former)
    {
        var able = hosts.Count > 0 ? [.. hosts.Where(host => !host.IsArbitrator).Select(host => host.Node)] : nodes;
        if (on is not null)
            return Named(able, on) ?? throw SwarmErrors.NodeNotInSet(on, able);
        return Named(able, former) ?? able[0];
    }

    private static SwarmNode? HostOf(ServiceState service, IReadOnlyList<SwarmNode> nodes)
    {
        if (Named(nodes, service.Labels.GetValueOrDefault(GaleraNames.NodeLabel, "")) is { } named)
            return named;
        var region = service.Labels.GetValueOrDefault(GaleraNames.RegionLabel);
        return nodes.Where(node => node.Region is not null && node.Region == region).ToList() is [var only] ? only : null;
    }

    private static SwarmNode? Named(IReadOnlyList<SwarmNode> nodes, string name) =>
        nodes.FirstOrDefault(node => string.Equals(node.Name, name, StringComparison.OrdinalIgnoreCase));

    private static bool IsArbitrator(ServiceState service) =>
        service.Labels.GetValueOrDefault(GaleraNames.RoleLabel) == GaleraNames.ArbitratorRole;
}
