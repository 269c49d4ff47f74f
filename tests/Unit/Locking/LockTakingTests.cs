using SwarmOps.Pipeline;
using SwarmOps.Swarm.Locking;

namespace SwarmOps.Tests.Unit.Locking;

/// <summary>Taking, renewing, losing and leaving a lock, by a clock that the test moves.</summary>
public sealed class LockTakingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime time = new();
    private readonly MemoryStore store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_free_lock_is_taken_renewed_and_let_go_of()
    {
        await using (await TakeAsync(0))
        {
            Assert.Equal("Test-Lock", store.Holder!.Activity);
            for (var second = 0; second < 20; second++)
                await StepAsync(waiting: 1);
            Assert.InRange(store.Renewals, 2, 3);
        }

        Assert.Null(store.Holder);
    }

    [Fact]
    public async Task A_lock_that_its_holder_renews_is_never_taken_and_the_error_names_the_holder()
    {
        await using var held = await TakeAsync(0);
        var waiting = TakeAsync(90);
        var seconds = 0;
        while (!waiting.IsCompleted)
        {
            await Task.WhenAny(time.UntilWaitingAsync(2), waiting);
            if (waiting.IsCompleted)
                break;
            time.Advance(Second);
            seconds++;
        }

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => waiting);
        Assert.Equal("SwarmLockHeld", error.ErrorId);
        Assert.Contains($"{Environment.UserName}@{Environment.MachineName} (Test-Lock, process", error.Message, StringComparison.Ordinal);
        Assert.Contains("-WaitForLock", error.RecommendedAction, StringComparison.Ordinal);
        Assert.InRange(seconds, 88, 92);
    }

    [Fact]
    public async Task A_lock_that_nobody_renews_is_taken_over_after_the_lease()
    {
        store.Holder = Left();
        var waiting = TakeAsync(60);
        var seconds = 0;
        while (!waiting.IsCompleted && seconds < 60)
        {
            await Task.WhenAny(time.UntilWaitingAsync(1), waiting);
            if (waiting.IsCompleted)
                break;
            time.Advance(Second);
            seconds++;
        }

        await using var held = await waiting;
        Assert.InRange(seconds, 30, 31);
    }

    [Fact]
    public async Task Who_does_not_wait_takes_the_lock_of_a_killed_run_over_all_the_same()
    {
        store.Holder = Left();

        var (seconds, taken) = await CountAsync(TakeAsync(0), waiting: 1);

        await using (await taken)
            Assert.InRange(seconds, 30, 31);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task A_killed_run_that_held_many_places_delays_no_longer_than_one_lease(int wait)
    {
        MemoryStore[] places = [store, new("the second") { Holder = Left() }, new("the third") { Holder = Left() }];
        store.Holder = Left();

        var (seconds, taken) = await CountAsync(Taking(wait).TakeAsync(places, Token), waiting: 1);

        await using (await taken)
            Assert.InRange(seconds, 30, 33);
    }

    [Fact]
    public async Task Who_does_not_wait_ends_as_soon_as_the_holder_is_seen_to_live()
    {
        var other = new LockTaking(new LockSettings(TimeSpan.Zero, "Other-Cmdlet"), time);
        await using var held = await other.TakeAsync([store], Token);

        var (seconds, taken) = await CountAsync(TakeAsync(0), waiting: 2);

        Assert.Equal("SwarmLockHeld", (await Assert.ThrowsAsync<SwarmOpsException>(() => taken)).ErrorId);
        Assert.InRange(seconds, 7, 10);
    }

    [Fact]
    public async Task An_attempt_that_was_carried_out_and_not_answered_is_let_go_of()
    {
        store.Holder = Left();
        var waiting = TakeAsync(60);
        await time.UntilWaitingAsync(1);
        store.LosesAnswer = true;
        store.Holder = null;
        time.Advance(Second);

        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);

        Assert.Null(store.Holder);
    }

    [Fact]
    public async Task A_lock_whose_process_is_known_to_be_dead_is_taken_at_once()
    {
        store.Holder = Left();
        await using var held = await TakeAsync(0, isGone: true);
        Assert.Equal("Test-Lock", store.Holder!.Activity);
    }

    [Fact]
    public async Task Of_several_places_none_is_kept_when_one_stays_held()
    {
        var other = new MemoryStore("the other") { Holder = Left() };

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => Taking(0, isHere: true).TakeAsync([store, other], Token));

        Assert.Equal("SwarmLockHeld", error.ErrorId);
        Assert.Null(store.Holder);
    }

    [Fact]
    public async Task In_doubt_a_change_waits_for_the_proof_that_nobody_took_the_lock()
    {
        await using var held = await TakeAsync(0);
        store.Answers = false;
        time.Advance(TimeSpan.FromSeconds(40));
        var change = held.ConfirmAsync(Token).AsTask();
        await time.UntilWaitingAsync(2);
        Assert.False(change.IsCompleted);

        store.Answers = true;
        while (!change.IsCompleted)
        {
            time.Advance(Second);
            await Task.Delay(1, Token);
        }

        await change;
        Assert.False(held.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_lock_that_someone_else_took_is_lost_and_left_to_them()
    {
        var held = await TakeAsync(0);
        store.Holder = Left();
        time.Advance(TimeSpan.FromSeconds(40));

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => held.ConfirmAsync(Token).AsTask());

        Assert.Equal("SwarmLockLost", error.ErrorId);
        Assert.True(held.Lost.IsCancellationRequested);
        await held.DisposeAsync();
        Assert.Equal("Other-Cmdlet", store.Holder!.Activity);
    }

    [Fact]
    public async Task A_lock_that_lapses_is_neither_renewed_nor_asked_for_nor_taken_away()
    {
        var held = await TakeAsync(0);
        held.Lapse();
        time.Advance(TimeSpan.FromMinutes(2));

        await held.ConfirmAsync(Token);
        await held.DisposeAsync();

        Assert.Equal(0, store.Renewals);
        Assert.NotNull(store.Holder);
    }

    /// <summary>Lets the time pass until it is over, in seconds.</summary>
    private async Task<(int Seconds, Task<LeasedLock> Taken)> CountAsync(Task<LeasedLock> taken, int waiting)
    {
        var seconds = 0;
        for (; !taken.IsCompleted && seconds < 100; seconds++)
        {
            await Task.WhenAny(time.UntilWaitingAsync(waiting), taken);
            if (!taken.IsCompleted)
                time.Advance(Second);
        }

        return (seconds, taken);
    }

    private static LockHolder Left() => LockHolder.Create("Other-Cmdlet") with { Machine = "elsewhere", Process = null };

    private Task<LeasedLock> TakeAsync(int wait, bool isGone = false) => Taking(wait, isGone).TakeAsync([store], Token);

    private LockTaking Taking(int wait, bool isGone = false, bool isHere = false) =>
        new(new LockSettings(TimeSpan.FromSeconds(wait), "Test-Lock"), time) { IsGone = _ => isGone, IsHere = _ => isHere };

    private async Task StepAsync(int waiting)
    {
        await time.UntilWaitingAsync(waiting);
        time.Advance(Second);
    }
}
