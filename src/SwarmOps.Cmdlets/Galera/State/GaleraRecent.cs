namespace SwarmOps.Galera.State;

/// <summary>A node's activity between two readings; the counters since the server's start say nothing about the present.</summary>
/// <param name="Time">The time between them.</param>
/// <param name="Paused">Share of that time, 0 to 1, in which flow control paused replication.</param>
/// <param name="PausesAsked">How often the node requested a flow control pause.</param>
/// <param name="Commits">Transactions of its own clients that committed.</param>
/// <param name="Conflicts">Transactions of its own clients that were rolled back by a conflict with another node's (certification failures and brute-force aborts).</param>
internal sealed record GaleraRecent(TimeSpan Time, double Paused, long PausesAsked, long Commits, long Conflicts)
{
    /// <summary>Share of conflicting writes above which it is a finding.</summary>
    public const double TooManyConflicts = 0.05;

    /// <summary>Fewer conflicts than this are not significant.</summary>
    public const long FewestConflicts = 3;

    /// <summary>Whether the conflicts are significant.</summary>
    public bool HasManyConflicts => Conflicts >= FewestConflicts && Conflicts > TooManyConflicts * (Commits + Conflicts);

    /// <summary>Compares two readings of a node; null if its counters were reset in between (a restart, <c>FLUSH STATUS</c>) or not reported.</summary>
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
