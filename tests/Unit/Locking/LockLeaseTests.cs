using SwarmOps.Swarm.Locking;

namespace SwarmOps.Tests.Unit.Locking;

/// <summary>Who still holds a lock, and who may take it, without a comparison of two machines' clocks.</summary>
public sealed class LockLeaseTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void A_holder_is_sure_until_the_margin()
    {
        var lease = new LockLease(time);

        time.Advance(LockLease.Length - LockLease.Margin - TimeSpan.FromSeconds(1));
        Assert.True(lease.IsFresh);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(lease.IsFresh);
    }

    [Fact]
    public void A_renewal_counts_from_when_it_was_sent()
    {
        var lease = new LockLease(time);
        var asked = lease.Ask();
        time.Advance(TimeSpan.FromSeconds(15));

        lease.Confirm(asked);

        Assert.Equal(TimeSpan.FromSeconds(15), lease.Age);
    }

    [Fact]
    public void A_machine_that_slept_is_not_sure()
    {
        var lease = new LockLease(time);
        time.SetWall(TimeSpan.FromMinutes(5));
        Assert.False(lease.IsFresh);
    }

    [Fact]
    public void A_clock_that_is_set_back_prolongs_nothing()
    {
        var lease = new LockLease(time);
        time.SetWall(TimeSpan.FromHours(-1));
        time.Advance(TimeSpan.FromSeconds(25));
        Assert.False(lease.IsFresh);
    }

    [Fact]
    public void A_lock_that_stays_as_it_is_for_the_whole_lease_is_stale()
    {
        var watch = new LockWatch(time);
        Assert.False(watch.See("1"));
        time.Advance(LockLease.Length - TimeSpan.FromSeconds(1));
        Assert.False(watch.See("1"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(watch.See("1"));
    }

    [Fact]
    public void A_renewed_lock_is_watched_anew()
    {
        var watch = new LockWatch(time);
        watch.See("1");
        time.Advance(LockLease.Length);
        Assert.False(watch.See("2"));
        time.Advance(LockLease.Length - TimeSpan.FromSeconds(1));
        Assert.False(watch.See("2"));
    }

    [Fact]
    public void A_watch_that_saw_nothing_for_a_while_begins_anew()
    {
        var watch = new LockWatch(time);
        watch.See("1");
        time.Advance(LockLease.Length);
        watch.Miss();
        Assert.False(watch.See("1"));
    }
}
