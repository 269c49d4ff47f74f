using System.Diagnostics;
using SwarmOps.Swarm.Locking;

namespace SwarmOps.Tests.Unit.Locking;

/// <summary>Whether the holder of a lock is known to be dead: only where that can be seen.</summary>
public sealed class ProcessIdentityTests
{
    private static ProcessIdentity Own =>
        ProcessIdentity.Current ?? throw new InvalidOperationException("This machine tells nothing of its processes.");

    [Fact]
    public void A_lock_of_this_process_lives_as_long_as_it_is_noted()
    {
        var holder = LockHolder.Create("Test-Lock");
        ProcessIdentity.Note(holder);
        Assert.False(ProcessIdentity.IsGone(holder));
        ProcessIdentity.Forget(holder);
        Assert.True(ProcessIdentity.IsGone(holder));
    }

    [Fact]
    public async Task A_process_that_was_killed_is_gone_before_and_after_its_parent_has_looked()
    {
        using var process = Process.Start("sleep", "60");
        var stat = await File.ReadAllTextAsync($"/proc/{process.Id}/stat", TestContext.Current.CancellationToken);
        var holder = Held(Own with { ProcessId = process.Id, Started = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19] });
        Assert.False(ProcessIdentity.IsGone(holder));

        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(ProcessIdentity.IsGone(holder));
    }

    [Fact]
    public void A_number_that_was_given_out_again_is_another_process() =>
        Assert.True(ProcessIdentity.IsGone(Held(Own with { ProcessId = 1, Started = "no time" })));

    [Fact]
    public void Another_boot_may_be_another_machine_that_was_cloned() =>
        Assert.False(ProcessIdentity.IsGone(Held(Own with { BootId = "another" })));

    [Fact]
    public void Nothing_is_known_of_another_machine() =>
        Assert.False(ProcessIdentity.IsGone(Held(Own with { MachineId = "another", ProcessId = int.MaxValue })));

    [Fact]
    public void Nothing_is_known_of_another_container() =>
        Assert.False(ProcessIdentity.IsGone(Held(Own with { Namespace = "another", ProcessId = int.MaxValue })));

    [Fact]
    public void Nothing_is_known_of_a_lock_that_says_nothing()
    {
        Assert.False(ProcessIdentity.IsGone(null));
        Assert.False(ProcessIdentity.IsGone(Held(null)));
    }

    [Fact]
    public void A_holder_reads_back_as_it_was_written()
    {
        var holder = LockHolder.Create("Step-SwarmPromotion") with { Since = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero) };
        Assert.Equal(holder, LockHolder.Parse(holder.ToLabels(7)));
    }

    private static LockHolder Held(ProcessIdentity? process) => LockHolder.Create("Test-Lock") with { Process = process };
}
