using System.Diagnostics;
using SwarmOps.Completion;

namespace SwarmOps.Tests.Unit;

/// <summary>How long an answer holds, and how long a prompt waits for one.</summary>
public sealed class CompletionCacheTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private readonly HandClock clock = new();
    private readonly AnswerCache cache;
    private int asked;

    public CompletionCacheTests() => cache = new AnswerCache(clock);

    [Fact]
    public void An_answer_holds_for_some_seconds()
    {
        Assert.Equal("1", Recall("a"));
        clock.Pass(AnswerCache.Fresh);
        Assert.Equal("1", Recall("a"));
        clock.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal("2", Recall("a"));
        Assert.Equal("3", Recall("b"));
        cache.Clear();
        Assert.Equal("4", Recall("a"));
    }

    [Fact]
    public void A_failure_is_remembered_as_long_as_an_answer()
    {
        Assert.Null(cache.Recall<string>("a", _ => Fail(), Long));
        Assert.Null(cache.Recall<string>("a", _ => Fail(), Long));
        Assert.Equal(1, asked);
        clock.Pass(AnswerCache.Fresh + TimeSpan.FromMilliseconds(1));
        Assert.Null(cache.Recall<string>("a", _ => Fail(), Long));
        Assert.Equal(2, asked);
    }

    [Fact]
    public void What_comes_too_late_for_one_Tab_is_there_for_the_next_and_is_asked_once()
    {
        using var answer = new SemaphoreSlim(0);
        async Task<string> Slow(CancellationToken token)
        {
            Interlocked.Increment(ref asked);
            await answer.WaitAsync(token);
            return "late";
        }

        var watch = Stopwatch.StartNew();
        Assert.Null(cache.Recall("a", Slow, TimeSpan.FromMilliseconds(200)));
        Assert.Null(cache.Recall("a", Slow, TimeSpan.Zero));
        Assert.InRange(watch.ElapsedMilliseconds, 190, 5000);
        answer.Release();
        Assert.Equal("late", cache.Recall("a", Slow, Long));
        Assert.Equal(1, asked);
    }

    [Fact]
    public void A_question_that_blocks_its_thread_does_not_hold_the_prompt()
    {
        using var end = new ManualResetEventSlim();
        Assert.Null(cache.Recall<string>("a", _ => Block(end), TimeSpan.FromMilliseconds(100)));
        end.Set();
    }

    [Fact]
    public async Task One_answer_is_enough_and_a_silent_one_holds_nobody_up()
    {
        var token = TestContext.Current.CancellationToken;
        var never = new TaskCompletionSource<string>();
        var order = new List<string>();
        Task<string> Ask(string source)
        {
            lock (order)
                order.Add(source);
            return source switch
            {
                "silent" => never.Task,
                "bad" => Task.FromException<string>(new InvalidOperationException(source)),
                _ => Task.FromResult(source),
            };
        }

        Assert.Equal("good", await FirstAnswer.OfAsync(["bad", "silent", "good", "unneeded"], Ask, token));
        Assert.Equal(["bad", "silent", "good"], order);
        Assert.Equal(
            "bad",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => FirstAnswer.OfAsync(["bad", "bad"], Ask, token))).Message
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() => FirstAnswer.OfAsync(Array.Empty<string>(), Ask, token));
        using var limit = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FirstAnswer.OfAsync(["silent"], Ask, limit.Token));

        Assert.Equal(["a", "b"], await FirstAnswer.OfEachAsync(["bad", "a", "silent", "b"], Ask, token));
        Assert.Empty(await FirstAnswer.OfEachAsync(["bad"], Ask, token));
        Assert.Empty(await FirstAnswer.OfEachAsync(Array.Empty<string>(), Ask, token));
    }

    private static Task<string> Block(ManualResetEventSlim end)
    {
        end.Wait(TimeSpan.FromSeconds(20));
        return Task.FromResult("");
    }

    private string? Recall(string key) => cache.Recall(key, _ => Task.FromResult(Interlocked.Increment(ref asked).ToString()), Long);

    private Task<string> Fail()
    {
        Interlocked.Increment(ref asked);
        throw new InvalidOperationException("no");
    }

    /// <summary>A clock that is set by hand.</summary>
    private sealed class HandClock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public void Pass(TimeSpan time) => now += time.Ticks;
    }
}
