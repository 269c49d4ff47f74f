using SwarmOps.Galera.Formation;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Removal;

/// <summary>Removes a cluster's services and unused configs, on request also its data and secrets. Running the same command again completes an interrupted run.</summary>
internal sealed class RemoveGaleraOperation(IOperationContext context, RemoveGaleraRequest request)
{
    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNotFound</c>, <c>GaleraDataOutOfReach</c>, <c>GaleraDataUnlike</c>, those of services and the transport.</exception>
    public async Task RunAsync()
    {
        GaleraRules.CheckName(request.Name);
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        await new GaleraRemovalRun(context, request, swarm).RunAsync().ConfigureAwait(false);
    }
}
