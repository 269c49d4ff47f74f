namespace SwarmOps.Swarm.Locking;

/// <summary>
/// The holder's side of the lease: how long since the lock was last seen to be its own. Counted from the moment at which the answer was asked for, by whichever
/// clock went further: the monotonic one stands still while a machine sleeps, the wall clock may be set back.
/// </summary>
/// <param name="time">The clocks.</param>
internal sealed class LockLease(TimeProvider time)
{
    /// <summary>How long a lock outlives its holder's last renewal.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    /// <summary>How often a holder renews.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(8);

    /// <summary>How long before the end a holder no longer takes it for granted: a call that was let pass must have ended by then.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private Moment confirmed = Moment.Now(time);

    /// <summary>Whether a change may be made without asking.</summary>
    public bool IsFresh => Age < Length - Margin;

    /// <summary>How old the last confirmation is.</summary>
    public TimeSpan Age => confirmed.Age(time);

    /// <summary>The moment before a question is sent, for <see cref="Confirm"/>.</summary>
    public Moment Ask() => Moment.Now(time);

    /// <summary>The question that was sent then was answered: the lock is still ours.</summary>
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
