using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Api;

/// <summary>One progress line about the regions where EC2 throttles a run, which would otherwise look as if it did nothing.</summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="limit">How long a throttled call is repeated.</param>
internal sealed class ThrottleProgress(IOperationContext context, TimeSpan limit)
{
    /// <summary>Above the ids of nodes and regions.</summary>
    private const int Id = 100_000;

    private const string Activity = "EC2 throttles calls";

    private readonly object gate = new();

    private readonly SortedSet<string> waiting = new(StringComparer.Ordinal);

    /// <summary>A call of a region waits for a pause, or was answered after all.</summary>
    public void Tell(string region, TimeSpan? pause)
    {
        lock (gate)
        {
            if (pause is { } next)
            {
                waiting.Add(region);
                context.WriteVerbose(
                    $"{region}: EC2 throttles a call; it is repeated in {next.TotalSeconds:0} s, for at most {limit.TotalSeconds:0} s in all"
                );
            }
            else
            {
                waiting.Remove(region);
            }

            context.WriteProgress(
                waiting.Count == 0
                    ? new OperationProgress(Id, Activity, "Done", 100, Completed: true)
                    : new OperationProgress(
                        Id,
                        Activity,
                        $"Repeating calls in {string.Join(", ", waiting)}, with pauses of up to 30 s and for at most {limit.TotalSeconds:0} s each"
                    )
            );
        }
    }
}
