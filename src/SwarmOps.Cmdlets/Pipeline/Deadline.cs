namespace SwarmOps.Pipeline;

/// <summary>The end of a wait, by the monotonic clock: hosts that have just started step their wall clock.</summary>
internal readonly struct Deadline
{
    private readonly long end;

    private Deadline(long end) => this.end = end;

    /// <summary>A deadline a time span from now.</summary>
    public static Deadline In(TimeSpan span) => new(Environment.TickCount64 + (long)span.TotalMilliseconds);

    /// <summary>Whether a pause ends before it.</summary>
    public bool LeavesTimeFor(TimeSpan pause) => Environment.TickCount64 + (long)pause.TotalMilliseconds < end;
}
