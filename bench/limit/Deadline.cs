using System.Diagnostics;

namespace SwarmOps.Limit;

/// <summary>The end of patience, and the short pauses until then.</summary>
internal sealed class Deadline(TimeSpan patience)
{
    /// <summary>Short enough to cost next to nothing, long enough to leave the processors to the engines.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Stopwatch clock = Stopwatch.StartNew();

    public void ThrowIfOver(string what)
    {
        if (clock.Elapsed > patience)
            throw new TimeoutException($"After {patience.TotalSeconds} s: {what}.");
    }

    /// <summary>Asks every 20 ms until the answer is not null. A question that takes long is asked less often: it must not slow down what it waits for.</summary>
    public async Task<T> UntilAsync<T>(Func<Task<T?>> ask, string what)
        where T : class
    {
        while (true)
        {
            var asked = Stopwatch.GetTimestamp();
            if (await ask() is { } answer)
                return answer;
            ThrowIfOver(what);
            var took = Stopwatch.GetElapsedTime(asked);
            await Task.Delay(took * 2 > Pause ? took * 2 : Pause);
        }
    }
}
