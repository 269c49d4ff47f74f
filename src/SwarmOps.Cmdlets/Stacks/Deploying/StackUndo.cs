using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Planning;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks.Deploying;

/// <summary>Undoes what a deployment that failed has done: services get their earlier specification, and what was created is removed. Data is never touched.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="plan">The plan.</param>
/// <param name="options">How long services may take.</param>
internal sealed class StackUndo(IOperationContext context, SwarmSession swarm, StackPlan plan, ServiceOptions options)
{
    private readonly ConcurrentQueue<ServiceStep> created = new();
    private readonly ConcurrentQueue<ServiceStep> updated = new();
    private readonly ConcurrentDictionary<string, EdgeUpdate> detours = new(StringComparer.Ordinal);
    private readonly List<(StoredKind Kind, string Name)> stored = [];
    private readonly List<(string Id, string Name)> networks = [];
    private readonly List<PartStep> parts = [];
    private readonly ConcurrentQueue<string> problems = new();

    public void AddNetwork(string id, string name) => networks.Add((id, name));

    public void AddStored(StoredKind kind, string name) => stored.Add((kind, name));

    /// <summary>A cluster or folder that is about to be formed: it may hold data, so it stays, and its network.</summary>
    public void AddPart(PartStep step) => parts.Add(step);

    /// <summary>A service that is about to be created.</summary>
    public void AddCreated(ServiceStep step) => created.Enqueue(step);

    /// <summary>A service that is about to be updated.</summary>
    /// <param name="step">The service.</param>
    /// <param name="detour">What keeps clients away from its region meanwhile; null for nothing.</param>
    public void AddUpdated(ServiceStep step, EdgeUpdate? detour)
    {
        updated.Enqueue(step);
        if (detour is not null)
            detours[step.Name] = detour;
    }

    /// <summary>Says which regions stay out of DNS.</summary>
    public void TellRegionsOut()
    {
        foreach (var detour in detours.Values)
            detour.TellStaysOut();
    }

    /// <summary>Undoes it.</summary>
    /// <returns>Whether the services are as they were before, and what the swarm is now, as sentences.</returns>
    public async Task<(bool IsRestored, string Words)> RunAsync(StackProgress progress)
    {
        await Task.WhenAll(
                updated
                    .Select(step => TryAsync(step.Name, () => RestoreAsync(step, progress)))
                    .Concat(created.Select(step => TryAsync(step.Name, () => RemoveAsync(step))))
            )
            .ConfigureAwait(false);
        var store = new StackStore(swarm, plan.Names);
        foreach (var (kind, name) in stored)
            await TryAsync(
                    name,
                    async () =>
                    {
                        var items = await StackState.StoredAsync(swarm, kind).ConfigureAwait(false);
                        if (items.FirstOrDefault(item => item.ObjectName == name) is { } item)
                            await store.RemoveAsync(item).ConfigureAwait(false);
                    }
                )
                .ConfigureAwait(false);
        var kept = plan
            .Networks.Where(step => parts.Exists(part => part.Part.Network == step.Network.Key))
            .Select(step => step.Name)
            .ToList();
        foreach (var (id, name) in networks.Where(network => !kept.Contains(network.Name)))
            await TryAsync(name, () => new StackNetworks(swarm, plan.Names).RemoveAsync(id, name, options.Timeout)).ConfigureAwait(false);
        return (problems.IsEmpty, Words());
    }

    private string Words()
    {
        if (!problems.IsEmpty)
            return $"The rollback is not complete. {string.Join(" ", problems)}";
        List<string> done = [];
        if (!updated.IsEmpty)
            done.Add($"Rolled back and verified: {string.Join(", ", updated.Select(step => step.Name))}.");
        if (!created.IsEmpty)
            done.Add($"Removed again: {string.Join(", ", created.Select(step => step.Name))}.");
        if (parts.Count > 0)
            return string.Join(
                " ",
                [
                    .. done,
                    $"Not rolled back, because it may hold data: {string.Join(", ", parts.Select(part => part.Words))}. The same command continues there.",
                ]
            );
        if (done.Count == 0)
            return "No service was changed.";
        if (plan.Volumes.Count > 0 && !created.IsEmpty)
            done.Add($"Volumes that tasks created are kept: {string.Join(", ", plan.Volumes.Select(step => step.Name))}.");
        return string.Join(" ", done) + " The stack is as it was before.";
    }

    private async Task TryAsync(string name, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
        {
            problems.Enqueue($"'{name}': {error.Message}");
        }
    }

    private async Task RestoreAsync(ServiceStep step, StackProgress progress)
    {
        var before = step.Present!;
        var isForeign = false;
        await new ServiceUpdater(swarm)
            .UpdateAsync(
                before.Id,
                now =>
                {
                    isForeign = !IsOurs(now.Spec, step) && SpecDifferences.List(now.Spec, before.Spec).Count > 0;
                    return isForeign ? null : before.Spec.DeepClone().AsObject();
                }
            )
            .ConfigureAwait(false);
        if (isForeign)
        {
            problems.Enqueue($"'{step.Name}' was changed by someone else in the meantime, and was left as it is.");
            return;
        }

        var tasks = await ServiceReader.TasksAsync(swarm, [before.Id]).ConfigureAwait(false);
        var known = tasks.Where(task => task.HasFailed || !task.IsMadeFrom(before.Template)).Select(task => task.Id).ToHashSet();
        await new ServiceConvergence(swarm, options.Timeout) { Known = known, Watch = progress.Show }
            .WaitAsync(before.Id)
            .ConfigureAwait(false);
        if (detours.TryGetValue(step.Name, out var detour))
            await detour.ReturnAsync().ConfigureAwait(false);
    }

    /// <summary>Whether a service is what this deployment made of it.</summary>
    private static bool IsOurs(JsonObject now, ServiceStep step)
    {
        var image = (string?)now["TaskTemplate"]?["ContainerSpec"]?["Image"];
        // Ids are those of the deployment; all that is not an id must be what was sent.
        return image == step.Image && SpecDifferences.List(Plain(now), Plain(step.Wanted)).Count == 0;
    }

    /// <summary>Without what has an id in it.</summary>
    private static JsonObject Plain(JsonObject spec)
    {
        var plain = spec.DeepClone().AsObject();
        foreach (var holder in new[] { plain, plain["TaskTemplate"] as JsonObject })
            holder?.Remove("Networks");
        if (plain["TaskTemplate"]?["ContainerSpec"] is not JsonObject container)
            return plain;
        foreach (var name in new[] { "Secrets", "Configs", "Privileges" })
            container.Remove(name);
        return plain;
    }

    private async Task RemoveAsync(ServiceStep step)
    {
        if (await ServiceReader.FindAsync(swarm, step.Name).ConfigureAwait(false) is not { } service)
            return;
        if (!IsOurs(service.Spec, step))
            problems.Enqueue($"'{step.Name}' is not what was created, and was left as it is.");
        else
            await new ServiceRemoval(context, swarm, options).RunAsync(service).ConfigureAwait(false);
    }
}
