using System.Globalization;
using SwarmOps.Galera.State;

namespace SwarmOps.Galera.Workload;

/// <summary>Evaluates the samples of all nodes: what the applications do that does not go well with Galera, and the remedy.</summary>
internal static class WorkloadVerdict
{
    /// <summary>Average length of the receive queue above which a node is behind: it is half of the length at which flow control begins (gcs.fc_limit = 16).</summary>
    private const double LongQueue = 8;

    /// <summary>Size of a write set from which it delays all others noticeably.</summary>
    private const double LargeWriteSet = 1 << 20;

    /// <summary>Schema changes that take longer stall the cluster noticeably.</summary>
    private static readonly TimeSpan LongSchemaChange = TimeSpan.FromSeconds(1);

    /// <summary>More applier threads than this help little on usual hosts.</summary>
    private const int MostThreads = 16;

    /// <summary>The result of each check.</summary>
    /// <param name="cluster">Name of the cluster.</param>
    /// <param name="tracks">The samples of each node.</param>
    /// <param name="unread">Nodes that could not be sampled, with the reason.</param>
    public static IReadOnlyList<GaleraFinding> Of(
        string cluster,
        IReadOnlyList<WorkloadTrack> tracks,
        IReadOnlyDictionary<string, string> unread
    )
    {
        var seen = tracks.Where(track => track.IsComparable).ToList();
        var checks = new (string Name, string Passed, IEnumerable<GaleraFinding> Findings)[]
        {
            ("NodeRead", $"all {seen.Count} nodes with data were sampled over the whole period", Unread(tracks, unread)),
            ("Activity", Activity(seen), Idle(seen)),
            (
                "WriteConflict",
                $"{seen.Sum(track => track.Conflicts)} transactions were rolled back by conflicts between nodes",
                Conflicts(seen)
            ),
            ("FlowControl", "flow control did not pause writes for long", FlowControl(seen)),
            ("ReceiveQueue", "no node is behind", Queues(seen)),
            ("LargeTransaction", "no large write set was replicated", Large(seen)),
            ("SchemaChange", "no long schema change was running", Changes(seen)),
        };
        var findings = new List<GaleraFinding>();
        foreach (var (name, passed, found) in checks)
        {
            var list = found.Select(finding => finding with { Cluster = cluster, Check = name }).ToList();
            findings.AddRange(list);
            if (list.Count == 0)
                findings.Add(
                    new GaleraFinding
                    {
                        Cluster = cluster,
                        Check = name,
                        Result = FindingResult.Pass,
                        Detail = passed,
                    }
                );
        }

        return
        [
            .. findings.OrderBy(finding =>
                finding.Result switch
                {
                    FindingResult.Fail => 0,
                    FindingResult.Warning => 1,
                    FindingResult.NotTested => 2,
                    _ => 3,
                }
            ),
        ];
    }

    /// <summary>Adds the tables of the logged conflicts to the findings about conflicts.</summary>
    public static GaleraWorkload Name(GaleraWorkload workload) =>
        workload with
        {
            Findings =
            [
                .. workload.Findings.Select(finding =>
                    finding is { Check: "WriteConflict", Result: FindingResult.Warning } ? Name(finding, workload.Conflicts) : finding
                ),
            ],
        };

    private static GaleraFinding Name(GaleraFinding finding, IReadOnlyList<GaleraConflict> conflicts)
    {
        var tables = conflicts
            .Where(conflict => conflict.Node == finding.Node && conflict.Table is not null)
            .GroupBy(
                conflict => conflict.Database is null ? conflict.Table! : $"{conflict.Database}.{conflict.Table}",
                StringComparer.Ordinal
            )
            .Select(table => (Name: table.Key, Count: table.Sum(conflict => conflict.Count)))
            .OrderByDescending(table => table.Count)
            .ToList();
        return tables.Count == 0
            ? finding
            : finding with
            {
                Detail =
                    $"{finding.Detail} The servers logged conflicts in {string.Join(", ", tables.Select(table => string.Create(CultureInfo.InvariantCulture, $"'{table.Name}' ({table.Count})")))}.",
                RecommendedAction =
                    $"Let only one region write {string.Join(", ", tables.Select(table => $"'{table.Name}'"))}. In any case, repeat the whole transaction after error 1213, also if COMMIT failed with it.",
            };
    }

