using Docker.DotNet.Models;
using SwarmOps.Galera.Repair;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Formation;

/// <summary>The formation of a cluster in a swarm that has been found: reads what exists, decides which node bootstraps, and starts the cluster.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="cluster">The cluster, with the settings of the existing one.</param>
/// <param name="options">How the services are deployed; the time limit applies to each node.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="reader">Reads the cluster.</param>
internal sealed class FormationRun(
    IOperationContext context,
    GaleraRequest cluster,
    ServiceOptions options,
    SwarmSession swarm,
    GaleraReader reader
)
{
    private readonly DataDirectories disks = new(context, cluster, options.ThrottleLimit);

    /// <summary>Runs it and writes the cluster to the pipeline.</summary>
    /// <param name="services">The cluster's services, if it exists.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="GaleraErrors"/>, of services and the transport.</exception>
    public async Task RunAsync(IReadOnlyList<ServiceState> services)
    {
        if (GaleraPresence.StaysPlain(cluster, services))
            context.WriteWarning(
                $"The cluster '{cluster.Name}' runs without TLS between its nodes: any container on its overlay network can join it on port 4567 and receive all data. It was not changed, because TLS cannot be enabled while a cluster runs; see docs/galera.md, TLS. To suppress this warning, specify -Tls:$false."
            );
        var present = services.Count == 0 ? null : await reader.ReadAsync(cluster.Name, services).ConfigureAwait(false);
        var isPrimary = present?.GaleraNodes.Any(ClusterWatch.IsPrimary) is true;
        // Checked before choosing among the hosts that answer, because the others may hold the data.
        var elsewhere =
            isPrimary || services.Count == 0 || cluster.ImageBootstraps ? [] : await LookElsewhereAsync(services, []).ConfigureAwait(false);
        var places = GaleraPlacement.Decide(cluster, swarm.Nodes, Present(services));
        RequireWholeSwarm(places);
        var directories = await disks.LookAsync([.. places.Where(place => !place.IsArbitrator)]).ConfigureAwait(false);
        if (services.Count == 0 && !cluster.ImageBootstraps)
            elsewhere = await LookElsewhereAsync(services, places).ConfigureAwait(false);
        var isSamePath = GaleraHosts.Path(cluster, services) == cluster.DataPath;
        var decision = FoundingDecision.Make(
            cluster,
            directories,
            present,
            [.. elsewhere.Where(other => !isSamePath || places.All(place => place.Node.Name != other.Place.Node.Name))]
        );
        var known = GaleraPresence.WithAccess(cluster, places, directories, services);
        await new ClusterStart(context, known, decision, options, swarm, reader)
            .RunAsync(places, directories, services)
            .ConfigureAwait(false);
    }

    private static Dictionary<string, string> Present(IReadOnlyList<ServiceState> services) =>
        services
            .Where(service => service.Labels.ContainsKey(GaleraNames.RegionLabel))
            .OrderBy(service => service.Labels.GetValueOrDefault(GaleraNames.SegmentLabel)?.Length)
            .ThenBy(service => service.Labels.GetValueOrDefault(GaleraNames.SegmentLabel), StringComparer.Ordinal)
            .ToDictionary(
                service => service.Labels[GaleraNames.RegionLabel],
                service => service.Labels.GetValueOrDefault(GaleraNames.NodeLabel, ""),
                StringComparer.Ordinal
            );

    private void RequireWholeSwarm(IReadOnlyList<GaleraPlace> places)
    {
        if (cluster.Layout != GaleraLayout.Global)
            return;
        var missing = swarm
            .Members.Where(member => places.All(place => place.Node.NodeId != member.Key))
            .Select(member => member.Value.Name)
            .ToList();
        if (missing.Count > 0)
            throw GaleraErrors.GaleraSetIncomplete(missing);
    }

    /// <summary>Inspects every other host that may hold data of this cluster. All must be readable.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraHostsUnseen</c>.</exception>
    private async Task<IReadOnlyList<DataDirectory>> LookElsewhereAsync(
        IReadOnlyList<ServiceState> services,
        IReadOnlyList<GaleraPlace> seen
    )
    {
        var known = swarm.Nodes.Concat(swarm.Silent.Select(report => report.Node)).ToList();
        var all = await ServiceReader.ListAsync(swarm).ConfigureAwait(false);
        var tasks = await ServiceReader.TasksAsync(swarm).ConfigureAwait(false);
        // The data at the same path there belongs to another cluster, which is running.
        var foreign = all.Where(service =>
                service.Labels.TryGetValue(GaleraNames.ClusterLabel, out var name)
                && name != cluster.Name
                && service.Labels.GetValueOrDefault(GaleraNames.DataPathLabel) == cluster.DataPath
            )
            .ToList();
        var taken = GaleraHosts.Of(foreign, tasks, swarm.Members);
        var possible =
            services.Count > 0
                ? GaleraHosts.Of(services, tasks, swarm.Members)
                : GaleraHosts
                    .Possible(cluster, known, swarm.View.Members.Select(member => (swarm.Members[member.ID], IsDown(member))))
                    .Where(host => !taken.Contains(host));
        var hosts = possible.Where(host => seen.All(place => place.Node.Name != host)).ToList();
        var (found, unseen) = await disks
            .LookElsewhereAsync([.. known.Where(node => hosts.Contains(node.Name))], GaleraHosts.Path(cluster, services))
            .ConfigureAwait(false);
        unseen = [.. unseen, .. hosts.Where(host => known.All(node => node.Name != host))];
        return unseen.Count == 0 ? found : throw GaleraErrors.GaleraHostsUnseen(cluster.Name, unseen);
    }

    private static bool IsDown(NodeListResponse member) => member.Status?.State is not "ready";
}
