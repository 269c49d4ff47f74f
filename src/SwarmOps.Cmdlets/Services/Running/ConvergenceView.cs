using SwarmOps.Services.Specification;

namespace SwarmOps.Services.Running;

/// <summary>A snapshot of a service's convergence.</summary>
/// <param name="Service">The service.</param>
/// <param name="Tasks">All its tasks, newest first.</param>
internal sealed record ConvergenceView(ServiceState Service, IReadOnlyList<TaskState> Tasks)
{
    /// <summary>The current task of each slot or node.</summary>
    public IReadOnlyList<TaskState> Current { get; } = CurrentTasks.Of(Service, Tasks);

    /// <summary>The tasks that have converged: running from the current template, or complete where the service permits that; for a job, complete.</summary>
    public IReadOnlyList<TaskState> Sound =>
        [
            .. Current.Where(task =>
                Service.IsJob
                    ? task.IsComplete
                    : ((task.IsRunning && task.DesiredState == "running") || (Service.MayComplete && task.IsComplete))
                        && task.IsMadeFrom(Service.Template)
            ),
        ];

    /// <summary>Whether nothing can change any more: all tasks are complete.</summary>
    public bool IsOver => Service.IsJob || (Service.MayComplete && Sound.All(task => task.IsComplete));

    /// <summary>Values of the service and its tasks that may be secret: engines quote arguments in errors, and container output may contain anything.</summary>
    public IReadOnlyList<string> Secrets => SpecSecrets.Known(Service.Spec, Tasks.Select(task => task.Template));

    /// <summary>How many tasks there must be.</summary>
    public int Wanted => Service.Mode is SwarmServiceMode.Global or SwarmServiceMode.GlobalJob ? Current.Count : Service.DesiredCount;

    /// <summary>Whether all tasks have converged and no update is in progress. Zero tasks are correct only if none is wanted.</summary>
    public bool IsComplete =>
        Sound.Count == Wanted
        && Current.Count == Wanted
        && (Wanted > 0 || Service.Mode is SwarmServiceMode.Replicated or SwarmServiceMode.ReplicatedJob)
        && Service.UpdateState is not ("updating" or "rollback_started");

    /// <summary>Whether the last update was paused or rolled back.</summary>
    public bool HasFailedUpdate(bool rolledBackToo) =>
        Service.UpdateState is "paused" or "rollback_paused" || (rolledBackToo && Service.UpdateState == "rollback_completed");

    /// <summary>A task's state and error as text.</summary>
    public static string Words(TaskState task, TaskState? failed)
    {
        var error = task.Error.Length > 0 ? task.Error : failed?.Error ?? "";
        return error.Length > 0 ? $"{task.State}: {TaskWords.Of(error)}" : task.State;
    }

    /// <summary>The newest failed task of a slot or node; null if none failed.</summary>
    public TaskState? LastFailure(string place) => Tasks.FirstOrDefault(task => task.Place == place && task.HasFailed);
}
