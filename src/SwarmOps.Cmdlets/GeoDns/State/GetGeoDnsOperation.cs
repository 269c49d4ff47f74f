using SwarmOps.GeoDns.Running;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.GeoDns.State;

/// <summary>Writes the zones of a swarm to the pipeline.</summary>
internal sealed class GetGeoDnsOperation(IOperationContext context, GetGeoDnsRequest request)
{
    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="GeoDnsErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var zones = await GeoDnsZones.ReadAsync(swarm).ConfigureAwait(false);
        var chosen = request.Zones.Choose(context, zones.Names, zone => zone, zone => GeoDnsErrors.GeoDnsNotFound(zone, swarm.SwarmId));
        var reader = new GeoDnsReader(swarm, request.ThrottleLimit)
        {
            Clients = request.Clients,
            LooksUpDelegation = request.LooksUpDelegation,
            Resolver = request.Resolver,
        };
        foreach (var zone in chosen)
        {
            try
            {
                context.WriteObject(await reader.ReadAsync(zones.Require(zone)).ConfigureAwait(false));
            }
            catch (SwarmOpsException error)
                when (error.ErrorId is nameof(GeoDnsErrors.GeoDnsDefinitionInvalid) or nameof(GeoDnsErrors.GeoDnsNotFound))
            {
                context.WriteError(error);
            }
        }
    }
}
