using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Stored;

/// <summary>
/// Gives a secret or config a new value while services use it. Neither can be changed in place: a new version is created, the services are moved to it one
/// at a time, each converging before the next, and the old version is removed last. What an interrupted run left is detected from the versions
/// and services themselves, so running the same command again completes it.
/// </summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="kind">Secret or config.</param>
/// <param name="options">How long each service may take.</param>
internal sealed class RotateStoredOperation(IOperationContext context, StoredKind kind, ServiceOptions options)
{
    /// <summary>Whether the value is generated: then one that an interrupted run generated is used as well.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>Stores the value elsewhere too, once all services have it; null for nowhere else.</summary>
    public Func<byte[], Task>? Keep { get; init; }

    /// <summary>Runs the operation and writes the version in use afterwards to the pipeline.</summary>
    /// <param name="nodes">Nodes of the swarm.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The new value; a secret's is wiped.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="StoredErrors"/> and the transport.</exception>
    public async Task RunAsync(IReadOnlyList<SwarmNode> nodes, string name, byte[] value)
    {
        StoredRules.CheckName(kind, name);
        StoredRules.CheckSize(kind, name, value.Length);
        var swarm = await SwarmSession.OpenAsync(context, nodes, options.ThrottleLimit, options.Patience).ConfigureAwait(false);
        var plan = RotationPlan.Make(name, await ItemsAsync(swarm).ConfigureAwait(false), await ServiceReader.ListAsync(swarm).ConfigureAwait(false), IsRight(value))
            ?? throw StoredErrors.StoredNotFound(kind, name, swarm.SwarmId);
        if (!plan.IsDone && !await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", plan.Words(kind, name)).ConfigureAwait(false))
            return;
        var kept = Keep is null ? [] : value.ToArray();
        var target = plan.Present ?? await MakeAsync(swarm, name, plan, value).ConfigureAwait(false);
        await new RotationWalk(swarm, target, options).RunAsync(plan.Older, plan.Services).ConfigureAwait(false);
        if (Keep is not null)
            await Keep(kept).ConfigureAwait(false);
        Array.Clear(kept);
        await RemoveAsync(swarm, plan).ConfigureAwait(false);
        var users = await ServiceReader.ListAsync(swarm).ConfigureAwait(false);
        context.WriteObject(target.Describe(swarm.SwarmId, [.. users.Where(service => StoredReferences.Uses(service.Spec, target)).Select(service => service.Name)], swarm.Nodes));
    }

    /// <summary>A config can be compared. A secret cannot: only one that an interrupted run generated is accepted, and none whose value must be stored elsewhere, too.</summary>
    private Func<StoredItem, bool, bool> IsRight(byte[] value) => (newest, olderLeft) => kind.IsSecret
        ? IsGenerated && Keep is null && olderLeft && newest.Labels.ContainsKey(StoredItem.MadeLabel)
        : newest.Data.AsSpan().SequenceEqual(value);

    private async Task<IReadOnlyList<StoredItem>> ItemsAsync(SwarmSession swarm) => await StoredItems.ListAsync(swarm.Manager, kind, context.CancellationToken).ConfigureAwait(false);

    private async Task<StoredItem> MakeAsync(SwarmSession swarm, string name, RotationPlan plan, byte[] value)
    {
        var labels = new Dictionary<string, string>(plan.Labels);
        if (IsGenerated)
            labels[StoredItem.MadeLabel] = "true";
        return await StoredItems.CreateAsync(swarm.Manager, kind, name, plan.NextVersion, labels, value, context.CancellationToken).ConfigureAwait(false);
    }

    private async Task RemoveAsync(SwarmSession swarm, RotationPlan plan)
    {
        foreach (var item in plan.Removable)
        {
            context.WriteVerbose($"Removing the {kind.Noun} '{item.ObjectName}'.");
            await StoredItems.RemoveAsync(swarm.Manager, item, context.CancellationToken).ConfigureAwait(false);
        }

        foreach (var job in plan.Jobs)
            context.WriteWarning($"The job '{job.Name}' keeps the earlier version of the {kind.Noun}, because an update would run the job again. That version remains until the job is removed.");
    }
}
