using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>
/// Raises replicas before tasks go, and lowers them after: Docker's drain stops a task before it starts the next, and has no other order. Lowering takes tasks from the nodes that
/// have the most of the service (swarmkit, manager/orchestrator/replicated).
/// </summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="timeout">How long one service may take to converge.</param>
internal sealed class SurgeRun(IOperationContext context, SwarmSession swarm, TimeSpan timeout)
{
    private readonly ServiceUpdater updater = new(swarm);

    /// <summary>The services that have replicas for a node's sake.</summary>
    public static IEnumerable<ServiceState> Of(NodeLoad load, string nodeId) =>
        load.Services.Select(view => view.Service).Where(service => Surge.Of(service)?.NodeId == nodeId);

    /// <summary>Raises all services at once, then waits until the new tasks of each are healthy.</summary>
    /// <exception cref="SwarmOpsException">Those of services and the transport.</exception>
    public async Task RaiseAsync(IReadOnlyList<(ServiceState Service, Surge Surge)> services)
    {
        var known = await KnownAsync([.. services.Select(entry => entry.Service.Id)]).ConfigureAwait(false);
        foreach (var (service, surge) in services)
            await updater.UpdateAsync(service.Id, now => Wanted(now, service, surge)).ConfigureAwait(false);
        foreach (var (service, _) in services)
            await ConvergeAsync(service.Id, known).ConfigureAwait(false);
    }

    /// <summary>Takes back what was raised for a node, each service in turn.</summary>
    /// <param name="nodeId">The node.</param>
    /// <param name="settleLimit">How long to wait until lowering takes no task that is needed.</param>
    /// <param name="mustSettle">Whether a service that does not get there is an error; otherwise it is lowered all the same.</param>
    /// <exception cref="SwarmOpsException">Those of services and the transport.</exception>
    public async Task LowerAsync(string nodeId, TimeSpan settleLimit, bool mustSettle)
    {
        foreach (var service in await ServiceReader.ListAsync(swarm).ConfigureAwait(false))
        {
            if (Surge.Of(service) is not { } surge || surge.NodeId != nodeId)
                continue;
            // Waiting once more gives the reason.
            if (!await IsSettledAsync(service.Id, surge, settleLimit).ConfigureAwait(false) && mustSettle)
                await new ServiceConvergence(swarm, TimeSpan.Zero).WaitAsync(service.Id).ConfigureAwait(false);
            await LowerAsync(service.Id, nodeId).ConfigureAwait(false);
        }
    }

    /// <summary>Moves one task of a service to the node that has the fewest, by one replica more and then one less.</summary>
    /// <exception cref="SwarmOpsException">Those of services and the transport.</exception>
    public async Task MoveOneAsync(ServiceState service, string nodeId)
    {
        await RaiseAsync([(service, new Surge(nodeId, service.DesiredCount, service.DesiredCount + 1))]).ConfigureAwait(false);
        await LowerAsync(service.Id, nodeId).ConfigureAwait(false);
    }

    /// <summary>
    /// Waits until a service runs its own number of tasks at least, and every other one runs too or finds no node. A task that no node takes is removed first; one that is only
    /// starting might stay in place of one that runs.
    /// </summary>
    private async Task<bool> IsSettledAsync(string serviceId, Surge surge, TimeSpan limit) =>
        await Polling
            .UntilAsync(
                async () =>
                {
                    if (await ServiceReader.FindAsync(swarm, serviceId).ConfigureAwait(false) is not { } service)
                        return surge;
                    var view = new ConvergenceView(service, await ServiceReader.TasksAsync(swarm, [serviceId]).ConfigureAwait(false));
                    var others = view.Current.Except(view.Sound).ToList();
                    context.WriteProgress(
                        new OperationProgress(0, service.Name, $"{view.Sound.Count} of {view.Wanted} tasks run, {surge.From} are needed")
                    );
                    return view.Sound.Count >= surge.From && others.TrueForAll(FindsNoNode) ? surge : null;
                },
                limit,
                context.CancellationToken
            )
            .ConfigureAwait(false)
            is not null;

    private static bool FindsNoNode(TaskState task) =>
        task is { State: "pending", NodeId: "" } && task.Error.Contains("no suitable node", StringComparison.Ordinal);

    private async Task LowerAsync(string serviceId, string nodeId)
    {
        var known = await KnownAsync([serviceId]).ConfigureAwait(false);
        await updater
            .UpdateAsync(
                serviceId,
                now =>
                {
                    if (Surge.Of(now) is not { } surge || surge.NodeId != nodeId)
                        return null;
                    if (now.DesiredCount != surge.To)
                        context.WriteWarning(
                            $"'{now.Name}' was scaled to {now.DesiredCount} by someone else in the meantime; its number of replicas is left as it is."
                        );
                    return surge.LoweredIn(now);
                }
            )
            .ConfigureAwait(false);
        await ConvergeAsync(serviceId, known).ConfigureAwait(false);
    }

    /// <summary>A service whose number was changed since it was read is raised from the new number.</summary>
    private static System.Text.Json.Nodes.JsonObject? Wanted(ServiceState now, ServiceState read, Surge surge) =>
        Surge.Of(now) is not null ? null
        : now.DesiredCount == read.DesiredCount ? surge.RaisedIn(now)
        : (surge with { From = now.DesiredCount, To = now.DesiredCount + surge.To - surge.From }).RaisedIn(now);

    /// <summary>The tasks from before a change, whose failures are none of it.</summary>
    private async Task<IReadOnlySet<string>> KnownAsync(IReadOnlyList<string> serviceIds) =>
        (await ServiceReader.TasksOfAsync(swarm, serviceIds).ConfigureAwait(false))
            .SelectMany(tasks => tasks)
            .Select(task => task.Id)
            .ToHashSet(StringComparer.Ordinal);

    private async Task ConvergeAsync(string serviceId, IReadOnlySet<string> known) =>
        await new ServiceConvergence(swarm, timeout) { Known = known }
            .WaitAsync(serviceId)
            .ConfigureAwait(false);
}
