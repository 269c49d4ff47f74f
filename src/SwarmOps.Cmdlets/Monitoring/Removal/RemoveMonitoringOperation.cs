using SwarmOps.Monitoring.Definition;
using SwarmOps.Monitoring.Formation;
using SwarmOps.Monitoring.Running;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Monitoring.Removal;

/// <summary>Removes the services, configs and secrets of a monitoring, and its accounts in Galera clusters. The volumes with the samples stay. Running it again completes an interrupted run.</summary>
internal sealed class RemoveMonitoringOperation(IOperationContext context, RemoveOneRequest request)
{
    private string Name => request.Name;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException"><c>MonitoringNotFound</c>, those of services and the transport.</exception>
    public async Task RunAsync()
    {
        MonitoringRules.CheckName(Name);
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        var store = await MonitoringStore.ReadAsync(swarm).ConfigureAwait(false);
        var (services, items) = (store.ServicesOf(Name), store.ItemsOf(Name));
        if (services.Count == 0 && items.Count == 0)
            throw MonitoringErrors.MonitoringNotFound(Name, swarm.SwarmId);
        if (
            !await context
                .ShouldProcessAsync(
                    $"swarm {swarm.SwarmId}",
                    $"Remove the monitoring '{Name}' ({services.Count} services): alerts are no longer sent; the samples stay in their volumes"
                )
                .ConfigureAwait(false)
        )
            return;
        await Task.WhenAll(services.Select(new ServiceRemoval(context, swarm, request.Options).RunReportedAsync)).ConfigureAwait(false);
        var accounts = new GaleraAccount(context, swarm, store, request.Options.ThrottleLimit);
        foreach (var cluster in store.ClustersOf(Name))
            await accounts.DropReportedAsync(Name, cluster).ConfigureAwait(false);
        TellVolumes(store);
        await StoredCleaning.RemoveUnusedAsync(swarm, items, asks: false).ConfigureAwait(false);
    }

    private void TellVolumes(MonitoringStore store)
    {
        try
        {
            foreach (var host in store.DefinitionOf(Name)?.Servers ?? [])
                context.WriteVerbose(
                    $"{host.Node}: the volumes '{MonitoringNames.Prometheus(Name, host.Number)}' and '{MonitoringNames.Alertmanager(Name, host.Number)}' were kept; docker volume rm on the node deletes them"
                );
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(MonitoringErrors.MonitoringDefinitionInvalid))
        {
            // Removing is the way out of that.
            context.WriteVerbose(error.Message);
        }
    }
}
