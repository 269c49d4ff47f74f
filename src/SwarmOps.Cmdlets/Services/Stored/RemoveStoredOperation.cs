using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Stored;

/// <summary>Removes secrets or configs that no service uses.</summary>
internal sealed class RemoveStoredOperation(IOperationContext context, RemoveStoredRequest request)
{
    /// <summary>Removes all versions of names, or single objects by their ids. A failure is reported and the remaining items are still removed.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmSession"/> and the transport.</exception>
    public async Task RunAsync()
    {
        foreach (var name in request.Names)
            StoredRules.CheckName(request.Kind, name);
        var swarm = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        var manager = swarm.View.Manager;
        var all = await StoredItems.ListAsync(manager, request.Kind, context.CancellationToken).ConfigureAwait(false);
        var users = await StoredItems.UsersAsync(manager, request.Kind, context.CancellationToken).ConfigureAwait(false);
        foreach (var missing in request.Names.Where(name => all.All(item => item.Name != name)))
            context.WriteError(StoredErrors.StoredNotFound(request.Kind, missing, swarm.View.SwarmId));
        foreach (var item in all.Where(item => request.Names.Contains(item.Name) || request.Ids.Contains(item.Id)))
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
        if (
            await context
                .ShouldProcessAsync($"swarm {view.SwarmId}", $"Remove the {request.Kind.Noun} '{item.ObjectName}'")
                .ConfigureAwait(false)
        )
            await StoredItems.RemoveAsync(view.Manager, item, context.CancellationToken).ConfigureAwait(false);
    }
}
