using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Formation;
using SwarmOps.GeoDns.Location;
using SwarmOps.GeoDns.Running;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.GeoDns.Removal;

/// <summary>Removes the name servers of a zone, their configs, and the copies of the database on the hosts that answer.</summary>
internal sealed class RemoveGeoDnsOperation(IOperationContext context, RemoveOneRequest request)
{
    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException"><c>GeoDnsNotFound</c>, those of services and the transport.</exception>
    public async Task RunAsync()
    {
        var zone = GeoDnsRules.Zone(request.Name);
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        var zones = await GeoDnsZones.ReadAsync(swarm).ConfigureAwait(false);
        var services = zones.ServicesOf(zone);
        var configs = zones.ConfigsOf(zone);
        if (services.Count == 0 && configs.Count == 0)
            throw GeoDnsErrors.GeoDnsNotFound(zone, swarm.SwarmId);
        if (
            !await context
                .ShouldProcessAsync(
                    $"swarm {swarm.SwarmId}",
                    $"Remove the {services.Count} name servers of the zone '{zone}': its names no longer resolve"
                )
                .ConfigureAwait(false)
        )
            return;
        var removal = new ServiceRemoval(context, swarm, request.Options);
        foreach (var service in services)
            await removal.RunReportedAsync(service).ConfigureAwait(false);
        await RemoveDatabaseAsync(swarm, zones, zone).ConfigureAwait(false);
        // A task that is still stopping on a silent node does not keep its configs: only services do.
        foreach (var config in configs)
            await StoredItems.RemoveAsync(swarm, config).ConfigureAwait(false);
    }

    private async Task RemoveDatabaseAsync(SwarmSession swarm, GeoDnsZones zones, string zone)
    {
        GeoDnsDefinition? definition = null;
        try
        {
            definition = zones.DefinitionOf(zone);
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(GeoDnsErrors.GeoDnsDefinitionInvalid))
        {
            // Removing is the way out of that.
        }

        if (definition?.Database is null)
            return;
        var copy = new GeoDatabaseCopy(context, zone);
        foreach (var server in definition.Servers)
        {
            var node = swarm.Nodes.FirstOrDefault(node => node.NodeId == server.NodeId);
            try
            {
                if (node is not null)
                    await copy.RemoveAsync(node).ConfigureAwait(false);
                else
                    context.WriteWarning($"'{server.Node}' did not answer: the database {GeoDnsNames.Database(zone)} is still there.");
            }
            catch (SwarmOpsException error)
            {
                context.WriteWarning($"The database {GeoDnsNames.Database(zone)} on '{server.Node}' was not deleted: {error.Message}");
            }
        }
    }
}
