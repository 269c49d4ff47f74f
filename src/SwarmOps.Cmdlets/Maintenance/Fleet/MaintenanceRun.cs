using SwarmOps.Maintenance.Engines;
using SwarmOps.Nodes.Preflight;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>The maintenance of a swarm that has been found.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="asked">What is to be done, as the user said it.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="journal">Its journal, as it was read.</param>
internal sealed class MaintenanceRun(
    IOperationContext context,
    InvokeMaintenanceRequest asked,
    SwarmSession swarm,
    MaintenanceJournal journal
)
{
    /// <summary>The progress activity.</summary>
    public const string Activity = "Invoke-SwarmMaintenance";

    private InvokeMaintenanceRequest request = asked;

    /// <summary>Maintains the nodes.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="MaintenanceErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var isNew = journal.Definition is null || journal.IsComplete || request.BeginsAnew;
        var targets = FleetOrder.Of(Targets(), id => isNew ? JournalEntry.None : journal.Of(id));
        var definition = await DefineAsync(isNew ? null : journal.Definition, targets).ConfigureAwait(false);
        var agreed = await AskAsync([.. targets.Where(target => isNew || journal.Of(target.NodeId).State != SwarmMaintenanceState.Done)])
            .ConfigureAwait(false);
        if (agreed.Count > 0 && isNew)
            await journal.BeginAsync(definition, agreed.Select(target => target.NodeId)).ConfigureAwait(false);
        if (agreed.Count > 0)
        {
            using var fleet = new FleetRun(context, request, journal, agreed);
            await fleet.RunAsync().ConfigureAwait(false);
        }

        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
        if (agreed.Count > 0 || !isNew)
            context.WriteObject(MaintenanceReport.Of(swarm, journal)!);
    }

    /// <summary>What is done, by the request and the journal that it goes on with; the release of an engine stands from here on.</summary>
    private async Task<MaintenanceDefinition> DefineAsync(MaintenanceDefinition? present, IReadOnlyList<MaintenanceTarget> targets)
    {
        if (request.Action == SwarmMaintenanceAction.Engine && targets.Count > 0)
        {
            // A run that goes on has the release of the one before it.
            var wanted = request.EngineVersion ?? EngineRelease.TryParse(present?.EngineVersion);
            var release = await new EngineChoice(context, swarm, request.ThrottleLimit)
                .FindAsync(targets, wanted, request.IsForced)
                .ConfigureAwait(false);
            request = request with { EngineVersion = release };
        }

        var definition = new MaintenanceDefinition(request.Action, request.Script, DateTime.UtcNow, request.EngineVersion?.ToString());
        return present is null || present.IsLike(definition)
            ? definition
            : throw MaintenanceErrors.MaintenanceUnfinished(swarm.SwarmId, present);
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
            SwarmMaintenanceAction.Engine => $"Upgrade the engine to {request.EngineVersion}",
            _ => "Run the script",
        };
        try
        {
            var state = await new MaintainedHost(context, target.Node).ReadAsync().ConfigureAwait(false);
            var facts = new List<string>();
            if (request.Action == SwarmMaintenanceAction.Patch)
                facts.Add(
                    !state.HasApt ? "it has no apt-get"
                    : state.Updates is { } count ? $"{count} updates wait"
                    : "apt-get does not say how many updates wait"
                );
            if (request.Action != SwarmMaintenanceAction.Engine)
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
}
