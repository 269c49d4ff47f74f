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
        return await Throttle.ForEachAsync(
            regions,
            throttleLimit,
            async region =>
            {
                try
                {
                    return new RegionOutcome<T>(region, await work(region).ConfigureAwait(false), null);
                }
                catch (SwarmOpsException error)
                {
                    return new RegionOutcome<T>(region, null, error);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reports the errors. A region that nobody named and that a policy closes (an organisation often allows a few regions only) is a warning.</summary>
    /// <param name="outcomes">What came of the regions' work.</param>
    /// <param name="context">Where to report.</param>
    /// <param name="named">The regions that the user named.</param>
    /// <returns>What the other regions gave.</returns>
    public static IReadOnlyList<T> Reported<T>(this IReadOnlyList<RegionOutcome<T>> outcomes, IOperationContext context, IReadOnlyCollection<string> named)
        where T : class
    {
        var failures = outcomes.Where(outcome => outcome.Error is not null).ToList();
        var closed = failures.Count < outcomes.Count ? failures.Where(outcome => IsClosed(outcome.Error!) && !named.Contains(outcome.Region)).ToList() : [];
        if (closed.Count > 0)
            context.WriteWarning($"These credentials may not read {string.Join(", ", closed.Select(outcome => outcome.Region))}: what the cluster has there is unknown. If it never had a node there, say so with -ExcludeRegion.");
        foreach (var failure in failures.Except(closed))
            context.WriteError(failure.Error!);
        return [.. outcomes.Select(outcome => outcome.Value).OfType<T>()];
    }

    /// <summary>The regions that gave no answer, for whatever reason.</summary>
    public static IReadOnlyList<string> Unknown<T>(this IReadOnlyList<RegionOutcome<T>> outcomes)
        where T : class => [.. outcomes.Where(outcome => outcome.Error is not null).Select(outcome => outcome.Region)];

    /// <summary>Whether an error says that a region is closed to these credentials.</summary>
    private static bool IsClosed(SwarmOpsException error) => error.ErrorId == "AwsAccessDenied";
}
