using SwarmOps.Galera.State;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>A cluster is judged by what happens now, not by counters since its servers' start.</summary>
public sealed class GaleraFindingsTests
{
    private const string Uuid = "11111111-2222-3333-4444-555555555555";

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    [Fact]
    public void Conflicts_and_pauses_of_the_past_do_not_make_a_cluster_degraded()
    {
        var nodes = Nodes(node =>
            node with
            {
                CertificationFailures = 6,
                BruteForceAborts = 500,
                FlowControlPaused = 0.4,
                FlowControlSent = 9,
                FlowControlPausedNanoseconds = 1_000_000_000_000,
                Commits = 1000,
            }
        );
        var quiet = nodes.ToDictionary(GaleraFindings.Key, node => GaleraRecent.Between(node, node, Window)!);

        Assert.Equal(GaleraStatus.Healthy, GaleraFindings.Status(nodes, 3));
        Assert.Equal(GaleraStatus.Healthy, GaleraFindings.Status(nodes, 3, quiet));
        Assert.All(nodes, node => Assert.True(GaleraFindings.IsWorthWatching(node)));
    }

    [Theory]
    [InlineData(1, 0, 0, true)]
    [InlineData(0, 1, 0, true)]
    [InlineData(0, 0, 1, true)]
    [InlineData(0, 0, 0, false)]
    public void A_pause_or_conflict_of_any_time_may_be_one_of_the_present(long paused, long asked, long conflicts, bool isWatched) =>
        Assert.Equal(
            isWatched,
            GaleraFindings.IsWorthWatching(
                new GaleraNode
                {
                    FlowControlPaused = 0.0001,
                    FlowControlPausedNanoseconds = paused,
                    FlowControlSent = asked,
                    CertificationFailures = 0,
                    BruteForceAborts = conflicts,
                }
            )
        );

    [Fact]
    public void Conflicts_and_pauses_of_the_last_seconds_do()
    {
        var before = Nodes(node =>
            node with
            {
                CertificationFailures = 6,
                BruteForceAborts = 5,
                FlowControlSent = 1,
                FlowControlPausedNanoseconds = 0,
                Commits = 1000,
            }
        );
        var after = Nodes(node =>
            node.Node == "b"
                ? node with
                {
                    CertificationFailures = 16,
                    BruteForceAborts = 15,
                    FlowControlSent = 7,
                    FlowControlPausedNanoseconds = 1_500_000_000,
                    Commits = 1080,
                }
                : node with
                {
                    CertificationFailures = 6,
                    BruteForceAborts = 6,
                    FlowControlSent = 1,
                    FlowControlPausedNanoseconds = 0,
                    Commits = 1080,
                }
        );
        var recent = before
            .Zip(after)
            .ToDictionary(pair => GaleraFindings.Key(pair.First), pair => GaleraRecent.Between(pair.First, pair.Second, Window)!);

        Assert.Equal(
            [
                "flow control paused writes for 50 % of the last 3 s because b is slow (measured on b)",
                "b: 20 of 100 transactions in the last 3 s were rolled back by write conflicts with another node: the application writes the same rows in two regions; write them in one region only (Test-GaleraWorkload -LogConflicts names the tables)",
            ],
            GaleraFindings.List(after, 3, recent).Select(finding => finding.Replace("50%", "50 %", StringComparison.Ordinal))
        );
        Assert.Equal(GaleraStatus.Degraded, GaleraFindings.Status(after, 3, recent));
    }

    [Fact]
    public void Counters_that_began_anew_or_were_not_said_give_no_rate()
    {
        var node = Nodes(node =>
            node with
            {
                CertificationFailures = 50,
                BruteForceAborts = 0,
                FlowControlSent = 1,
                FlowControlPausedNanoseconds = 5,
                Commits = 9,
            }
        )[0];

        Assert.Null(GaleraRecent.Between(node, node with { CertificationFailures = 0 }, Window));
        Assert.Null(GaleraRecent.Between(node, node with { Commits = null }, Window));
        Assert.Null(GaleraRecent.Between(node, node, TimeSpan.Zero));
    }

    private static IReadOnlyList<GaleraNode> Nodes(Func<GaleraNode, GaleraNode> change) =>
        [
            .. new[] { "a", "b", "c" }.Select(name =>
                change(
                    new GaleraNode
                    {
                        Node = name,
                        Service = $"galera-{name}",
                        State = GaleraReport.Synced,
                        ClusterStatus = "Primary",
                        ClusterSize = 3,
                        Uuid = Uuid,
                        Address = $"10.0.1.{name[0]}",
                        DnsAnswers = ["10.0.1.a", "10.0.1.b", "10.0.1.c"],
                    }
                )
            ),
        ];
}
