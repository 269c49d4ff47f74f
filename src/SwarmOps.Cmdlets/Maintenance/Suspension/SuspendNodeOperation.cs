using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>Takes a node out of service so that no user notices.</summary>
internal sealed class SuspendNodeOperation(IOperationContext context, SuspendNodeRequest request)
{
    /// <summary>Runs it and writes the node to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SuspendErrors"/>, of services, name servers, databases and the transport.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        var target = MaintenanceTarget.Find(swarm, request.Name);
        await new SuspendRun(context, request, swarm, target).RunAsync().ConfigureAwait(false);
    }
}
