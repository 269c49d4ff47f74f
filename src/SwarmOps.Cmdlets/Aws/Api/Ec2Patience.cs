namespace SwarmOps.Aws.Api;

/// <summary>How long calls are repeated while EC2 throttles them, after the SDK has given up. A throttled call has had no effect, so every call can be repeated.</summary>
/// <param name="Limit">The time limit of each call, from its first refusal; zero reports the error of the SDK at once.</param>
/// <param name="Tell">Told the region and the next pause; null when the call was answered.</param>
internal sealed record Ec2Patience(TimeSpan Limit, Action<string, TimeSpan?> Tell)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Reports throttling at once.</summary>
    public static readonly Ec2Patience None = new(TimeSpan.Zero, (_, _) => { });

    /// <summary>The pause after a refusal: doubled each time, and random, so that calls that were refused together do not return together.</summary>
    /// <param name="refusals">How many times the call was refused.</param>
    public static TimeSpan Pause(int refusals)
    {
        var full = First * Math.Pow(2, Math.Min(refusals, 10) - 1);
        return (full < Longest ? full : Longest) * (0.5 + Random.Shared.NextDouble() / 2);
    }
}
