using System.Text;
using Docker.DotNet.Models;
using SwarmOps.Galera;
using SwarmOps.Monitoring.Definition;
using SwarmOps.Monitoring.Running;
using SwarmOps.Monitoring.State;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Monitoring.Formation;

/// <summary>Creates the monitoring of a swarm, or brings it up to date, and verifies that every Prometheus scrapes everything.</summary>
internal sealed class NewMonitoringOperation(IOperationContext context, NewMonitoringRequest request)
{
    /// <summary>How long the certificates of nodes are valid unless the swarm says otherwise (swarmkit).</summary>
    private static readonly TimeSpan DefaultValidity = TimeSpan.FromDays(90);

    /// <summary>Runs the operation and writes the monitoring to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="MonitoringErrors"/>, of Galera, services and the transport.</exception>
    public async Task RunAsync()
    {
        MonitoringRules.Check(request);
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        var networks = await swarm.ReadNetworksAsync().ConfigureAwait(false);
        RequireOverlay(swarm, networks);
        var store = await MonitoringStore.ReadAsync(swarm).ConfigureAwait(false);
        var present = store.DefinitionOf(request.Name);
        var wanted = new MonitoringPlan(request, present, await GroundAsync(swarm, store, present, networks).ConfigureAwait(false)).Make();
        RequireNames(store, wanted);
        Warn(wanted);
        var deployment = new MonitoringDeployment(context, swarm, store, request.Options)
        {
            AlertmanagerConfig =
                request.AlertmanagerConfig is { } own ? [.. own]
                : request.Webhooks is { } urls ? Encoding.UTF8.GetBytes(MonitoringFiles.Alertmanager(urls))
                : null,
        };
        if (await deployment.RunAsync(wanted).ConfigureAwait(false) is not { } views)
            return;
        context.WriteObject(
            MonitoringJudge.Describe(wanted, views, swarm.Members.ToDictionary(member => member.Key, member => member.Value.Name)) with
            {
                SwarmId = swarm.SwarmId,
                Nodes = swarm.Nodes,
            }
        );
    }

    private void RequireOverlay(SwarmSession swarm, IEnumerable<NetworkResponse> networks)
    {
        var overlay =
            networks.FirstOrDefault(network => network.Name == request.Overlay && network is { Driver: "overlay", Scope: "swarm" })
            ?? throw MonitoringErrors.MonitoringOverlayNotFound(request.Overlay, swarm.SwarmId);
        if (overlay.Internal)
            throw MonitoringErrors.MonitoringOverlayInternal(request.Overlay);
    }

    private static void RequireNames(MonitoringStore store, MonitoringDefinition wanted)
    {
        var own = store.ServicesOf(wanted.Name).Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
        var foreign = store
            .AllServices.Select(service => service.Name)
            .Where(name => !own.Contains(name))
            .ToHashSet(StringComparer.Ordinal);
        var names = MonitoringServices
            .Exporters(wanted)
            .Concat(MonitoringServices.Servers(wanted).Select(server => server.Request))
            .Select(service => service.Name);
        if (names.FirstOrDefault(foreign.Contains) is { } taken)
            throw MonitoringErrors.MonitoringServiceTaken(taken);
    }

    private static async Task<MonitoringGround> GroundAsync(
        SwarmSession swarm,
        MonitoringStore store,
        MonitoringDefinition? present,
        IEnumerable<NetworkResponse> networks
    )
    {
        var inspected = await swarm
            .AskManagerAsync((manager, token) => manager.AskAsync(engine => engine.Swarm.InspectSwarmAsync(token), token))
            .ConfigureAwait(false);
        var validity = inspected.Spec?.CAConfig?.NodeCertExpiry is { } specified && specified > TimeSpan.Zero ? specified : DefaultValidity;
        var names = networks.DistinctBy(network => network.ID).ToDictionary(network => network.ID, network => network.Name);
        return new MonitoringGround(
            EdgeMember.Of(
                swarm,
                (_, name) =>
                    present?.Edges.FirstOrDefault(edge => edge.Node == name) is { } edge ? NodeAddress.WithoutPort(edge.Address) : null
            ),
            swarm
                .View.Managers.Where(manager => manager.ManagerStatus?.Addr is { Length: > 0 })
                .ToDictionary(manager => manager.ID, manager => manager.ManagerStatus!.Addr!, StringComparer.Ordinal),
            name => EdgeFacts.Find(name, store.AllServices),
            EdgeFacts.Names(store.AllServices),
            Galera(store.AllServices, names),
            validity
        );
    }

    /// <summary>The Galera clusters; one with the layout Global has no nodes with names of their own.</summary>
    private static IReadOnlyList<MonitoredGalera> Galera(
        IReadOnlyList<ServiceState> services,
        IReadOnlyDictionary<string, string> networks
    ) =>
        [
            .. services
                .Where(service => service.Labels.ContainsKey(GaleraNames.ClusterLabel))
                .GroupBy(service => service.Labels[GaleraNames.ClusterLabel], StringComparer.Ordinal)
                .Select(cluster => new MonitoredGalera(
                    cluster.Key,
                    cluster.Count(),
                    [
                        .. cluster
                            .Where(service =>
                                service.Mode == SwarmServiceMode.Replicated
                                && service.Labels.GetValueOrDefault(GaleraNames.RoleLabel) != GaleraNames.ArbitratorRole
                            )
                            .OrderBy(service => service.Name, StringComparer.Ordinal)
                            .Select(service => new MonitoredServer(
                                service.Name,
                                service.Labels.GetValueOrDefault(GaleraNames.RegionLabel),
                                service.Networks.Select(id => networks.GetValueOrDefault(id, id)).FirstOrDefault("")
                            )),
                    ]
                )),
        ];

    private void Warn(MonitoringDefinition wanted)
    {
        if (MonitoringRules.PlaceDoubt(wanted.Servers) is { } doubt)
            context.WriteWarning(doubt);
        foreach (
            var port in new[] { ("Prometheus", wanted.PublishPrometheus), ("Alertmanager", wanted.PublishAlertmanager) }.Where(port =>
                port.Item2 > 0
            )
        )
            context.WriteWarning(
                $"{port.Item1} is published on port {port.Item2} of all addresses of its nodes, without a password. Let the firewall admit only those who may see it."
            );
    }
}
