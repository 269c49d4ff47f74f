using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Stored;

/// <summary>Removes secrets and configs that are not needed any more.</summary>
internal static class StoredCleaning
{
    /// <summary>Removes those of the items that no service uses. One that the engine still finds in use is kept; a later run removes it.</summary>
    /// <param name="swarm">The swarm.</param>
    /// <param name="items">The items.</param>
    /// <param name="asks">Whether it asks first, as it must where nothing else was confirmed: without a question there is no lock, and -WhatIf is not honoured.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task RemoveUnusedAsync(SwarmSession swarm, IEnumerable<StoredItem> items, bool asks)
    {
        var unused = await UnusedAsync(swarm, items).ConfigureAwait(false);
        if (unused.Count == 0)
            return;
        var words = string.Join(", ", unused.Select(item => $"the {item.Kind.Noun} '{item.ObjectName}'"));
        if (
            asks
            && !await swarm
                .Context.ShouldProcessAsync($"swarm {swarm.SwarmId}", $"Remove what no service uses any more: {words}")
                .ConfigureAwait(false)
        )
            return;
        foreach (var item in unused)
            await RemoveAsync(swarm, item).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<StoredItem>> UnusedAsync(SwarmSession swarm, IEnumerable<StoredItem> items)
    {
        var unused = new List<StoredItem>();
        foreach (var kind in items.GroupBy(item => item.Kind))
        {
            var used = await swarm
                .AskManagerAsync((manager, token) => StoredItems.UsersAsync(manager, kind.Key, token))
                .ConfigureAwait(false);
            unused.AddRange(kind.Where(item => !used.Contains(item.Id)));
        }

        return unused;
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
