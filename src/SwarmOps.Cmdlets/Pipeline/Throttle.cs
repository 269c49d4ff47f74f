using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>Runs an action on many items, a limited number at a time.</summary>
internal static class Throttle
{
    /// <summary>Runs an action on all items, at most <paramref name="limit"/> at a time.</summary>
    /// <param name="items">The items.</param>
    /// <param name="limit">How many at a time.</param>
    /// <param name="action">The action.</param>
    /// <param name="cancellationToken">Ends the wait for a turn.</param>
    /// <returns>The results in the order of the items.</returns>
    public static async Task<TResult[]> ForEachAsync<TItem, TResult>(
        IEnumerable<TItem> items,
        int limit,
        Func<TItem, Task<TResult>> action,
        CancellationToken cancellationToken
    )
    {
        var here = CallChain.Mark.Here();
        using var gate = new SemaphoreSlim(limit);
        return await Task.WhenAll(
                items.Select(async item =>
                {
                    await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
                    try
                    {
                        return await CallChain.BesideAsync(() => action(item), here).ConfigureAwait(false);
                    }
                    finally
                    {
                        gate.Release();
                    }
                })
            )
            .ConfigureAwait(false);
    }
}
