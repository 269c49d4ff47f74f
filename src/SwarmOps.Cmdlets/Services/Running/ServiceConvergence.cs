using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Services.Running;

/// <summary>
/// Waits until a service has converged: every task runs from the current specification (and is healthy, if there is a health check: the engine
/// reports a task as running only then) and remains stable for a while. Shows a line for each task, and reports why the service did not converge.
/// </summary>
/// <param name="swarm">The swarm.</param>
/// <param name="timeout">How long it may take in all.</param>
internal sealed class ServiceConvergence(SwarmSession swarm, TimeSpan timeout)
{
    /// <summary>A task that was rejected this often will not start on the next attempt either: the image or a mount source is missing.</summary>
    private const int EnoughRejections = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    /// <summary>
    /// The tasks that were seen to fail. With a limit of restarts, an engine keeps no more than that number of old tasks and one
    /// (swarmkit, manager/orchestrator/taskreaper), so the reason of a rollback may be gone when its end is seen.
    /// </summary>
    private readonly Dictionary<string, TaskState> failures = [];

    /// <summary>How long all tasks must remain stable; null for the update policy's monitor time. Does not apply to jobs.</summary>
    public TimeSpan? Stable { get; init; }

    /// <summary>Whether this waits for a change: then a rollback is a failure; otherwise the specification that was restored counts.</summary>
    public bool AfterChange { get; init; }

    /// <summary>How long "no suitable node" may be temporary: a node is coming back. It always is while an old task still holds the port.</summary>
    public TimeSpan PendingPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Tasks from before the change; their failures do not count.</summary>
    public IReadOnlySet<string> Known { get; init; } = new HashSet<string>();

    /// <summary>Shows each look in place of the usual lines, where several services are waited for at the same time; null shows these.</summary>
    public Action<ConvergenceView>? Watch { get; init; }

