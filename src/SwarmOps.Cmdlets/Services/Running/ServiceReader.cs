using System.Net;
using System.Text.Json.Nodes;
using Docker.DotNet;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Running;

/// <summary>Reads services and tasks of a swarm.</summary>
internal static class ServiceReader
{
    /// <summary>How long cmdlets that only read wait for a leader.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>With how many services a list of tasks is filtered; for more of them, all tasks are read.</summary>
    private const int MostFiltered = 100;

    /// <summary>All services, with their status.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyList<ServiceState>> ListAsync(SwarmSession swarm)
    {
        var services = new List<ServiceState>();
        await ReadAsync(
                swarm,
                service =>
                {
                    services.Add(service);
                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        return [.. services.OrderBy(service => service.Name, StringComparer.Ordinal)];
    }

    /// <summary>Reads all services, with their status, in the engine's order and while it sends them.</summary>
    /// <param name="swarm">The swarm.</param>
    /// <param name="each">Processes a service.</param>
    /// <param name="needed">What is awaited before the first one; null for nothing.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static Task ReadAsync(SwarmSession swarm, Func<ServiceState, ValueTask> each, Task? needed = null) =>
        swarm.ReadListAsync("/services?status=true", json => each(new ServiceState(json)), needed);

    /// <summary>The names of all services by their id.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<Dictionary<string, string>> NamesAsync(SwarmSession swarm)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        await swarm
            .ReadListAsync(
                "/services",
                json =>
                {
                    var service = new ServiceState(json);
                    names[service.Id] = service.Name;
                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        return names;
    }

    /// <summary>A service by name or id, without the engine's own defaults in it; null if there is none.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<ServiceState?> FindAsync(SwarmSession swarm, string nameOrId)
    {
        try
        {
            var found = new ServiceState(await swarm.GetAsync($"/services/{Uri.EscapeDataString(nameOrId)}").ConfigureAwait(false));
            // The engine also accepts the beginning of an id.
            return found.Name == nameOrId || found.Id == nameOrId ? found : null;
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
    }

    /// <summary>The tasks of the given services, or of all; newest first.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyList<TaskState>> TasksAsync(SwarmSession swarm, IReadOnlyList<string>? serviceIds = null)
    {
        var tasks = new List<TaskState>();
        await swarm
            .ReadListAsync(
                "/tasks" + (serviceIds is null ? "" : Filter("service", serviceIds)),
                json =>
                {
                    tasks.Add(new TaskState(json));
                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        return [.. tasks.OrderByDescending(task => task.CreatedAt)];
    }

    /// <summary>Reads all tasks in the engine's order and while it sends them, without their templates.</summary>
    /// <param name="swarm">The swarm.</param>
    /// <param name="history">Whether tasks that were replaced or have ended are read too; the engine leaves them out otherwise.</param>
    /// <param name="each">Processes a task.</param>
    /// <param name="needed">What is awaited before the first one; null for nothing.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static Task ReadTasksAsync(SwarmSession swarm, bool history, Func<TaskState, ValueTask> each, Task? needed = null) =>
        swarm.ReadListAsync(
            "/tasks" + (history ? "" : Filter("desired-state", TaskState.WantedStates)),
            json => each(new TaskState(json, keepsTemplate: false)),
            needed
        );

    /// <summary>The tasks that the swarm wants, by the id of their service, without their templates.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyDictionary<string, List<TaskState>>> WantedTasksAsync(SwarmSession swarm)
    {
        var tasks = new Dictionary<string, List<TaskState>>(StringComparer.Ordinal);
        await ReadTasksAsync(
                swarm,
                history: false,
                task =>
                {
                    if (!tasks.TryGetValue(task.ServiceId, out var own))
                        tasks.Add(task.ServiceId, own = []);
                    own.Add(task);
                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        return tasks;
    }

    /// <summary>All tasks of services, ended ones included, by the id of their service; newest first. A service that was removed in the meantime has none.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<ILookup<string, TaskState>> TasksOfAsync(SwarmSession swarm, IReadOnlyList<string> serviceIds)
    {
        if (serviceIds.Count == 0)
            return Enumerable.Empty<TaskState>().ToLookup(task => task.ServiceId);
        try
        {
            // The engine looks up each service of a filter by itself.
            if (serviceIds.Count <= MostFiltered)
                return (await TasksAsync(swarm, serviceIds).ConfigureAwait(false)).ToLookup(task => task.ServiceId);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            swarm.Context.WriteVerbose("A service was removed while its tasks were being read: reading all tasks");
        }

        var wanted = serviceIds.ToHashSet(StringComparer.Ordinal);
        return (await TasksAsync(swarm, null).ConfigureAwait(false))
            .Where(task => wanted.Contains(task.ServiceId))
            .ToLookup(task => task.ServiceId);
    }

    /// <summary>Names of networks by id.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> NetworkNamesAsync(SwarmSession swarm)
    {
        var listed = await swarm.ReadNetworksAsync().ConfigureAwait(false);
        return listed.ToDictionary(network => network.ID, network => network.Name);
    }

    /// <summary>A service as shown to the user.</summary>
    public static SwarmService Describe(
        SwarmSession swarm,
        ServiceState service,
        IEnumerable<TaskState> tasks,
        IReadOnlyDictionary<string, string> networks
    )
    {
        var own = tasks.Where(task => task.ServiceId == service.Id).ToList();
        var current = service.MayComplete
            ? CurrentTasks.Of(service, own)
            : [.. own.Where(task => service.IsJob ? task.JobIteration == service.JobIteration : task.IsWanted)];
        return new SwarmService
        {
            Name = service.Name,
            Id = service.Id,
            SwarmId = swarm.SwarmId,
            Mode = service.Mode,
            DesiredCount = service.Mode is SwarmServiceMode.Global or SwarmServiceMode.GlobalJob
                ? current.Select(task => task.Place).Distinct().Count()
                : service.DesiredCount,
            RunningCount = current.Count(task =>
                service.IsJob ? task.IsComplete : task.IsRunning || (service.MayComplete && task.IsComplete)
            ),
            Image = service.Image,
            EndpointMode = service.EndpointMode,
            Ports = service.Ports,
            Networks = [.. service.Networks.Select(id => networks.GetValueOrDefault(id, id))],
            Constraints = service.Constraints,
            Labels = service.Labels,
            UpdateState = service.UpdateState,
            UpdateMessage = service.UpdateMessage,
            CreatedAt = service.CreatedAt,
            UpdatedAt = service.UpdatedAt,
            Tasks = Describe(swarm, service.Name, current),
            Nodes = swarm.Nodes,
        };
    }

    /// <summary>Whether its tasks count although the swarm no longer wants them: those of a job, and those that ended for good.</summary>
    public static bool CountsEndedTasks(ServiceState service) => service.IsJob || service.MayComplete;

    /// <summary>Tasks as shown to the user, sorted by region and node.</summary>
    public static IReadOnlyList<SwarmTask> Describe(SwarmSession swarm, string service, IEnumerable<TaskState> tasks) =>
        Sort(tasks.Select(task => task.Describe(service, swarm.Place(task.NodeId))));

    /// <summary>Tasks sorted by service, region and node.</summary>
    public static IReadOnlyList<SwarmTask> Sort(IEnumerable<SwarmTask> tasks) =>
        [
            .. tasks
                .OrderBy(task => task.Service, StringComparer.Ordinal)
                .ThenBy(task => task.Region, StringComparer.Ordinal)
                .ThenBy(task => task.Node, StringComparer.Ordinal)
                .ThenBy(task => task.Slot)
                .ThenByDescending(task => task.Since),
        ];

    private static string Filter(string key, IEnumerable<string> values) =>
        "?filters="
        + Uri.EscapeDataString(new JsonObject { [key] = new JsonArray([.. values.Select(value => (JsonNode)value)]) }.ToJsonString());
}
