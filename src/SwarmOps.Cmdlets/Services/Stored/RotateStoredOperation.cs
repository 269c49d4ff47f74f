using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Stored;

/// <summary>
/// Gives a secret or config a new value while services use it. Neither can be changed in place: a new version is created, the services are moved to it one
/// at a time, each converging before the next, and the old version is removed last. What an interrupted run left is detected from the versions
/// and services themselves, so running the same command again completes it.
/// </summary>
internal sealed class RotateStoredOperation(IOperationContext context, RotateStoredRequest request)
{
    /// <summary>Runs the operation and writes the version in use afterwards to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="StoredErrors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var (nodes, kind, name, value) = request;
        StoredRules.CheckName(kind, name);
        StoredRules.CheckSize(kind, name, value.Length);
        var swarm = await SwarmSession
            .OpenAsync(context, nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        var services = await ServiceReader.ListAsync(swarm).ConfigureAwait(false);
        var plan =
            RotationPlan.Make(name, await ItemsAsync(swarm).ConfigureAwait(false), services, IsRight())
            ?? throw StoredErrors.StoredNotFound(kind, name, swarm.SwarmId);
        var edges = new RotationEdges(context, swarm, request.Options);
        await edges.FindAsync(plan, services).ConfigureAwait(false);
        if (
            !plan.IsDone
            && !await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", plan.Words(kind, name) + edges.Words).ConfigureAwait(false)
        )
            return;
        await edges.FinishAsync().ConfigureAwait(false);
        var kept = request.Keep is null ? [] : value.ToArray();
        StoredItem target;
        try
        {
            target = plan.Present ?? await MakeAsync(swarm, plan).ConfigureAwait(false);
            await new RotationWalk(swarm, target, edges, request.Options).RunAsync(plan.Older, plan.Services).ConfigureAwait(false);
            if (request.Keep is not null)
                await request.Keep(kept).ConfigureAwait(false);
        }
        finally
        {
            Array.Clear(kept);
        }

        await RemoveAsync(swarm, plan).ConfigureAwait(false);
        var users = await ServiceReader.ListAsync(swarm).ConfigureAwait(false);
        context.WriteObject(
            target.Describe(
                swarm.SwarmId,
                [.. users.Where(service => StoredReferences.Uses(service.Spec, target)).Select(service => service.Name)],
                swarm.Nodes
            )
        );
    }

    /// <summary>A config can be compared. A secret cannot: only one that an interrupted run generated is accepted, and none whose value must be stored elsewhere, too.</summary>
    private Func<StoredItem, bool, bool> IsRight() =>
        (newest, olderLeft) =>
            request.Kind.IsSecret
                ? request.IsGenerated && request.Keep is null && olderLeft && newest.Labels.ContainsKey(StoredItem.MadeLabel)
                : newest.Data.AsSpan().SequenceEqual(request.Value);

    private async Task<IReadOnlyList<StoredItem>> ItemsAsync(SwarmSession swarm) =>
        await StoredItems.ListAsync(swarm.Manager, request.Kind, context.CancellationToken).ConfigureAwait(false);

    private async Task<StoredItem> MakeAsync(SwarmSession swarm, RotationPlan plan)
    {
        var labels = new Dictionary<string, string>(plan.Labels);
        if (request.IsGenerated)
            labels[StoredItem.MadeLabel] = "true";
        return await StoredItems
            .CreateAsync(swarm.Manager, request.Kind, request.Name, plan.NextVersion, labels, request.Value, context.CancellationToken)
            .ConfigureAwait(false);
    }

    private async Task RemoveAsync(SwarmSession swarm, RotationPlan plan)
    {
        foreach (var item in plan.Removable)
        {
            context.WriteVerbose($"Removing the {request.Kind.Noun} '{item.ObjectName}'.");
            await StoredItems.RemoveAsync(swarm.Manager, item, context.CancellationToken).ConfigureAwait(false);
        }

        foreach (var job in plan.Jobs)
            context.WriteWarning(
                $"The job '{job.Name}' keeps the earlier version of the {request.Kind.Noun}, because an update would run the job again. That version remains until the job is removed."
            );
    }
}
