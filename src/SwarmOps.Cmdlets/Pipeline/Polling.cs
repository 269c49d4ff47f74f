namespace SwarmOps.Pipeline;

/// <summary>Waits for a condition by polling.</summary>
internal static class Polling
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Polls until the answer is not null, with pauses that grow from 0.1 to 1 s, to limit the traffic over a WAN.</summary>
    /// <returns>The answer; null when the time was up.</returns>
    public static async Task<T?> UntilAsync<T>(Func<Task<T?>> look, TimeSpan timeout, CancellationToken cancellationToken)
        where T : class
    {
        var deadline = Deadline.In(timeout);
        var pause = FirstPause;
        while (true)
        {
            if (await look().ConfigureAwait(false) is { } found)
                return found;
            if (!deadline.LeavesTimeFor(pause))
                return null;
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;
        }
    }
}
