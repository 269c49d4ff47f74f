using SwarmOps.Pipeline;
using SwarmOps.Swarm.Locking;

namespace SwarmOps.Tests.Unit.Locking;

/// <summary>When a stage takes its lock, and what it believes afterwards.</summary>
public sealed class ChangeScopeTests
{
    private static readonly LockSettings Settings = new(TimeSpan.Zero, "Test-Lock");
    private readonly FakeContext context = new();
    private readonly MemoryStore store = new();
    private int passes;

    [Fact]
    public async Task At_the_first_consent_the_lock_is_taken_and_the_stage_looks_again()
    {
        var wasHeld = new List<bool>();
        await RunAsync(async scope =>
        {
            wasHeld.Add(store.Holder is not null);
            scope.WriteWarning("about to change");
            scope.WriteError(new SwarmOpsException("SeenBefore", ErrorKind.NotFound, $"pass {passes}", "-"));
            Assert.True(await scope.ShouldProcessAsync("swarm", "change it"));
            Assert.NotNull(store.Holder);
            scope.WriteObject(passes);
        });

        Assert.Equal([false, true], wasHeld);
        Assert.Equal(["swarm: change it"], context.Asked);
        Assert.Equal(["about to change"], context.Warnings);
        Assert.Equal(["pass 2"], context.Errors.Select(error => error.Message));
        Assert.Equal([2], context.Objects);
        Assert.Null(store.Holder);
    }

    [Fact]
    public async Task Without_consent_no_lock_is_taken()
    {
        context.Consent = false;
        await RunAsync(async scope =>
        {
            Assert.False(await scope.ShouldProcessAsync("swarm", "change it"));
            Assert.Null(store.Holder);
            scope.WriteObject(passes);
        });

        Assert.Equal([1], context.Objects);
    }

    [Fact]
    public async Task With_nothing_to_do_no_lock_is_taken()
    {
        await RunAsync(scope =>
        {
            scope.WriteObject(passes);
            return Task.CompletedTask;
        });

        Assert.Equal([1], context.Objects);
    }

    [Fact]
    public async Task What_was_no_longer_wanted_when_the_lock_was_held_is_not_done()
    {
        await RunAsync(async scope =>
        {
            if (passes == 1)
                await scope.ShouldProcessAsync("swarm", "change it");
            scope.WriteObject("as it should be");
        });

        Assert.Equal(["as it should be"], context.Objects);
        Assert.Null(store.Holder);
    }

    [Fact]
    public async Task Objects_are_given_on_when_the_lock_is_free_also_where_the_work_failed()
    {
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            RunAsync(async scope =>
            {
                await scope.ShouldProcessAsync("swarm", "change it");
                scope.WriteObject("one");
                Assert.Empty(context.Objects);
                throw new SwarmOpsException("Second", ErrorKind.InvalidState, "The second failed.", "-");
            })
        );

        Assert.Equal("Second", error.ErrorId);
        Assert.Equal(["one"], context.Objects);
        Assert.Null(store.Holder);
    }

    [Fact]
    public async Task Whoever_holds_the_lock_is_named_and_nothing_is_done()
    {
        store.Holder = LockHolder.Create("Other-Cmdlet") with { Machine = "elsewhere", Process = null };

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            RunAsync(async scope =>
            {
                await scope.ShouldProcessAsync("swarm", "change it");
                Assert.Fail("It went on without the lock.");
            })
        );

        Assert.Equal("SwarmLockHeld", error.ErrorId);
        Assert.Equal("Other-Cmdlet", store.Holder!.Activity);
    }

    [Fact]
    public async Task Work_that_goes_on_after_an_error_is_refused_once()
    {
        store.Holder = LockHolder.Create("Other-Cmdlet") with { Machine = "elsewhere", Process = null };

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            RunAsync(async scope =>
            {
                foreach (var item in new[] { "one", "two" })
                {
                    try
                    {
                        await scope.ShouldProcessAsync(item, "change it");
                    }
                    catch (SwarmOpsException failure)
                    {
                        scope.WriteError(failure);
                    }
                }
            })
        );

        Assert.Equal("SwarmLockHeld", error.ErrorId);
        Assert.Empty(context.Errors);
    }

    private Task RunAsync(Func<IOperationContext, Task> work)
    {
        context.CancellationToken = TestContext.Current.CancellationToken;
        return ChangeScope.RunAsync(
            context,
            Settings,
            scope =>
            {
                passes++;
                scope.Guard(new StoreLock(store));
                return work(scope);
            }
        );
    }

    private sealed class StoreLock(MemoryStore store) : IChangeLock
    {
        public string Key => "the test";

        public async Task<IHeldLock> TakeAsync(IOperationContext context, LockSettings settings) =>
            await new LockTaking(settings, TimeProvider.System) { IsHere = _ => true }.TakeAsync([store], context.CancellationToken);
    }
}
