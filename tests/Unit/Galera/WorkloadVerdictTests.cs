using System.Globalization;
using SwarmOps.Galera.Workload;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>What the counters of a period say about a workload, and what they do not.</summary>
public sealed class WorkloadVerdictTests
{
    [Fact]
    public void A_busy_region_without_conflicts_is_well()
    {
        var findings = Of(Track("eu", commits: 6000, sets: 6000, bytes: 3_000_000), Track("us"));

        Assert.All(findings, finding => Assert.Equal(FindingResult.Pass, finding.Result));
        Assert.Equal(7, findings.Count);
        Assert.Contains(findings, finding => finding.Detail == "6000 transactions were committed, on eu");
        Assert.All(findings, finding => Assert.Equal("galera", finding.Cluster));
    }

    [Theory]
    [InlineData(1000, 2, 0, FindingResult.Pass)]
    [InlineData(1000, 10, 10, FindingResult.Pass)]
    [InlineData(100, 3, 4, FindingResult.Warning)]
    [InlineData(0, 0, 3, FindingResult.Warning)]
    [InlineData(1, 2, 0, FindingResult.Pass)]
    public void Conflicts_count_by_their_share(int commits, int failures, int aborts, FindingResult result)
    {
        var finding = Single(
            "WriteConflict",
            Track("eu", commits: commits, failures: failures, aborts: aborts),
            Track("us", commits: 500, sets: 500, bytes: 5000)
        );

        Assert.Equal(result, finding.Result);
        if (result == FindingResult.Warning)
            Assert.Contains(
                $"({failures} certification failures, {aborts} brute-force aborts), because us wrote the same rows",
                finding.Detail,
                StringComparison.Ordinal
            );
    }

    [Theory]
    [InlineData(5.9, FindingResult.Pass)]
    [InlineData(6.1, FindingResult.Warning)]
    public void The_node_that_asks_for_pauses_is_named_with_its_remedy(double pausedSeconds, FindingResult result)
    {
        var finding = Single(
            "FlowControl",
            Track("eu", commits: 100, paused: pausedSeconds),
            Track("us", asked: 40, queue: 5, threads: 1, parallelism: 23.5)
        );

        Assert.Equal(result, finding.Result);
        if (result == FindingResult.Pass)
            return;
        Assert.Equal("us", finding.Node);
        Assert.Contains("us requested it 40 times", finding.Detail, StringComparison.Ordinal);
        Assert.EndsWith("SET GLOBAL wsrep_slave_threads = 16 on 'us'.", finding.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1.4, "Check disk")]
    [InlineData(4, 3.9, "Check disk")]
    [InlineData(1, 4.2, "SET GLOBAL wsrep_slave_threads = 4")]
    public void More_threads_are_advised_where_they_help(int threads, double parallelism, string says) =>
        Assert.Contains(
            says,
            Single(
                "ReceiveQueue",
                Track("eu", commits: 1),
                Track("us", queue: 20, threads: threads, parallelism: parallelism)
            ).RecommendedAction,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(1, 500_000_000, FindingResult.Warning)]
    [InlineData(300, 500_000_000, FindingResult.Warning)]
    [InlineData(6000, 500_000_000, FindingResult.Pass)]
    [InlineData(1, 1_000_000, FindingResult.Pass)]
    public void A_large_write_set_is_one_that_cannot_be_small(int sets, long bytes, FindingResult result) =>
        Assert.Equal(result, Single("LargeTransaction", Track("eu", commits: sets, sets: sets, bytes: bytes)).Result);

