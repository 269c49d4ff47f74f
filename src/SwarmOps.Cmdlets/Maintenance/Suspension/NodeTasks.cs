using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>The tasks on one node.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="target">The node.</param>
/// <param name="activity">The activity in the progress display.</param>
internal sealed class NodeTasks(IOperationContext context, SwarmSession swarm, MaintenanceTarget target, string activity)
{
    /// <summary>Waits until nothing runs on the node.</summary>
    /// <returns>What still runs after the time limit.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<TaskState>> UntilNoneAsync(TimeSpan limit)
    {
        IReadOnlyList<TaskState> left = [];
        _ = await Polling
            .UntilAsync(
                async () =>
                {
                    left = [.. (await ReadAsync().ConfigureAwait(false)).Where(task => !task.IsOver)];
                    Say($"Draining '{target.Name}': {left.Count} tasks left");
                    return left.Count == 0 ? left : null;
                },
                limit,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return left;
    }

    /// <summary>Waits until every service that belongs on the node runs there.</summary>
    /// <param name="load">What the swarm runs.</param>
    /// <param name="limit">The time limit.</param>
    /// <returns>Why some do not; empty when all do.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<string>> UntilAllAsync(NodeLoad load, TimeSpan limit)
    {
        var expected = Expected(load);
        IReadOnlyList<string> missing = [];
        _ = await Polling
            .UntilAsync(
                async () =>
                {
                    var own = (await ReadAsync().ConfigureAwait(false)).OrderByDescending(task => task.CreatedAt).ToList();
                    missing = [.. expected.Select(service => Missing(service, own)).OfType<string>()];
                    Say(
                        missing.Count == 0
                            ? $"{expected.Count} services run on '{target.Name}'"
                            : $"{expected.Count - missing.Count} of {expected.Count} services run on '{target.Name}'"
                    );
                    return missing.Count == 0 ? missing : null;
                },
                limit,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return missing;
    }

    /// <summary>The services that have a task on this node whenever it is active: global ones, and those that no other member may run.</summary>
    internal static IReadOnlyList<ServiceState> Expected(NodeLoad load) =>
        [
            .. load
                .Services.Select(view => view.Service)
                .Where(service =>
                    PlacementRule.Permits(service.Constraints, load.Member)
                    && (
                        service.Mode == SwarmServiceMode.Global
                        || (
                            service is { Mode: SwarmServiceMode.Replicated, DesiredCount: > 0, MayComplete: false }
                            && !load.Members.Any(other => other.ID != load.Member.ID && PlacementRule.Permits(service.Constraints, other))
                        )
                    )
                ),
        ];

    private static string? Missing(ServiceState service, IReadOnlyList<TaskState> own)
    {
        var tasks = own.Where(task => task.ServiceId == service.Id).ToList();
        if (tasks.Any(task => (task.IsRunning && task.IsWanted) || (service.MayComplete && task.IsComplete)))
            return null;
        var last = tasks.FirstOrDefault(task => task.Error.Length > 0) ?? tasks.FirstOrDefault();
        return last is null ? $"'{service.Name}' has no task there"
            : last.Error.Length > 0 ? $"'{service.Name}' is {last.State} ({TaskWords.Of(last.Error)})"
            : $"'{service.Name}' is {last.State}";
    }

    private async Task<IReadOnlyList<TaskState>> ReadAsync()
    {
        var filter = new JsonObject { ["node"] = new JsonArray(target.NodeId) };
        var found = new List<TaskState>();
        await swarm
            .ReadListAsync(
                "/tasks?filters=" + Uri.EscapeDataString(filter.ToJsonString()),
                json =>
                {
                    found.Add(new TaskState(json, keepsTemplate: false));
                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        return found;
    }

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, activity, status));
}
