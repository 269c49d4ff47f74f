namespace SwarmOps.Galera.State;

/// <summary>What a node did between two readings. Its counters since the start of the server say nothing of today.</summary>
/// <param name="Time">The time between them.</param>
/// <param name="Paused">Share of it, 0 to 1, for which flow control held replication up.</param>
/// <param name="PausesAsked">How often the node asked the others to wait.</param>
/// <param name="Commits">Transactions of its own clients that were committed.</param>
/// <param name="Conflicts">Transactions of its own clients that were lost to another node's.</param>
internal sealed record GaleraRecent(TimeSpan Time, double Paused, long PausesAsked, long Commits, long Conflicts)
{
    /// <summary>Share of the writes, in conflict with another node's, that is worth a word.</summary>
    private const double TooManyConflicts = 0.05;

    /// <summary>Fewer conflicts than this are chance.</summary>
    private const long FewestConflicts = 3;

    /// <summary>Whether so many writes were lost that it is no chance.</summary>
    public bool HasManyConflicts => Conflicts >= FewestConflicts && Conflicts > TooManyConflicts * (Commits + Conflicts);

    /// <summary>Compares two readings of a node; null where its counters began anew between them (a restart, <c>FLUSH STATUS</c>), or were not said.</summary>
    public static GaleraRecent? Between(GaleraNode before, GaleraNode after, TimeSpan time)
    {
        var paused = after.FlowControlPausedNanoseconds - before.FlowControlPausedNanoseconds;
        var asked = after.FlowControlSent - before.FlowControlSent;
        var commits = after.Commits - before.Commits;
        var conflicts = after.CertificationFailures + after.BruteForceAborts - before.CertificationFailures - before.BruteForceAborts;
        return paused is >= 0 && asked is >= 0 && commits is >= 0 && conflicts is >= 0 && time > TimeSpan.Zero
            ? new GaleraRecent(time, Math.Min(1, paused.Value / 1e9 / time.TotalSeconds), asked.Value, commits.Value, conflicts.Value)
            : null;
    }
}
