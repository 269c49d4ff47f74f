using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Reads tasks of services of a swarm.</summary>
internal sealed class GetTaskOperation(IOperationContext context, GetTaskRequest request)
{
    /// <summary>Writes the tasks to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var tasks = ServiceReader.TasksAsync(swarm);
        var all = await ServiceReader.ListAsync(swarm).ConfigureAwait(false);
        foreach (
            var service in request.Services.Choose(
                context,
                all,
                service => service.Name,
                name => ServiceErrors.TaskNotFound(name, swarm.SwarmId)
            )
        )
        {
            var own = (await tasks.ConfigureAwait(false)).Where(task => task.ServiceId == service.Id && (request.History || task.IsWanted));
            foreach (var task in ServiceReader.Describe(swarm, service.Name, own).Where(IsOnWantedNode))
                context.WriteObject(task);
        }
    }

    private bool IsOnWantedNode(SwarmTask task) => request.Places.Count == 0 || request.Places.Any(place => place.Matches(task.Node ?? ""));
}
