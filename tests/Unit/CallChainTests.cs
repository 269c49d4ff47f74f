using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>The critical path: round trips that wait for each other.</summary>
public sealed class CallChainTests
{
    [Fact]
    public async Task Calls_one_after_another_add_up_and_calls_at_the_same_time_do_not()
    {
        var chain = Begin();

        await CallAsync();
        await CallAsync();
        await Task.WhenAll(CallAsync(), CallAsync(), CallAsync());

        Assert.Equal(3, chain.Length);
    }

    [Fact]
    public async Task Of_work_beside_other_work_the_longest_counts()
    {
        var chain = Begin();
        await CallAsync();

        await Task.WhenAll(
            CallChain.BesideAsync(() => CallsAsync(2)),
            CallChain.BesideAsync(() => CallsAsync(4)),
            CallChain.BesideAsync(() => CallsAsync(1))
        );
        await CallAsync();

        Assert.Equal(6, chain.Length);
    }

    [Fact]
    public async Task A_node_that_begins_late_does_not_make_the_path_longer()
    {
        var chain = Begin();
        var first = new TaskCompletionSource();

        await Task.WhenAll(
            CallChain.BesideAsync(async () =>
            {
                await CallsAsync(2);
                first.SetResult();
            }),
            CallChain.BesideAsync(async () =>
            {
                await first.Task;
                await CallsAsync(2);
            })
        );

        Assert.Equal(2, chain.Length);
    }

    [Fact]
    public async Task Of_a_wait_only_the_last_look_counts()
    {
        var chain = Begin();
        var looks = 0;

        var found = await Pipeline.Polling.UntilAsync(
            async () =>
            {
                await CallsAsync(2);
                return ++looks == 3 ? "found" : null;
            },
            TimeSpan.FromMinutes(1),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(("found", 3, 2), (found, looks, chain.Length));
    }

    [Fact]
    public async Task A_call_that_fails_was_waited_for_too()
    {
        var chain = Begin();

        await Assert.ThrowsAsync<IOException>(() =>
            CallChain.BesideAsync(() => CallChain.CountAsync<bool>(() => Task.FromException<bool>(new IOException())))
        );

        Assert.Equal(1, chain.Length);
    }

    [Fact]
    public async Task A_mark_joins_the_path_of_its_own_cmdlet_only()
    {
        CallLedger.Current = new CallLedger();
        CallChain.Current = CallLedger.Current.Chain;
        var mark = await CallChain.BesideAsync(
            async () =>
            {
                await CallsAsync(3);
                return CallChain.Mark.Here();
            },
            static _ => false
        );
        Assert.Null(CallLedger.Current.CriticalPath());

        mark.Join();
        Assert.Equal("Critical path: 3 round trips", CallLedger.Current.CriticalPath());

        var next = new CallLedger();
        (CallLedger.Current, CallChain.Current) = (next, next.Chain);
        mark.Join();
        Assert.Null(next.CriticalPath());
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(150, 20)]
    [InlineData(500, 50)]
    [InlineData(5_000, 500)]
    [InlineData(60_000, 1000)]
    public void A_pause_is_a_tenth_of_the_time_waited(int waited, int pause) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(pause),
            Pipeline.Polling.PauseAfter(TimeSpan.FromMilliseconds(waited), TimeSpan.FromMilliseconds(20))
        );

    private static CallChain Begin() => CallChain.Current = new CallChain();

    private static async Task CallsAsync(int count)
    {
        for (var number = 0; number < count; number++)
            await CallAsync();
    }

    private static Task<bool> CallAsync() =>
        CallChain.CountAsync(async () =>
        {
            await Task.Yield();
            return true;
        });
}
