using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Stored;

/// <summary>Removes secrets and configs that are not needed any more.</summary>
internal static class StoredCleaning
{
    /// <summary>Removes those of the items that no service uses. One that the engine still finds in use is kept; a later run removes it.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task RemoveUnusedAsync(SwarmSession swarm, IEnumerable<StoredItem> items)
    {
        foreach (var kind in items.GroupBy(item => item.Kind))
        {
            var used = await swarm
                .AskManagerAsync((manager, token) => StoredItems.UsersAsync(manager, kind.Key, token))
                .ConfigureAwait(false);
            foreach (var item in kind.Where(item => !used.Contains(item.Id)))
                await RemoveAsync(swarm, item).ConfigureAwait(false);
        }
    }

    private static async Task RemoveAsync(SwarmSession swarm, StoredItem item)
    {
        try
        {
            await StoredItems.RemoveAsync(swarm, item).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(StoredErrors.StoredInUse))
        {
            swarm.Context.WriteVerbose($"{item.ObjectName} is still in use, and was kept");
        }
    }
}
