using System.Collections.Concurrent;
using System.Diagnostics;

namespace SwarmOps.Aws.Api;

/// <summary>
/// Spaces the calls in one region so that the module alone does not exceed EC2's default request limits, which are a token bucket for each action, account and
/// region. Source: EC2 Developer Guide, "Request throttling for the Amazon EC2 API".
/// </summary>
internal sealed class RequestPace
{
    private static readonly Limit Reading = new(100, 20);
    private static readonly Limit Changing = new(50, 5);

    /// <summary>Actions with limits of their own.</summary>
    private static readonly Dictionary<string, Limit> Own = new(StringComparer.Ordinal)
    {
        ["RunInstances"] = new(5, 2),
        ["StartInstances"] = new(5, 2),
        ["TerminateInstances"] = new(100, 5),
        ["CreateTags"] = new(100, 10),
    };

    private readonly ConcurrentDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);

    /// <summary>Waits until a call is within its action's limit.</summary>
    /// <param name="action">EC2's name of the action.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitAsync(string action, CancellationToken cancellationToken)
    {
        var pause = Take(action, Stopwatch.GetTimestamp());
        return pause > TimeSpan.Zero ? Task.Delay(pause, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Takes a token in advance, so that waiting calls are spread over time instead of waking up together.</summary>
    /// <param name="action">EC2's name of the action.</param>
    /// <param name="now">A timestamp of <see cref="Stopwatch"/>.</param>
    /// <returns>How long the call has to wait.</returns>
    public TimeSpan Take(string action, long now) => buckets.GetOrAdd(action, name => new Bucket(LimitOf(name), now)).Take(now);

    private static Limit LimitOf(string action) =>
        Own.TryGetValue(action, out var own) ? own
        : action.StartsWith("Describe", StringComparison.Ordinal) || action.StartsWith("Get", StringComparison.Ordinal) ? Reading
        : Changing;

    /// <summary>A limit of EC2.</summary>
    /// <param name="Size">Calls that are allowed at once.</param>
    /// <param name="Refill">Calls per second after that.</param>
    private sealed record Limit(double Size, double Refill);

    private sealed class Bucket(Limit limit, long created)
    {
        private readonly object gate = new();
        private double tokens = limit.Size;
        private long refilled = created;

        public TimeSpan Take(long now)
        {
            lock (gate)
            {
                if (now > refilled)
                {
                    tokens = Math.Min(limit.Size, tokens + Stopwatch.GetElapsedTime(refilled, now).TotalSeconds * limit.Refill);
                    refilled = now;
                }

                tokens--;
                return tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-tokens / limit.Refill);
            }
        }
    }
}
