using SwarmOps.Services.Running;

namespace SwarmOps.Insight.Findings;

/// <summary>What is wrong with services.</summary>
internal static class ServiceJudge
{
    /// <summary>A service that was changed this recently, and shows no error, is still starting: large images take minutes.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan RestartWindow = TimeSpan.FromHours(1);
    private const int ManyRestarts = 3;
    private const int MostErrors = 2;

    /// <summary>States on the way to running (Docker's task states).</summary>
    private static readonly string[] Starting = ["new", "pending", "assigned", "accepted", "preparing", "ready", "starting"];

    /// <summary>The findings about a service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="failures">Its tasks that failed lately, newest first.</param>
    /// <param name="now">The present time.</param>
    public static IEnumerable<SwarmFinding> Of(SwarmService service, IReadOnlyList<SwarmTask> failures, DateTime now)
    {
        var isJob = service.Mode is SwarmServiceMode.ReplicatedJob or SwarmServiceMode.GlobalJob;
        if (isJob)
        {
            if (OfJob(service) is { } job)
                yield return job;
        }
        else if (service.RunningCount < service.DesiredCount)
            yield return Missing(service, failures, now);
        else if (Restarts(service, failures, now) is { } restarts)
            yield return restarts;
        if (OfUpdate(service) is { } update)
            yield return update;
    }

    private static SwarmFinding Missing(SwarmService service, IReadOnlyList<SwarmTask> failures, DateTime now)
    {
        var waiting = service.Tasks.Where(task => task.State != "running").ToList();
        string[] errors =
        [
            .. waiting
                .Concat(failures.Where(task => now - task.Since < StartTime))
                .Select(task => task.Error)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];
        var isStarting =
            errors.Length == 0
            && (service.UpdateState == "updating" || now - service.UpdatedAt < StartTime)
            && waiting.All(task => Starting.Contains(task.State));
        var where = NodeJudge.Names(waiting.Select(task => task.Node ?? "no node"));
        var why = errors.Length == 0 ? "" : $": {string.Join("; ", errors.Take(MostErrors))}";
        var since = waiting.Select(task => task.Since).Where(time => time != default).DefaultIfEmpty().Min();
        return Of(
            service,
            isStarting ? SwarmFindingSeverity.Information
                : service.RunningCount == 0 ? SwarmFindingSeverity.Critical
                : SwarmFindingSeverity.Warning,
            isStarting ? "ServiceStarting" : "TasksMissing",
            $"The service '{service.Name}' runs {service.RunningCount} of {service.DesiredCount} tasks{(waiting.Count > 0 ? $" (missing on {where})" : "")}{why}.",
            isStarting ? $"Wait for it with Wait-SwarmService -Name {service.Name}." : TaskWords.Advice(service.Name, errors)
        ) with
        {
            Since = since == default ? null : since,
        };
    }

    private static SwarmFinding? Restarts(SwarmService service, IReadOnlyList<SwarmTask> failures, DateTime now)
    {
        var recent = failures.Where(task => now - task.Since < RestartWindow).ToList();
        if (recent.Count < ManyRestarts)
            return null;
        var last = recent[0];
        return Of(
            service,
            SwarmFindingSeverity.Warning,
            "TasksFail",
            $"At least {recent.Count} tasks of '{service.Name}' failed in the last hour, the last one on '{last.Node}': {last.Error ?? last.State}.",
            TaskWords.Advice(service.Name, recent.Select(task => task.Error).OfType<string>())
        ) with
        {
            Since = recent[^1].Since,
        };
    }

    private static SwarmFinding? OfJob(SwarmService service)
    {
        var failed = service.Tasks.Where(task => task.State is "failed" or "rejected").ToList();
        return failed.Count == 0 || service.RunningCount >= service.DesiredCount
            ? null
            : Of(
                service,
                SwarmFindingSeverity.Warning,
                "JobFailed",
                $"The job '{service.Name}' completed {service.RunningCount} of {service.DesiredCount} tasks; failed on {NodeJudge.Names(failed.Select(task => task.Node ?? "no node"))}: {failed[0].Error ?? failed[0].State}.",
                TaskWords.Advice(service.Name, failed.Select(task => task.Error).OfType<string>())
            ) with
            {
                Since = failed.Min(task => task.Since),
            };
    }

    private static SwarmFinding? OfUpdate(SwarmService service)
    {
        var message = service.UpdateMessage is { Length: > 0 } text ? $": {text.TrimEnd('.')}." : ".";
        return service.UpdateState switch
        {
            "paused" => Update("UpdatePaused", $"The last update of '{service.Name}' is paused{message}"),
            "rollback_paused" => Update("RollbackPaused", $"The rollback of '{service.Name}' is paused{message}"),
            "rollback_started" or "rollback_completed" => Update(
                "UpdateRolledBack",
                $"The last update of '{service.Name}' was rolled back{message}"
            ),
            _ => null,
        };

        SwarmFinding Update(string check, string what) =>
            Of(
                service,
                SwarmFindingSeverity.Warning,
                check,
                what,
                $"See why with Get-SwarmTask -Service {service.Name} -All, then run Update-SwarmService again."
            );
    }

    private static SwarmFinding Of(SwarmService service, SwarmFindingSeverity severity, string check, string message, string action) =>
        new()
        {
            Severity = severity,
            Area = SwarmFindingArea.Service,
            Subject = service.Name,
            Check = check,
            Message = message,
            RecommendedAction = action,
        };
}
