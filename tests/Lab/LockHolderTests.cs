using SwarmOps.Swarm.Managers;

namespace SwarmOps.Tests.Lab;

/// <summary>What becomes of a lock whose holder was killed, suspended, or only busy.</summary>
public sealed class LockHolderTests(LabFixture lab) : IDisposable
{
    private const string Promotion = "$n | Step-SwarmPromotion";

    private static readonly bool AtAll = Environment.GetEnvironmentVariable("SWARMOPS_OUTAGE") == "all";

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Whoever_does_not_wait_is_told_who_holds_the_lock_and_a_killed_run_delays_nobody_on_its_machine()
    {
        await lab.OneManagerAsync(session);
        using var holder = Administrator.Start(lab, Promotion, elsewhere: false);
        await SwarmLockFacts.UntilHeldAsync(lab);
        var before = await lab.StateAsync(lab.Hosts[0]);

        await holder.SignalAsync("STOP");
        var refused = session.Run("$n | Set-SwarmNode -Label @{ a = 'b' } -WaitForLock 0", ("n", session.Nodes(lab)));
        await holder.SignalAsync("KILL");
        Assert.Equal("killed", await holder.EndAsync());

        Assert.Equal(["SwarmLockHeld"], refused.ErrorIds);
        Assert.Contains(
            $"{Environment.UserName}@{Environment.MachineName} (Step-SwarmPromotion, process {holder.ProcessId}, since ",
            refused.Errors[0].Exception.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("\"a\":\"b\"", await lab.StateAsync(lab.Hosts[0]), StringComparison.Ordinal);
        Assert.DoesNotContain("\"a\":\"b\"", before, StringComparison.Ordinal);
        session.Run($"{Promotion} -WaitForLock 0", ("n", session.Nodes(lab))).ThrowOnError();
        await SwarmFacts.AssertHealthyAsync(lab, managers: 3);
        // The killed run may have promoted all before it was stopped: only who has something to change takes its lock away.
        session.Run("$n | Set-SwarmNode -Label @{ a = 'b' } -WaitForLock 0", ("n", session.Nodes(lab))).ThrowOnError();
        await SwarmLockFacts.AssertNoLockAsync(lab);
    }

    [Fact]
    public async Task Whoever_only_looks_or_has_nothing_to_do_needs_no_lock()
    {
        await lab.OneManagerAsync(session);
        using var holder = Administrator.Start(lab, Promotion);
        await SwarmLockFacts.UntilHeldAsync(lab);
        await holder.SignalAsync("STOP");
        try
        {
            session
                .Run(
                    "$n | Get-Swarm | Out-Null; $n | Set-SwarmNode -Label @{ a = 'b' } -WaitForLock 0 -WhatIf; $n | Set-SwarmNode -Availability Active -WaitForLock 0 | Out-Null",
                    ("n", session.Nodes(lab))
                )
                .ThrowOnError();
        }
        finally
        {
            await holder.SignalAsync("CONT");
        }

        Assert.Equal("well", await holder.EndAsync());
        await SwarmLockFacts.AssertNoLockAsync(lab);
    }

    [Fact]
    public async Task A_killed_run_delays_another_machine_by_no_more_than_its_lease()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_OUTAGE=all");
        await lab.OneManagerAsync(session);
        using var holder = Administrator.Start(lab, Promotion);
        await SwarmLockFacts.UntilHeldAsync(lab);
        await holder.SignalAsync("KILL");
        Assert.Equal("killed", await holder.EndAsync());

        using var next = Administrator.Start(lab, $"{Promotion} -WaitForLock 35");

        Assert.Equal("well", await next.EndAsync());
        await SwarmFacts.AssertHealthyAsync(lab, managers: 3);
        await SwarmLockFacts.AssertNoLockAsync(lab);
    }

    [Fact]
    public async Task A_run_that_was_suspended_sees_that_it_lost_the_lock_and_changes_nothing_more()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_OUTAGE=all");
        await lab.OneManagerAsync(session);
        using var suspended = Administrator.Start(lab, Promotion);
        await SwarmLockFacts.UntilHeldAsync(lab);
        await suspended.SignalAsync("STOP");
        using var next = Administrator.Start(lab, $"{Promotion}; $n | Set-SwarmNode -Label @{{ by = 'the other' }}");
        Assert.Equal("well", await next.EndAsync());
        var state = await lab.StateAsync(lab.Hosts[0]);

        await suspended.SignalAsync("CONT");
        var end = await suspended.EndAsync();

        Assert.StartsWith("SwarmLockLost:", end, StringComparison.Ordinal);
        Assert.Equal(state, await lab.StateAsync(lab.Hosts[0]));
        await SwarmFacts.AssertHealthyAsync(lab, managers: 3);
        await SwarmLockFacts.AssertNoLockAsync(lab);
    }

    /// <summary>A process that was suspended and that nobody waited for goes on, once it has seen that the lock is still its own.</summary>
    [Fact]
    public async Task A_run_that_was_suspended_and_that_nobody_waited_for_goes_on()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_OUTAGE=all");
        await lab.OneManagerAsync(session);
        using var suspended = Administrator.Start(lab, Promotion);
        await SwarmLockFacts.UntilHeldAsync(lab);
        await suspended.SignalAsync("STOP");
        await Task.Delay(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken);
        await suspended.SignalAsync("CONT");

        Assert.Equal("well", await suspended.EndAsync());
        await SwarmFacts.AssertHealthyAsync(lab, managers: 3);
        await SwarmLockFacts.AssertNoLockAsync(lab);
    }

    [Fact]
    public async Task Ctrl_C_lets_go_of_the_lock()
    {
        var nodes = await lab.OneManagerAsync(session);
        using (var shell = session.Create(Promotion, ("n", nodes)))
        {
            var run = shell.BeginInvoke();
            await SwarmLockFacts.UntilHeldAsync(lab);
            shell.Stop();
            Assert.Throws<System.Management.Automation.PipelineStoppedException>(() => shell.EndInvoke(run));
        }

        session.Run($"{Promotion} -WaitForLock 0", ("n", nodes)).ThrowOnError();
        await SwarmLockFacts.AssertNoLockAsync(lab);
    }

    /// <summary>A stage acts while the stage before it writes its objects: the lock of the one must not shut out the other.</summary>
    [Fact]
    public async Task Stages_of_one_pipeline_do_not_wait_for_each_other()
    {
        var nodes = await lab.OneManagerAsync(session);

        session
            .Run(
                "$n | Set-SwarmNode -Label @{ one = '1' } -WaitForLock 0 | ForEach-Object { $_ | Set-SwarmNode -Label @{ two = '2' } -Manager $n -WaitForLock 0 } | Out-Null",
                ("n", nodes)
            )
            .ThrowOnError();

        var state = await lab.StateAsync(lab.Hosts[0]);
        Assert.Equal(3, state.Split("\"one\":\"1\"").Length - 1);
        Assert.Equal(3, state.Split("\"two\":\"2\"").Length - 1);
        await SwarmLockFacts.AssertNoLockAsync(lab);
    }
}
