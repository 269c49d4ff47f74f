using System.Diagnostics;
using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>Waits for a condition by polling.</summary>
internal static class Polling
{
    /// <summary>The shortest pause between questions to an API that limits their number, such as EC2's.</summary>
    public static readonly TimeSpan GentlePause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Polls until the answer is not null. Each pause is a tenth of the time waited so far, 20 ms to 1 s, so that a poll adds a tenth to a wait at most.</summary>
    /// <param name="look">Asks.</param>
    /// <param name="timeout">How long to poll.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="shortestPause">The shortest pause; null for 20 ms.</param>
    /// <returns>The answer; null when the time was up.</returns>
    public static async Task<T?> UntilAsync<T>(
        Func<Task<T?>> look,
        TimeSpan timeout,
        CancellationToken cancellationToken,
        TimeSpan? shortestPause = null
    )
        where T : class
    {
        var deadline = Deadline.In(timeout);
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await CallChain.BesideAsync(look, static answer => answer is not null).ConfigureAwait(false) is { } found)
                return found;
            var pause = PauseAfter(Stopwatch.GetElapsedTime(begun), shortestPause ?? ShortestPause);
            if (!deadline.LeavesTimeFor(pause))
                return null;
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The pause after a look.</summary>
    /// <param name="waited">The time waited so far.</param>
    /// <param name="shortest">The shortest pause.</param>
    public static TimeSpan PauseAfter(TimeSpan waited, TimeSpan shortest) =>
        waited / 10 is var tenth && tenth < shortest ? shortest
        : tenth > LongestPause ? LongestPause
        : tenth;
}
