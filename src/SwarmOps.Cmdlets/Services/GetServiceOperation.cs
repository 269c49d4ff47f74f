using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Reads services of a swarm.</summary>
internal sealed class GetServiceOperation(IOperationContext context, GetServiceRequest request)
{
    /// <summary>Writes the services to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var tasks = ServiceReader.TasksAsync(swarm);
        var networks = ServiceReader.NetworkNamesAsync(swarm);
        var all = await ServiceReader.ListAsync(swarm).ConfigureAwait(false);
        foreach (
            var service in request.Names.Choose(
                context,
                all,
                service => service.Name,
                name => ServiceErrors.ServiceNotFound(name, swarm.SwarmId)
            )
        )
            context.WriteObject(
                ServiceReader.Describe(swarm, service, await tasks.ConfigureAwait(false), await networks.ConfigureAwait(false))
            );
    }
}
