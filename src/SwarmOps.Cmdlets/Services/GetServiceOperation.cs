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
        var tasks = ServiceReader.WantedTasksAsync(swarm);
        var networks = ServiceReader.NetworkNamesAsync(swarm);
        var names = new NameChoice(request.Names);
        var portions = new Portions<ServiceState>(async portion =>
            await WriteAsync(swarm, portion, await tasks.ConfigureAwait(false), await networks.ConfigureAwait(false)).ConfigureAwait(false)
        );
        await ServiceReader
            .ReadAsync(
                swarm,
                service => names.Takes(service.Name) ? portions.AddAsync(service) : ValueTask.CompletedTask,
                Task.WhenAll(tasks, networks)
            )
            .ConfigureAwait(false);
        foreach (var name in names.Missing)
            context.WriteError(ServiceErrors.ServiceNotFound(name, swarm.SwarmId));
        await portions.FlushAsync().ConfigureAwait(false);
    }

    private async Task WriteAsync(
        SwarmSession swarm,
        IReadOnlyList<ServiceState> services,
        IReadOnlyDictionary<string, List<TaskState>> wanted,
        IReadOnlyDictionary<string, string> networks
    )
    {
        string[] ending = [.. services.Where(ServiceReader.CountsEndedTasks).Select(service => service.Id)];
        var ended = await ServiceReader.TasksOfAsync(swarm, ending).ConfigureAwait(false);
        foreach (var service in services.OrderBy(service => service.Name, StringComparer.Ordinal))
        {
            var own = ServiceReader.CountsEndedTasks(service) ? ended[service.Id] : wanted.GetValueOrDefault(service.Id) ?? [];
            await context.WriteObjectAsync(ServiceReader.Describe(swarm, service, own, networks)).ConfigureAwait(false);
        }
    }
}
