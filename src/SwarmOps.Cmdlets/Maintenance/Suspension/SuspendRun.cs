using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>The suspension of a node whose swarm has been found.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="request">Which node, and how.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="target">The node.</param>
internal sealed class SuspendRun(IOperationContext context, SuspendNodeRequest request, SwarmSession swarm, MaintenanceTarget target)
{
    private const string Activity = "Suspend-SwarmNode";

    private readonly GaleraRule databases = new(context, swarm, request.ThrottleLimit, Activity);
    private readonly EdgeMove edges = new(context, request.Nodes, target.Name, request.Timeout, request.ThrottleLimit);
    private readonly SurgeRun surges = new(context, swarm, request.Timeout);
    private readonly NodeTasks tasks = new(context, swarm, target, Activity);

    /// <summary>Suspends the node and writes it to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SuspendErrors"/>, of services, name servers, databases and the transport.</exception>
    public async Task RunAsync()
    {
        Say("Reading what the node runs");
        var load = await NodeLoad.ReadAsync(swarm, target.Member, target.Name).ConfigureAwait(false);
        var mark = SuspendMark.Of(load.Member);
        if (IsOut(load, mark))
        {
            context.WriteVerbose($"'{target.Name}' is already suspended.");
            await EmitAsync().ConfigureAwait(false);
            return;
        }

        var plan = SuspendPlan.Of(load);
        var isDrained = mark is not null && load.Member.Spec?.Availability == "drain";
        if (!isDrained)
            await RefuseAsync(load, plan).ConfigureAwait(false);
        var leaving = load.Edges.Union(mark?.Edges ?? []).Order(StringComparer.Ordinal).ToList();
        foreach (var warning in plan.Warnings)
            context.WriteWarning(warning);
        if (!await context.ShouldProcessAsync(target.Node.ToString(), plan.Words(leaving)).ConfigureAwait(false))
            return;

        mark = new SuspendMark(mark?.Availability ?? SuspendMark.AvailabilityOf(load.Member), leaving, mark?.Since ?? DateTime.UtcNow);
        await swarm.UpdateMemberAsync(target.NodeId, mark.ApplyTo, request.Timeout).ConfigureAwait(false);
        if (!isDrained)
            await PrepareAsync(plan, mark).ConfigureAwait(false);
        await DrainAsync().ConfigureAwait(false);
        await EmitAsync().ConfigureAwait(false);
    }

    /// <summary>Whether nothing is left to do: it is drained, nothing runs on it, and no service has replicas for its sake.</summary>
    private bool IsOut(NodeLoad load, SuspendMark? mark) =>
        mark is not null
        && load.Member.Spec?.Availability == "drain"
        && load.Services.All(view => view.Tasks.All(task => task.NodeId != target.NodeId || task.IsOver))
        && !SurgeRun.Of(load, target.NodeId).Any();

    private async Task RefuseAsync(NodeLoad load, SuspendPlan plan)
    {
        if (load.Member.Status?.State != "ready")
            throw SuspendErrors.SuspendedNodeNotReady(target.Node, load.Member.Status?.State ?? "unknown");
        var view = await swarm.ReadViewAsync(request.Timeout).ConfigureAwait(false);
        QuorumRule.Check(target.Node, load.Member, view);
        var obstacles = plan
            .Obstacles.Concat(await databases.ObstaclesAsync(target.Name).ConfigureAwait(false))
            .Concat(new[] { QuorumRule.OnlyManager(load.Member, view) }.OfType<string>())
            .ToList();
        await TellStandaloneAsync().ConfigureAwait(false);
        if (obstacles.Count == 0)
            return;
        if (!request.IsForced)
            throw SuspendErrors.SuspendWouldBeNoticed(target.Node, obstacles);
        foreach (var obstacle in obstacles)
            context.WriteWarning($"'{target.Name}' is suspended although {obstacle}, because -Force was specified.");
    }

