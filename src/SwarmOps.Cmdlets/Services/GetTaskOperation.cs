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
        var services = ChooseAsync(swarm);
        var portions = new Portions<SwarmTask>(WriteAsync);
        await ServiceReader
            .ReadTasksAsync(
                swarm,
                request.History,
                async task =>
                {
                    if (
                        (await services.ConfigureAwait(false)).TryGetValue(task.ServiceId, out var service)
                        && (request.History || task.IsWanted)
                        && task.Describe(service, swarm.Place(task.NodeId)) is var described
                        && IsOnWantedNode(described)
                    )
                        await portions.AddAsync(described).ConfigureAwait(false);
                },
                services
            )
            .ConfigureAwait(false);
        await portions.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>The requested services: their names by their id. A name that none has is an error.</summary>
    private async Task<IReadOnlyDictionary<string, string>> ChooseAsync(SwarmSession swarm)
    {
        var names = new NameChoice(request.Services);
        var all = await ServiceReader.NamesAsync(swarm).ConfigureAwait(false);
        var chosen = all.Where(service => names.Takes(service.Value)).ToDictionary(StringComparer.Ordinal);
        foreach (var name in names.Missing)
            context.WriteError(ServiceErrors.TaskNotFound(name, swarm.SwarmId));
        return chosen;
    }

    private async Task WriteAsync(IReadOnlyList<SwarmTask> tasks)
    {
        foreach (var task in ServiceReader.Sort(tasks))
            await context.WriteObjectAsync(task).ConfigureAwait(false);
    }

    private bool IsOnWantedNode(SwarmTask task) => request.Places.Count == 0 || request.Places.Any(place => place.Matches(task.Node ?? ""));
}
