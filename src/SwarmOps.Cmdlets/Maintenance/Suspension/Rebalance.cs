using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>
/// Moves tasks to a node that has too few, one at a time: one replica more, which the scheduler starts where the service has the fewest tasks, then one less, which it takes from where
/// there are the most. Docker itself never moves a running task.
/// </summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="target">The node.</param>
/// <param name="surges">Raises and lowers replicas.</param>
internal sealed class Rebalance(IOperationContext context, SwarmSession swarm, MaintenanceTarget target, SurgeRun surges)
{
    /// <summary>Moves tasks of every service that may move.</summary>
    /// <exception cref="SwarmOpsException">Those of services and the transport.</exception>
    public async Task RunAsync()
    {
        var load = await NodeLoad.ReadAsync(swarm, target.Member, target.Name).ConfigureAwait(false);
        var folders = KeptData.SharedFolders(load.Services.Select(view => view.Service));
        foreach (var view in load.Services)
        {
            if (Surplus(load, view) < 2)
                continue;
            if (KeptData.Of(view.Service, folders) is { } data)
                context.WriteWarning(
                    $"The tasks of '{view.Service.Name}' were not moved to '{target.Name}': they keep data in {data} on their nodes."
                );
            else if (!view.IsComplete || view.HasFailedUpdate(rolledBackToo: false))
                context.WriteWarning(
                    $"The tasks of '{view.Service.Name}' were not moved to '{target.Name}': {view.Sound.Count} of {view.Wanted} tasks run."
                );
            else if (
                await context
                    .ShouldProcessAsync(
                        $"service '{view.Service.Name}'",
                        $"Move tasks to {target.Name}, one at a time: {Counts(load, view)}"
                    )
                    .ConfigureAwait(false)
            )
                await MoveAsync(view.Service).ConfigureAwait(false);
        }
    }

    /// <summary>How many tasks of a service the fullest node has more than this one; 0 where this node may not run it.</summary>
    internal static int Surplus(NodeLoad load, ConvergenceView view)
    {
        var service = view.Service;
        if (
            service.Mode != SwarmServiceMode.Replicated
            || service.MayComplete
            || Surge.Of(service) is not null
            || !PlacementRule.Permits(service.Constraints, load.Member)
        )
            return 0;
        var counts = view.Sound.GroupBy(task => task.NodeId).ToDictionary(node => node.Key, node => node.Count());
        return counts.Values.DefaultIfEmpty().Max() - counts.GetValueOrDefault(load.Member.ID);
    }

    private async Task MoveAsync(ServiceState service)
    {
        var before = int.MaxValue;
        while (true)
        {
            var load = await NodeLoad.ReadAsync(swarm, target.Member, target.Name).ConfigureAwait(false);
            if (load.Services.FirstOrDefault(view => view.Service.Id == service.Id) is not { } view)
                return;
            // The scheduler spreads over placement preferences first: where that leaves no better place, a move changes nothing.
            var surplus = Surplus(load, view);
            if (surplus < 2 || surplus >= before)
                return;
            before = surplus;
            context.WriteProgress(new OperationProgress(0, "Resume-SwarmNode", $"Moving a task of '{service.Name}': {Counts(load, view)}"));
            try
            {
                await surges.MoveOneAsync(view.Service, target.NodeId).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                context.WriteWarning($"No task of '{service.Name}' was moved to '{target.Name}': {error.Message}");
                await surges.LowerAsync(target.NodeId, TimeSpan.Zero, mustSettle: false).ConfigureAwait(false);
                return;
            }
        }
    }

    private string Counts(NodeLoad load, ConvergenceView view) =>
        string.Join(
            ", ",
            view.Sound.GroupBy(task => task.NodeId)
                .OrderByDescending(node => node.Count())
                .Select(node => $"{swarm.Place(node.Key)?.Name ?? node.Key} {node.Count()}")
                .Append(load.CountHere(view) == 0 ? $"{target.Name} 0" : "")
                .Where(words => words.Length > 0)
        );
}
