using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services;

/// <summary>Reads services and tasks of a swarm.</summary>
internal sealed class GetServiceOperation(IOperationContext context, int throttleLimit)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Writes services to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task ServicesAsync(IReadOnlyList<SwarmNode> nodes, IReadOnlyList<NameFilter> names)
    {
        var swarm = await SwarmSession.OpenAsync(context, nodes, throttleLimit, Patience).ConfigureAwait(false);
        var tasks = ServiceReader.TasksAsync(swarm);
        var networks = ServiceReader.NetworkNamesAsync(swarm);
        var all = await ServiceReader.ListAsync(swarm).ConfigureAwait(false);
        foreach (var service in Wanted(swarm, all, names, ServiceErrors.ServiceNotFound))
            context.WriteObject(ServiceReader.Describe(swarm, service, await tasks.ConfigureAwait(false), await networks.ConfigureAwait(false)));
    }

    /// <summary>Writes tasks to the pipeline.</summary>
    /// <param name="nodes">Nodes of the swarm.</param>
    /// <param name="services">Names of services; if empty, all.</param>
    /// <param name="places">Names of nodes; if empty, all.</param>
    /// <param name="history">Whether replaced tasks are included.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task TasksAsync(IReadOnlyList<SwarmNode> nodes, IReadOnlyList<NameFilter> services, IReadOnlyList<NameFilter> places, bool history)
    {
        var swarm = await SwarmSession.OpenAsync(context, nodes, throttleLimit, Patience).ConfigureAwait(false);
        var tasks = ServiceReader.TasksAsync(swarm);
        var all = await ServiceReader.ListAsync(swarm).ConfigureAwait(false);
        foreach (var service in Wanted(swarm, all, services, ServiceErrors.TaskNotFound))
        {
            var own = (await tasks.ConfigureAwait(false)).Where(task => task.ServiceId == service.Id && (history || task.IsWanted));
            foreach (var task in ServiceReader.Describe(swarm, service.Name, own).Where(task => places.Count == 0 || places.Any(place => place.Matches(task.Node ?? ""))))
                context.WriteObject(task);
        }
    }

    private IEnumerable<ServiceState> Wanted(SwarmSession swarm, IReadOnlyList<ServiceState> all, IReadOnlyList<NameFilter> names, Func<string, string, SwarmOpsException> missing)
    {
        foreach (var name in names.Where(name => !name.IsPattern && !all.Any(service => name.Matches(service.Name))))
            context.WriteError(missing(name.Text, swarm.SwarmId));
        return all.Where(service => names.Count == 0 || names.Any(name => name.Matches(service.Name)));
    }
}
