namespace SwarmOps.Swarm.Locking;

/// <summary>
/// The holder's side of the lease: the time since the lock was last confirmed. Counted from the moment of the request, by whichever
/// clock advanced further: the monotonic clock stops while a machine is suspended, the wall clock may be set back.
/// </summary>
/// <param name="time">The clocks.</param>
internal sealed class LockLease(TimeProvider time)
{
    /// <summary>How long a lock stays valid after its holder's last renewal.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    /// <summary>The interval of renewals.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(8);

    /// <summary>How long before the end of the lease a holder must confirm the lock: a call that was allowed must have ended by then.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private Moment confirmed = Moment.Now(time);

    /// <summary>Whether a change may be made without a confirmation.</summary>
    public bool IsFresh => Age < Length - Margin;

    /// <summary>The age of the last confirmation.</summary>
    public TimeSpan Age => confirmed.Age(time);

    /// <summary>The moment before a request is sent, for <see cref="Confirm"/>.</summary>
    public Moment Ask() => Moment.Now(time);

    /// <summary>Records that the request sent at that moment confirmed the lock.</summary>
    public void Confirm(Moment asked) => confirmed = asked;

    /// <summary>A moment on both clocks.</summary>
    internal sealed record Moment(long Monotonic, DateTimeOffset Wall)
    {
        public static Moment Now(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());

        public TimeSpan Age(TimeProvider time)
        {
            var monotonic = time.GetElapsedTime(Monotonic);
            var wall = time.GetUtcNow() - Wall;
            return monotonic > wall ? monotonic : wall;
        }
    }
}