    /// <summary>Waits.</summary>
    /// <param name="serviceId">Name or id of the service.</param>
    /// <returns>The converged service.</returns>
    /// <exception cref="SwarmOpsException"><c>ServiceNotConverged</c>, <c>ServiceUpdateFailed</c>, <c>ServiceNotFound</c>, the transport's errors.</exception>
    public async Task<ConvergenceView> WaitAsync(string serviceId)
    {
        var deadline = Deadline.In(timeout);
        var progress = Watch is null ? new ConvergenceProgress(swarm) : null;
        var show = Watch ?? progress!.Show;
        var quiet = new StableFor();
        var pending = new StableFor();
        try
        {
            while (true)
            {
                var service =
                    await ServiceReader.FindAsync(swarm, serviceId).ConfigureAwait(false)
                    ?? throw ServiceErrors.ServiceNotFound(serviceId, swarm.SwarmId);
                var view = new ConvergenceView(service, await ServiceReader.TasksAsync(swarm, [service.Id]).ConfigureAwait(false));
                show(view);
                foreach (var task in view.Tasks.Where(task => task.HasFailed && !Known.Contains(task.Id)))
                    failures[task.Id] = task;
                if (view.HasFailedUpdate(AfterChange))
                    throw await FailureAsync(view, null).ConfigureAwait(false);
                if (
                    view.IsComplete
                    && quiet.Lasts(
                        string.Join(' ', view.Sound.Select(task => task.Id)),
                        view.IsOver ? TimeSpan.Zero : Stable ?? service.Monitor
                    )
                )
                    return view;
                if (!view.IsComplete)
                    quiet.Reset();
                if (IsHopeless(view) || (IsPendingTooLong(view, pending) && !await IsEndingAsync(view).ConfigureAwait(false)))
                    throw await FailureAsync(view, "cannot converge").ConfigureAwait(false);
                if (!deadline.LeavesTimeFor(Pause))
                    throw await FailureAsync(view, $"did not converge within {timeout.TotalSeconds:0} s").ConfigureAwait(false);
                await Task.Delay(Pause, swarm.Context.CancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            progress?.End();
        }
    }

    private bool IsHopeless(ConvergenceView view)
    {
        // A job without restarts fails with its first failed task.
        if (
            view.Service.IsJob
            && (string?)view.Service.Template?["RestartPolicy"]?["Condition"] == "none"
            && view.Current.Any(task => task.HasFailed)
        )
            return true;
        // The engine pauses such an update or rolls it back by itself: that end is the one to report.
        if (view.Service.EndsUpdateItself)
            return false;
        var fresh = view.Tasks.Where(task => !Known.Contains(task.Id)).ToList();
        if (fresh.Where(task => task.State == "rejected").GroupBy(task => task.Place).Any(place => place.Count() >= EnoughRejections))
            return true;
        // Nor does the swarm restart a task whose restart condition forbids it or whose attempts are used up.
        return view.Service.MayComplete
            && view.Current.Any(task => task.HasFailed && !task.IsWanted && !(AfterChange && Known.Contains(task.Id)));
    }

    private bool IsPendingTooLong(ConvergenceView view, StableFor pending)
    {
        var waiting = view
            .Current.Where(task => task.State == "pending" && task.Error.Contains("no suitable node", StringComparison.Ordinal))
            .Select(task => task.Id)
            .ToList();
        if (waiting.Count > 0)
            return pending.Lasts(string.Join(' ', waiting), PendingPatience);
        pending.Reset();
        return false;
    }

    /// <summary>
    /// Whether an old task is still being stopped, which takes as long as its grace period and its host need, and then makes room.
    /// On a node that is down none ends: the swarm waits for its word for a day (swarmkit's orphaned tasks).
    /// </summary>
    private async Task<bool> IsEndingAsync(ConvergenceView seen)
    {
        var ending = seen
            .Tasks.Where(task => !task.IsWanted && !task.IsOver && task.NodeId.Length > 0)
            .Select(task => task.NodeId)
            .ToHashSet();
        if (ending.Count == 0)
            return false;
        var view = await swarm.ReadViewAsync().ConfigureAwait(false);
        return view.Members.Any(member => ending.Contains(member.ID) && member.Status?.State == "ready");
    }

    private async Task<SwarmOpsException> FailureAsync(ConvergenceView view, string? state)
    {
        var problems = new List<string>();
        TaskState? failed = null;
        foreach (var task in view.Current.Where(task => !view.Sound.Contains(task)))
        {
            var failure =
                task.HasFailed ? task
                : view.LastFailure(task.Place) is { } last && !Known.Contains(last.Id) ? last
                : null;
            failed ??= failure;
            problems.Add($"{Where(failure ?? task)}: {ConvergenceView.Words(task, failure)}");
        }

        // After a rollback the current tasks are only starting; the tasks that failed before them give the reason.
        if (failed is null)
        {
            var earlier = failures.Values.OrderByDescending(task => task.CreatedAt).ToList();
            problems.AddRange(earlier.Take(5).Select(task => $"{Where(task)}: {ConvergenceView.Words(task, null)}"));
            failed = earlier.FirstOrDefault();
        }

        if (view.Wanted == 0)
            problems.Add(
                view.Service.Constraints.Count > 0
                    ? $"no node meets the constraints {string.Join(", ", view.Service.Constraints)}"
                    : "no node is available for tasks"
            );
        var advice = TaskWords.Advice(view.Service.Name, problems);
        problems.Insert(
            0,
            $"{view.Sound.Count} of {view.Wanted} tasks {(view.Service.IsJob ? "are complete" : view.Service.MayComplete ? "run or are complete" : "run")}"
        );
        if (failed?.ContainerId is not null && await LastWordsAsync(failed).ConfigureAwait(false) is { Length: > 0 } words)
            problems.Add($"last log lines of {Where(failed)}: {words}");
        var known = view.Secrets;
        problems = [.. problems.Select(problem => Masking.Text(problem, known))];
        return state is null
            ? ServiceErrors.ServiceUpdateFailed(
                view.Service.Name,
                view.Service.UpdateState!.Replace('_', ' '),
                Masking.Text(view.Service.UpdateMessage ?? "", known),
                problems
            )
            : ServiceErrors.ServiceNotConverged(view.Service.Name, state, problems, advice);
    }

    private async Task<string> LastWordsAsync(TaskState task)
    {
        try
        {
            var lines = await ServiceLog.TailAsync(swarm, $"/tasks/{task.Id}", 5).ConfigureAwait(false);
            return string.Join(" | ", lines.Select(line => line.Message));
        }
        catch (SwarmOpsException)
        {
            // The container or its node may be gone; then the task's error is all there is.
            return "";
        }
    }

    private string Where(TaskState task) =>
        (swarm.Place(task.NodeId)?.ToString(), task.Slot) switch
        {
            (null, > 0) => $"task {task.Slot}",
            (null, _) => "a task",
            var (place, slot) => slot > 0 ? $"task {slot} on {place}" : place,
        };
}
