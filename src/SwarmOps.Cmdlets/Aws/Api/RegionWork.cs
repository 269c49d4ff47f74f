using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Api;

/// <summary>Runs work in several regions at once.</summary>
internal static class RegionWork
{
    /// <summary>Runs the same work in all regions, at most <paramref name="throttleLimit"/> at a time. A region's error does not stop the other regions.</summary>
    /// <returns>One outcome per region, in the given order.</returns>
    public static async Task<IReadOnlyList<RegionOutcome<T>>> InAllAsync<T>(
        IReadOnlyList<string> regions,
        int throttleLimit,
        Func<string, Task<T>> work,
        CancellationToken cancellationToken
    )
        where T : class
    {
        return await Throttle
            .ForEachAsync(
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
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>Reports the errors. A region that was not specified and that a policy denies (organizations often allow only a few regions) is a warning.</summary>
    /// <param name="outcomes">The outcomes of the regions.</param>
    /// <param name="context">Where to report.</param>
    /// <param name="named">The regions that the user specified.</param>
    /// <returns>The values of the other regions.</returns>
    public static IReadOnlyList<T> Reported<T>(
        this IReadOnlyList<RegionOutcome<T>> outcomes,
        IOperationContext context,
        IReadOnlyCollection<string> named
    )
        where T : class
    {
        var failures = outcomes.Where(outcome => outcome.Error is not null).ToList();
        var closed =
            failures.Count < outcomes.Count
                ? failures.Where(outcome => IsClosed(outcome.Error!) && !named.Contains(outcome.Region)).ToList()
                : [];
        if (closed.Count > 0)
            context.WriteWarning(
                $"These credentials are not authorized to read {string.Join(", ", closed.Select(outcome => outcome.Region))}, so it is unknown what the cluster has there. If it never had a node there, specify -ExcludeRegion."
            );
        foreach (var failure in failures.Except(closed))
            context.WriteError(failure.Error!);
        return [.. outcomes.Select(outcome => outcome.Value).OfType<T>()];
    }

    /// <summary>The regions that failed, for any reason.</summary>
    public static IReadOnlyList<string> Unknown<T>(this IReadOnlyList<RegionOutcome<T>> outcomes)
        where T : class => [.. outcomes.Where(outcome => outcome.Error is not null).Select(outcome => outcome.Region)];

    /// <summary>Whether an error means that these credentials are not authorized in a region.</summary>
    private static bool IsClosed(SwarmOpsException error) => error.ErrorId == "AwsAccessDenied";
}
