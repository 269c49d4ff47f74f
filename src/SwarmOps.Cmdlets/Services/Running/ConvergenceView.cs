using SwarmOps.Services.Specification;

namespace SwarmOps.Services.Running;

/// <summary>How far a service is, at one moment.</summary>
/// <param name="Service">The service.</param>
/// <param name="Tasks">All its tasks, the newest first.</param>
internal sealed record ConvergenceView(ServiceState Service, IReadOnlyList<TaskState> Tasks)
{
    /// <summary>The task of each place that counts.</summary>
    public IReadOnlyList<TaskState> Current { get; } = CurrentTasks.Of(Service, Tasks);

    /// <summary>Those that are as they should be: running from the present template, or complete where that is an end; of a job, complete.</summary>
    public IReadOnlyList<TaskState> Sound => [.. Current.Where(task => Service.IsJob
        ? task.IsComplete
        : ((task.IsRunning && task.DesiredState == "running") || (Service.MayComplete && task.IsComplete)) && task.IsMadeFrom(Service.Template))];

    /// <summary>Whether nothing is left that could still change: all are complete.</summary>
    public bool IsOver => Service.IsJob || (Service.MayComplete && Sound.All(task => task.IsComplete));

    /// <summary>What may be secret in the service or its tasks: engines quote arguments in their errors, and containers say what they like.</summary>
    public IReadOnlyList<string> Secrets => SpecSecrets.Known(Service.Spec, Tasks.Select(task => task.Template));

    /// <summary>How many there must be.</summary>
    public int Wanted => Service.Mode is SwarmServiceMode.Global or SwarmServiceMode.GlobalJob ? Current.Count : Service.DesiredCount;

    /// <summary>Whether all tasks are sound, and no update is under way. No task at all is right only where none is wanted.</summary>
    public bool IsComplete =>
        Sound.Count == Wanted
        && Current.Count == Wanted
        && (Wanted > 0 || Service.Mode is SwarmServiceMode.Replicated or SwarmServiceMode.ReplicatedJob)
        && Service.UpdateState is not ("updating" or "rollback_started");

    /// <summary>Whether the last update stands still, or has been taken back.</summary>
    public bool HasFailedUpdate(bool rolledBackToo) => Service.UpdateState is "paused" or "rollback_paused" || (rolledBackToo && Service.UpdateState == "rollback_completed");

    /// <summary>The state of a task in words.</summary>
    public static string Words(TaskState task, TaskState? failed)
    {
        var error = task.Error.Length > 0 ? task.Error : failed?.Error ?? "";
        return error.Length > 0 ? $"{task.State}: {TaskWords.Of(error)}" : task.State;
    }

    /// <summary>The newest failed task of a place; null when none failed.</summary>
    public TaskState? LastFailure(string place) => Tasks.FirstOrDefault(task => task.Place == place && task.HasFailed);
}
