using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>The maintenance of a swarm that has been found.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="request">What is to be done.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="journal">Its journal, as it was read.</param>
internal sealed class MaintenanceRun(
    IOperationContext context,
    InvokeMaintenanceRequest request,
    SwarmSession swarm,
    MaintenanceJournal journal
)
{
    private const string Activity = "Invoke-SwarmMaintenance";

    /// <summary>Maintains the nodes.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="MaintenanceErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var definition = new MaintenanceDefinition(request.Action, request.Script, DateTime.UtcNow);
        var isNew = journal.Definition is null || journal.IsComplete || request.BeginsAnew;
        if (!isNew && !journal.Definition!.IsLike(definition))
            throw MaintenanceErrors.MaintenanceUnfinished(swarm.SwarmId, journal.Definition);
        var targets = FleetOrder.Of(Targets(), id => isNew ? JournalEntry.None : journal.Of(id));
        var agreed = await AskAsync([.. targets.Where(target => isNew || journal.Of(target.NodeId).State != SwarmMaintenanceState.Done)])
            .ConfigureAwait(false);
        if (agreed.Count > 0 && isNew)
            await journal.BeginAsync(definition, agreed.Select(target => target.NodeId)).ConfigureAwait(false);
        await ForEachAsync(agreed).ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
        if (agreed.Count > 0 || !isNew)
            context.WriteObject(MaintenanceReport.Of(swarm, journal)!);
    }

    private IReadOnlyList<MaintenanceTarget> Targets()
    {
        var choice = new NameChoice(request.Names);
        var found = swarm
            .Reports.Where(report => choice.Takes(report.Node.Name))
            .Select(report => MaintenanceTarget.Find(swarm, report.Node.Name))
            .ToList();
        return choice.Missing.FirstOrDefault() is { } missing
            ? throw SwarmErrors.NodeNotInSet(missing, [.. swarm.Reports.Select(report => report.Node)])
            : found;
    }

    /// <summary>Asks for each node, with what it needs.</summary>
    private async Task<IReadOnlyList<MaintenanceTarget>> AskAsync(IReadOnlyList<MaintenanceTarget> targets)
    {
        var needs = await Throttle
            .ForEachAsync(
                targets,
                request.ThrottleLimit,
                async target => (target.NodeId, Words: await NeedsAsync(target).ConfigureAwait(false)),
                context.CancellationToken
            )
            .ConfigureAwait(false);
        var words = needs.ToDictionary(need => need.NodeId, need => need.Words, StringComparer.Ordinal);
        var agreed = new List<MaintenanceTarget>();
        foreach (var target in targets)
        {
            if (await context.ShouldProcessAsync(target.Node.ToString(), words[target.NodeId]).ConfigureAwait(false))
                agreed.Add(target);
        }

        return agreed;
    }

    private async Task<string> NeedsAsync(MaintenanceTarget target)
    {
        var what = request.Action switch
        {
            SwarmMaintenanceAction.Patch => "Patch",
            SwarmMaintenanceAction.Reboot => "Reboot",
            _ => "Run the script",
        };
        try
        {
            var state = await new MaintainedHost(context, target.Node).ReadAsync().ConfigureAwait(false);
            var facts = new List<string>();
            if (request.Action == SwarmMaintenanceAction.Patch)
                facts.Add(state.HasApt ? $"{state.Updates} updates wait" : "it has no apt-get");
            facts.Add(state.RebootReason is { } reason ? $"reboot required ({reason})" : "no reboot required");
            if (target.Member.Description?.Engine?.EngineVersion is { } engine)
                facts.Add($"engine {engine}");
            return $"{what}: {string.Join(", ", facts)}";
        }
        catch (SwarmOpsException error)
        {
            return $"{what}: what it needs could not be read ({error.Message.TrimEnd('.')})";
        }
    }

    private async Task ForEachAsync(IReadOnlyList<MaintenanceTarget> targets)
    {
        for (var index = 0; index < targets.Count; index++)
        {
            var target = targets[index];
            List<string> left = [.. targets.Skip(index).Select(other => other.Name)];
            if (request.Until is { } until && DateTime.UtcNow >= until.ToUniversalTime())
            {
                context.WriteWarning(
                    $"The time of -Until is over; {left.Count} nodes are left: {string.Join(", ", left)}. Run the same command again in the next window."
                );
                return;
            }

            context.WriteProgress(
                new OperationProgress(
                    0,
                    Activity,
                    $"{index} of {targets.Count} nodes done, now '{target.Name}'",
                    index * 100 / targets.Count
                )
            );
            try
            {
                await new NodeMaintenance(context, request, journal, target).RunAsync().ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                await NoteAsync(target, error).ConfigureAwait(false);
                throw MaintenanceErrors.MaintenanceStopped(target.Node, [.. left.Skip(1)], error);
            }
        }
    }

    private async Task NoteAsync(MaintenanceTarget target, SwarmOpsException error)
    {
        try
        {
            await journal
                .WriteAsync(
                    target.NodeId,
                    journal.Of(target.NodeId) with
                    {
                        State = SwarmMaintenanceState.Failed,
                        At = DateTime.UtcNow,
                        Detail = error.Message,
                    }
                )
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException unwritten)
        {
            context.WriteVerbose($"The journal could not be written: {unwritten.Message}");
        }
    }
}