    [Fact]
    public void A_large_write_set_is_seen_in_its_own_sample_not_in_the_average()
    {
        // 500 MB in one of three samples, among ten thousand small write sets in the others.
        var samples = new[]
        {
            Sample(0),
            Sample(20, sets: 5000, bytes: 1_000_000),
            Sample(40, sets: 5050, bytes: 501_000_000),
            Sample(60, sets: 10_050, bytes: 502_000_000),
        };

        var finding = Single("LargeTransaction", new WorkloadTrack(new GaleraNode { Node = "eu" }, samples));

        Assert.StartsWith("eu replicated 476.8 MB in 50 write sets", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_schema_change_is_told_once_with_its_longest_time()
    {
        SchemaChange[] Running(double seconds) =>
            [new("7", TimeSpan.FromSeconds(seconds), "ALTER TABLE t FORCE"), new("8", TimeSpan.FromSeconds(0.2), "CREATE TABLE x (a INT)")];
        var samples = new[]
        {
            Sample(0),
            Sample(2) with
            {
                SchemaChanges = Running(1.5),
            },
            Sample(4) with
            {
                SchemaChanges = Running(3.5),
            },
            Sample(60, commits: 5),
        };

        var finding = Assert.Single(
            Of(new WorkloadTrack(new GaleraNode { Node = "eu" }, samples)),
            finding => finding.Result != FindingResult.Pass
        );

        Assert.Equal(("SchemaChange", "eu"), (finding.Check, finding.Node));
        Assert.Contains("took at least 3.5 s", finding.Detail, StringComparison.Ordinal);
        Assert.EndsWith("ALTER TABLE t FORCE", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_idle_cluster_is_not_called_well() =>
        Assert.Equal(FindingResult.NotTested, Single("Activity", Track("eu"), Track("us")).Result);

    [Fact]
    public void A_node_that_restarted_or_was_silent_is_named_and_not_judged()
    {
        var restarted = new WorkloadTrack(
            new GaleraNode { Node = "us" },
            [Sample(0, commits: 900, failures: 800), Sample(60, commits: 5, failures: 0)]
        );
        var silent = Track("ap", commits: 10) with { Error = "it did not answer" };

        var findings = WorkloadVerdict.Of(
            "galera",
            [Track("eu", commits: 10), restarted, silent],
            new Dictionary<string, string> { ["sa"] = "it is Joining" }
        );

        Assert.Equal(
            [
                "ap was not sampled over the whole period: it did not answer.",
                "sa was not sampled over the whole period: it is Joining.",
                "us was not sampled over the whole period: its counters were reset in the period (a restart, or FLUSH STATUS).",
            ],
            findings.Where(finding => finding.Check == "NodeRead").Select(finding => finding.Detail)
        );
        Assert.DoesNotContain(findings, finding => finding.Result is FindingResult.Warning or FindingResult.Fail);
    }

    [Fact]
    public void Logged_conflicts_name_the_tables_of_their_node()
    {
        var workload = new GaleraWorkload
        {
            Findings = Of(Track("eu", commits: 10, failures: 9), Track("us", commits: 50, sets: 50)),
            Conflicts =
            [
                new GaleraConflict
                {
                    Node = "eu",
                    Database = "shop",
                    Table = "stock",
                    Count = 4,
                },
                new GaleraConflict
                {
                    Node = "eu",
                    Database = "shop",
                    Table = "stock",
                    Row = "0x1",
                    Count = 3,
                },
                new GaleraConflict
                {
                    Node = "us",
                    Database = "shop",
                    Table = "other",
                    Count = 9,
                },
                new GaleraConflict
                {
                    Node = "eu",
                    Statement = "COMMIT",
                    Count = 2,
                },
            ],
        };

        var finding = WorkloadVerdict.Name(workload).Findings[0];

        Assert.EndsWith("The servers logged conflicts in 'shop.stock' (7).", finding.Detail, StringComparison.Ordinal);
        Assert.StartsWith("Let only one region write 'shop.stock'.", finding.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Rates_are_those_of_the_period()
    {
        var node = Track("eu", commits: 600, sets: 300, bytes: 30_000, paused: 6, asked: 3, queue: 2, threads: 4, parallelism: 8.5)
            .Describe();

        Assert.Equal(
            (10, 5, 100, 0.1, 3),
            (node.CommitsPerSecond, node.WriteSetsPerSecond, node.WriteSetBytes, node.FlowControlPaused, node.FlowControlSent)
        );
        Assert.Equal(
            (2, 2, 4, 8.5, 0.08),
            (node.ReceiveQueue, node.LongestReceiveQueue, node.ApplierThreads, node.ParallelismPossible, node.ReplicationLatency)
        );
    }

    [Fact]
    public void A_sample_is_read_from_rows_and_lacks_what_the_server_does_not_report()
    {
        var sample = WorkloadSample.Read(
            TimeSpan.FromSeconds(1),
            [
                ["value", "wsrep_local_commits", "42"],
                ["value", "wsrep_evs_repl_latency", "0/0/0/0/0"],
                ["change", "9", "1500.125", "ALTER TABLE t"],
                ["odd"],
            ]
        );

        Assert.Equal((42, null, null), (sample.Count("wsrep_local_commits"), sample.Count("wsrep_replicated"), sample.Latency));
        Assert.Equal(("9", 1500.125), (sample.SchemaChanges.Single().Id, sample.SchemaChanges.Single().Time.TotalMilliseconds));
    }

    private static IReadOnlyList<GaleraFinding> Of(params WorkloadTrack[] tracks) =>
        WorkloadVerdict.Of("galera", tracks, new Dictionary<string, string>());

    private static GaleraFinding Single(string check, params WorkloadTrack[] tracks) =>
        Of(tracks).Single(finding => finding.Check == check);

    private static WorkloadTrack Track(
        string node,
        long commits = 0,
        long failures = 0,
        long aborts = 0,
        long sets = 0,
        long bytes = 0,
        double paused = 0,
        long asked = 0,
        long queue = 0,
        int threads = 1,
        double parallelism = 1
    ) =>
        new(
            new GaleraNode { Node = node },
            [
                Sample(0, queue: queue, threads: threads, parallelism: parallelism),
                Sample(60, commits, failures, aborts, sets, bytes, paused, asked, queue, threads, parallelism),
            ]
        );

    private static WorkloadSample Sample(
        int second,
        long commits = 0,
        long failures = 0,
        long aborts = 0,
        long sets = 0,
        long bytes = 0,
        double paused = 0,
        long asked = 0,
        long queue = 0,
        int threads = 1,
        double parallelism = 1
    ) =>
        new(
            TimeSpan.FromSeconds(second),
            new Dictionary<string, string>
            {
                ["uptime"] = Text(1000 + second),
                ["wsrep_local_commits"] = Text(commits),
                ["wsrep_local_cert_failures"] = Text(failures),
                ["wsrep_local_bf_aborts"] = Text(aborts),
                ["wsrep_replicated"] = Text(sets),
                ["wsrep_replicated_bytes"] = Text(bytes),
                ["wsrep_flow_control_paused_ns"] = Text(paused * 1e9),
                ["wsrep_flow_control_sent"] = Text(asked),
                ["wsrep_local_recv_queue"] = Text(queue),
                ["wsrep_local_send_queue"] = "0",
                ["wsrep_cert_deps_distance"] = Text(parallelism),
                ["wsrep_evs_repl_latency"] = "0.07/0.08/0.09/0.001/12",
                ["wsrep_slave_threads"] = Text(threads),
            },
            []
        );

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