    private static IEnumerable<GaleraFinding> Unread(IReadOnlyList<WorkloadTrack> tracks, IReadOnlyDictionary<string, string> unread)
    {
        var reasons = unread
            .Select(node => (Node: node.Key, Why: node.Value))
            .Concat(
                tracks
                    .Where(track => !track.IsComparable || track.Error is not null)
                    .Select(track => (track.Node, Why: track.Error ?? "its counters were reset in the period (a restart, or FLUSH STATUS)"))
            );
        return reasons
            .OrderBy(node => node.Node, StringComparer.Ordinal)
            .Select(node =>
                Finding(
                    FindingResult.NotTested,
                    node.Node,
                    $"{node.Node} was not sampled over the whole period: {node.Why}.",
                    "Check it with Get-GaleraCluster, then run the same command again."
                )
            );
    }

    private static string Activity(IReadOnlyList<WorkloadTrack> tracks) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{tracks.Sum(track => track.Growth("wsrep_local_commits"))} transactions were committed, on {string.Join(", ", tracks.Where(track => track.Growth("wsrep_local_commits") > 0).Select(track => track.Node))}"
        );

    private static IEnumerable<GaleraFinding> Idle(IReadOnlyList<WorkloadTrack> tracks)
    {
        if (tracks.All(track => track.Growth("wsrep_local_commits") == 0))
            yield return Finding(
                FindingResult.NotTested,
                null,
                "No transaction was committed in the period, so there was no workload to judge.",
                "Run the same command again while the applications are busy, with a longer -Duration."
            );
    }

    private static IEnumerable<GaleraFinding> Conflicts(IReadOnlyList<WorkloadTrack> tracks)
    {
        foreach (var track in tracks)
        {
            var commits = track.Growth("wsrep_local_commits");
            if (
                track.Conflicts < GaleraRecent.FewestConflicts
                || track.Conflicts <= GaleraRecent.TooManyConflicts * (commits + track.Conflicts)
            )
                continue;
            var writers = tracks
                .Where(other => other != track && other.Growth("wsrep_replicated") > 0)
                .Select(other => other.Node)
                .ToList();
            yield return Finding(
                FindingResult.Warning,
                track.Node,
                $"{track.Conflicts} of {commits + track.Conflicts} transactions of {track.Node} were rolled back ({track.Growth("wsrep_local_cert_failures")} certification failures, {track.Growth("wsrep_local_bf_aborts")} brute-force aborts), because {(writers.Count > 0 ? string.Join(" or ", writers) : "another node")} wrote the same rows at the same time.",
                "Let only one region write these tables. In any case, repeat the whole transaction after error 1213, also if COMMIT failed with it. With -LogConflicts this cmdlet names the tables."
            );
        }
    }

    private static IEnumerable<GaleraFinding> FlowControl(IReadOnlyList<WorkloadTrack> tracks)
    {
        var waits = tracks.Where(track => track.Paused > GaleraFindings.PausedTooLong).ToList();
        if (waits.Count == 0)
            yield break;
        var asks = tracks
            .Where(track => track.Growth("wsrep_flow_control_sent") > 0)
            .MaxBy(track => track.Growth("wsrep_flow_control_sent"));
        var share = waits.Max(track => track.Paused).ToString("P0", CultureInfo.InvariantCulture);
        yield return Finding(
            FindingResult.Warning,
            asks?.Node,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Flow control paused writes for {share} of the period (on {string.Join(", ", waits.Select(track => track.Node))}). {(asks is null ? "No sampled node requested it" : $"{asks.Node} requested it {asks.Growth("wsrep_flow_control_sent")} times: it applies write sets more slowly than the others write (receive queue {asks.ReceiveQueue:0.#} on average)")}."
            ),
            asks is null ? "Make sure that all nodes are in the node set, then run the same command again." : Faster(asks)
        );
    }

    private static IEnumerable<GaleraFinding> Queues(IReadOnlyList<WorkloadTrack> tracks) =>
        tracks
            .Where(track => track.ReceiveQueue > LongQueue)
            .Select(track =>
                Finding(
                    FindingResult.Warning,
                    track.Node,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{track.Node} is behind: {track.ReceiveQueue:0.#} write sets wait to be applied on average, so reads there return older data, and flow control is near."
                    ),
                    Faster(track)
                )
            );

    /// <summary>How a node applies faster: with more threads if its write sets allow that, else with more power or smaller transactions.</summary>
    private static string Faster(WorkloadTrack track)
    {
        var possible = Math.Min((int)Math.Floor(track.Parallelism ?? 1), MostThreads);
        return possible > track.Threads
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Let it apply in parallel: it has {track.Threads} applier thread{(track.Threads == 1 ? "" : "s")}, and {track.Parallelism:0} write sets could be applied in parallel: SET GLOBAL wsrep_slave_threads = {possible} on '{track.Node}'."
            )
            : $"Check disk, CPU and memory of '{track.Node}'. More applier threads do not help it: its write sets depend on each other.";
    }

    private static IEnumerable<GaleraFinding> Large(IReadOnlyList<WorkloadTrack> tracks)
    {
        foreach (var track in tracks)
        {
            // The largest write set is at least as large as the average of the samples in which it was replicated.
            var (sets, bytes) = track
                .Pairs.Select(pair =>
                    (Sets: WorkloadTrack.Delta(pair, "wsrep_replicated"), Bytes: WorkloadTrack.Delta(pair, "wsrep_replicated_bytes"))
                )
                .Where(growth => growth.Sets > 0)
                .DefaultIfEmpty((Sets: 1, Bytes: 0))
                .MaxBy(growth => growth.Bytes / (double)growth.Sets);
            if (bytes / (double)sets < LargeWriteSet)
                continue;
            yield return Finding(
                FindingResult.Warning,
                track.Node,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{track.Node} replicated {bytes / (double)(1 << 20):0.#} MB in {sets} write set{(sets == 1 ? "" : "s")}: each node holds a write set in memory, applies it as one transaction, and flow control stops all others meanwhile."
                ),
                "Change rows in portions of some thousand, or use streaming replication in the session that cannot: SET SESSION wsrep_trx_fragment_unit = 'rows', wsrep_trx_fragment_size = 5000."
            );
        }
    }

    private static IEnumerable<GaleraFinding> Changes(IReadOnlyList<WorkloadTrack> tracks)
    {
        foreach (var track in tracks)
        {
            var changes = track
                .Samples.SelectMany(sample => sample.SchemaChanges)
                .Where(change => change.Time > LongSchemaChange)
                .GroupBy(change => (change.Id, change.Text))
                .Select(change => change.MaxBy(seen => seen.Time)!);
            foreach (var change in changes)
                yield return Finding(
                    FindingResult.Warning,
                    track.Node,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"A schema change on {track.Node} took at least {change.Time.TotalSeconds:0.#} s, in which no node committed anything behind it (total order isolation): {change.Text}"
                    ),
                    "Use ALGORITHM=INSTANT where possible, or a tool that copies in small steps, such as pt-online-schema-change; or run it when nobody writes."
                );
        }
    }

    private static GaleraFinding Finding(FindingResult result, string? node, string detail, string action) =>
        new()
        {
            Node = node,
            Result = result,
            Detail = detail,
            RecommendedAction = action,
        };
}
