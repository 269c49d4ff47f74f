using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Tasks;

/// <summary>Finds the running tasks that a command is for, and the nodes that run them.</summary>
internal sealed class TaskChooser(SwarmSession swarm, TaskSelection selection)
{
    /// <summary>The tasks, sorted by service, region and node. Each name without a running task is an error, as is each task whose node cannot be asked.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<RunningTask>> ChooseAsync()
    {
        var services = new NameChoice(selection.Services);
        var names = (await ServiceReader.NamesAsync(swarm).ConfigureAwait(false))
            .Where(service => services.Takes(service.Value))
            .ToDictionary(StringComparer.Ordinal);
        foreach (var name in services.Missing)
            swarm.Context.WriteError(ServiceErrors.ServiceNotFound(name, swarm.SwarmId));
        var wanted = new List<(SwarmTask Task, string NodeId)>();
        await ServiceReader
            .ReadTasksAsync(
                swarm,
                history: false,
                task =>
                {
                    if (names.TryGetValue(task.ServiceId, out var service) && task.IsWanted)
                        wanted.Add((task.Describe(service, swarm.Place(task.NodeId)), task.NodeId));
                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        return Reachable(selection.Tasks.Count > 0 ? Named(wanted) : OfServices(wanted, [.. names.Values]));
    }

    private List<(SwarmTask Task, string NodeId)> Named(List<(SwarmTask Task, string NodeId)> wanted)
    {
        var tasks = new NameChoice(selection.Tasks);
        var found = Sorted(wanted.Where(item => IsRunning(item.Task) && IsThere(item.Task) && tasks.Takes(item.Task.Name, item.Task.Id)));
        foreach (var name in tasks.Missing)
            swarm.Context.WriteError(TaskErrors.TaskUnknown(name, swarm.SwarmId));
        return found;
    }

    private List<(SwarmTask Task, string NodeId)> OfServices(
        List<(SwarmTask Task, string NodeId)> wanted,
        IReadOnlyCollection<string> services
    )
    {
        var chosen = new List<(SwarmTask Task, string NodeId)>();
        foreach (var service in services.Order(StringComparer.Ordinal))
        {
            var own = wanted.Where(item => item.Task.Service == service && IsThere(item.Task)).ToList();
            var running = Sorted(own.Where(item => IsRunning(item.Task)));
            if (running.Count == 0 && selection.Services.Any(name => !name.IsPattern && name.Matches(service)))
                swarm.Context.WriteError(TaskErrors.TaskNotRunning(service, States(own.Select(item => item.Task))));
            chosen.AddRange(selection.Any ? Preferred(running) : running);
        }

        return chosen;
    }

    /// <summary>One that can be asked, if there is one.</summary>
    private IEnumerable<(SwarmTask Task, string NodeId)> Preferred(List<(SwarmTask Task, string NodeId)> running) =>
        running.OrderBy(item => swarm.Observation(item.NodeId) is null).Take(1);

    private List<RunningTask> Reachable(IEnumerable<(SwarmTask Task, string NodeId)> chosen)
    {
        var reachable = new List<RunningTask>();
        foreach (var (task, nodeId) in chosen)
        {
            if (swarm.Observation(nodeId) is { } node)
                reachable.Add(new RunningTask(task, task.ContainerId!, node.Connection));
            else
                swarm.Context.WriteError(
                    swarm.Silent.FirstOrDefault(report => swarm.MemberOf(report)?.ID == nodeId) is { Failure: { } why }
                        ? TaskErrors.TaskNodeSilent(task, why)
                        : TaskErrors.TaskNodeNotInSet(task)
                );
        }

        return reachable;
    }

    private bool IsThere(SwarmTask task) => selection.Places.Count == 0 || selection.Places.Any(place => place.Matches(task.Node ?? ""));

    private static bool IsRunning(SwarmTask task) => task is { State: "running", ContainerId: not null };

    private static string States(IEnumerable<SwarmTask> tasks) =>
        string.Join(", ", tasks.Select(task => $"{task.Name} is {task.State}")) is { Length: > 0 } states ? states : "it has none there";

    private static List<(SwarmTask Task, string NodeId)> Sorted(IEnumerable<(SwarmTask Task, string NodeId)> tasks)
    {
        var byId = tasks.ToDictionary(item => item.Task.Id, StringComparer.Ordinal);
        return [.. ServiceReader.Sort(byId.Values.Select(item => item.Task)).Select(task => byId[task.Id])];
    }
}
