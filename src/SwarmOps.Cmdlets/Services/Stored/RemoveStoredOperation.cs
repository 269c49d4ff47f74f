using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Stored;

/// <summary>Removes secrets or configs that no service uses.</summary>
internal sealed class RemoveStoredOperation(IOperationContext context, StoredKind kind, int throttleLimit)
{
    /// <summary>Removes all versions of names, or single objects by their ids. A failure is reported and the remaining items are still removed.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmSession"/> and the transport.</exception>
    public async Task RunAsync(IReadOnlyList<SwarmNode> nodes, IReadOnlyList<string> names, IReadOnlyList<string> ids)
    {
        foreach (var name in names)
            StoredRules.CheckName(kind, name);
        var swarm = await SwarmSession.OpenAsync(context, nodes, throttleLimit).ConfigureAwait(false);
        var manager = swarm.View.Manager;
        var all = await StoredItems.ListAsync(manager, kind, context.CancellationToken).ConfigureAwait(false);
        var users = await StoredItems.UsersAsync(manager, kind, context.CancellationToken).ConfigureAwait(false);
        foreach (var missing in names.Where(name => all.All(item => item.Name != name)))
            context.WriteError(StoredErrors.StoredNotFound(kind, missing, swarm.View.SwarmId));
        foreach (var item in all.Where(item => names.Contains(item.Name) || ids.Contains(item.Id)))
        {
            try
            {
                await RemoveAsync(swarm.View, item, [.. users[item.Id]]).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                context.WriteError(error);
            }
        }
    }

    private async Task RemoveAsync(SwarmView view, StoredItem item, List<string> users)
    {
        if (users.Count > 0)
            throw StoredErrors.StoredInUse(item, users);
        if (await context.ShouldProcessAsync($"swarm {view.SwarmId}", $"Remove the {kind.Noun} '{item.ObjectName}'").ConfigureAwait(false))
            await StoredItems.RemoveAsync(view.Manager, item, context.CancellationToken).ConfigureAwait(false);
    }
}