    /// <summary>Containers that are no tasks do not move.</summary>
    private async Task TellStandaloneAsync()
    {
        try
        {
            var filters = new Dictionary<string, IEnumerable<string>> { ["status"] = ["running"] };
            var found = await new EngineContainers(context.Connection(target.Node))
                .ListAsync(filters, all: false, context.CancellationToken)
                .ConfigureAwait(false);
            List<string> alone =
            [
                .. found
                    .Where(container => container["Labels"]?["com.docker.swarm.task.id"] is null)
                    .Select(container => ((string?)container["Names"]?[0] ?? "").TrimStart('/')),
            ];
            if (alone.Count > 0)
                context.WriteWarning(
                    $"Containers on '{target.Name}' that belong to no service go on there and are not replaced: {string.Join(", ", alone)}."
                );
        }
        catch (SwarmOpsException error)
        {
            context.WriteVerbose($"The containers of '{target.Name}' could not be listed: {error.Message}");
        }
    }

    /// <summary>All that happens while the node still serves. If a step fails, the node is as it was before.</summary>
    private async Task PrepareAsync(SuspendPlan plan, SuspendMark mark)
    {
        try
        {
            // A paused node takes no new tasks: first the name servers, one of which may be on it, get their new containers.
            await edges.LeaveAsync(mark.Edges, request.IsForced).ConfigureAwait(false);
            await swarm
                .UpdateMemberAsync(target.NodeId, spec => SuspendMark.SetAvailability(spec, SwarmNodeAvailability.Pause), request.Timeout)
                .ConfigureAwait(false);
            Say($"Starting the tasks of {plan.Replaced.Count} services on other nodes");
            await surges.RaiseAsync(plan.Replaced).ConfigureAwait(false);
            await RecheckAsync().ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
        {
            throw SuspendErrors.NodeNotSuspended(target.Node, error, await UndoAsync(mark).ConfigureAwait(false));
        }
    }

    /// <summary>What could have changed while clients went away and tasks started.</summary>
    private async Task RecheckAsync()
    {
        var view = await swarm.ReadViewAsync(request.Timeout).ConfigureAwait(false);
        QuorumRule.Check(target.Node, view.Find(target.NodeId) ?? target.Member, view);
        if (!request.IsForced && await databases.ObstaclesAsync(target.Name).ConfigureAwait(false) is { Count: > 0 } obstacles)
            throw SuspendErrors.SuspendWouldBeNoticed(target.Node, obstacles);
    }

    /// <returns>Why the node could not be made what it was before; null when it could.</returns>
    private async Task<SwarmOpsException?> UndoAsync(SuspendMark mark)
    {
        Say("Restoring the node");
        try
        {
            await swarm
                .UpdateMemberAsync(target.NodeId, spec => SuspendMark.SetAvailability(spec, mark.Availability), request.Timeout)
                .ConfigureAwait(false);
            await surges.LowerAsync(target.NodeId, TimeSpan.Zero, mustSettle: false).ConfigureAwait(false);
            await edges.ReturnAsync(mark.Edges).ConfigureAwait(false);
            await swarm.UpdateMemberAsync(target.NodeId, SuspendMark.RemoveFrom, request.Timeout).ConfigureAwait(false);
            return null;
        }
        catch (SwarmOpsException error)
        {
            return error;
        }
    }

    private async Task DrainAsync()
    {
        await swarm
            .UpdateMemberAsync(target.NodeId, spec => SuspendMark.SetAvailability(spec, SwarmNodeAvailability.Drain), request.Timeout)
            .ConfigureAwait(false);
        if (await tasks.UntilNoneAsync(request.Timeout).ConfigureAwait(false) is { Count: > 0 } left)
            throw SuspendErrors.SuspendedTasksStillRun(target.Node, left.Count, request.Timeout);
        // The swarm has begun to replace the drained tasks, too.
        await surges.LowerAsync(target.NodeId, request.Timeout, mustSettle: true).ConfigureAwait(false);
    }

    private async Task EmitAsync()
    {
        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
        context.WriteObject(target.Describe(await swarm.ReadViewAsync(request.Timeout).ConfigureAwait(false)));
    }

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, Activity, status));
}
