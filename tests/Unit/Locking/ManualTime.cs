namespace SwarmOps.Tests.Unit.Locking;

/// <summary>Clocks that a test moves: the monotonic one and the wall clock, together or apart.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly object gate = new();
    private readonly List<ManualTimer> timers = [];
    private TimeSpan monotonic;
    private DateTimeOffset wall = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (gate)
            return monotonic.Ticks;
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return wall;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves both clocks.</summary>
    public void Advance(TimeSpan span)
    {
        List<ManualTimer> due;
        lock (gate)
        {
            monotonic += span;
            wall += span;
            due = [.. timers.Where(timer => timer.Due <= monotonic)];
            due.ForEach(timer => timers.Remove(timer));
        }

        due.ForEach(timer => timer.Fire());
    }

    /// <summary>Moves the wall clock alone: a machine that slept, or a clock that was set.</summary>
    public void SetWall(TimeSpan by)
    {
        lock (gate)
            wall += by;
    }

    /// <summary>Waits until so many wait for the clock: then nothing else goes on.</summary>
    public async Task UntilWaitingAsync(int count)
    {
        while (true)
        {
            lock (gate)
            {
                if (timers.Count >= count)
                    return;
            }

            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time.monotonic + dueTime;
                time.timers.Add(this);
            }

            return true;
        }

        public void Dispose()
        {
            lock (time.gate)
                time.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
