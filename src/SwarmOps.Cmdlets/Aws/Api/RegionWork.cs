using SwarmOps.Pipeline;

namespace SwarmOps.Aws;

/// <summary>Works in several regions at once.</summary>
internal static class RegionWork
{
    /// <summary>Does the same in all regions, at most <paramref name="throttleLimit"/> at a time. A region's own error is kept and the others go on.</summary>
    /// <returns>One outcome a region, in the order given.</returns>
    public static async Task<IReadOnlyList<RegionOutcome<T>>> InAllAsync<T>(
        IReadOnlyList<string> regions, int throttleLimit, Func<string, Task<T>> work, CancellationToken cancellationToken)
        where T : class
    {
        using var gate = new SemaphoreSlim(throttleLimit);
        return await Task.WhenAll(regions.Select(async region =>
        {
            await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return new RegionOutcome<T>(region, await work(region).ConfigureAwait(false), null);
            }
            catch (SwarmOpsException error)
            {
                return new RegionOutcome<T>(region, null, error);
            }
            finally
            {
                gate.Release();
            }
        })).ConfigureAwait(false);
    }

    /// <summary>Reports the errors.</summary>
    /// <returns>What the other regions gave.</returns>
    public static IReadOnlyList<T> Reported<T>(this IReadOnlyList<RegionOutcome<T>> outcomes, IOperationContext context)
        where T : class
    {
        foreach (var outcome in outcomes.Where(outcome => outcome.Error is not null))
            context.WriteError(outcome.Error!);
        return [.. outcomes.Select(outcome => outcome.Value).OfType<T>()];
    }
}
