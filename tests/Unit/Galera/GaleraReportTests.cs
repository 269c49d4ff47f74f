using SwarmOps.Galera.Repair;
using SwarmOps.Galera.State;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>What a node says of itself, and what silence is taken for.</summary>
public sealed class GaleraReportTests
{
    private const string Uuid = "af1d7974-e922-11f1-907b-1e0f74593d50";

    [Theory]
    [InlineData("waiting", 6L)]
    [InlineData("starting", null)]
    [InlineData("recovering", null)]
    public void A_position_counts_only_while_the_node_waits(string phase, long? seqno) =>
        Assert.Equal(
            seqno,
            Describe(
                $"phase\t{phase}\nposition\t{Uuid}:6\nsql_error\tERROR 2002 (HY000): Can't connect to local server through socket (2)\n"
            ).Seqno
        );

    [Theory]
    [InlineData("starting", "ERROR 1045 (28000): Access denied for user 'root'@'localhost'", "Unknown", true)]
    [InlineData("starting", "ERROR 1040 (HY000): Too many connections", "Unknown", true)]
    [InlineData("starting", "the server accepts connections, but did not answer within 6 s", "Unknown", true)]
    [InlineData(
        "starting",
        "ERROR 2002 (HY000): Can't connect to local server through socket '/run/mysqld/mysqld.sock' (11)",
        "Unknown",
        true
    )]
    [InlineData(
        "starting",
        "ERROR 2002 (HY000): Can't connect to local server through socket '/run/mysqld/mysqld.sock' (2)",
        "Joining",
        false
    )]
    [InlineData(
        "recovering",
        "ERROR 2002 (HY000): Can't connect to local server through socket '/run/mysqld/mysqld.sock' (2)",
        "Recovering",
        false
    )]
    [InlineData(
        "waiting",
        "ERROR 2002 (HY000): Can't connect to local server through socket '/run/mysqld/mysqld.sock' (2)",
        "Waiting",
        false
    )]
    public void A_server_that_does_not_say_how_it_is_is_silent_and_not_down(string phase, string error, string state, bool isSilent)
    {
        var node = Describe($"phase\t{phase}\nsql_error\t{error}\n");

        Assert.Equal((state, isSilent), (node.State, node.IsSilent));
        Assert.Equal(isSilent ? GaleraStatus.Unknown : GaleraStatus.Down, GaleraFindings.Status([node, node], 2));
        Assert.Equal(
            isSilent,
            GaleraFindings.List([node, node], 2).All(finding => !finding.Contains("Repair-GaleraCluster", StringComparison.Ordinal))
        );
        Assert.Equal(state == "Joining", ClusterRevival.IsStuck(node));
    }

    [Theory]
    [InlineData("", "Unknown", true)]
    [InlineData("phase\tstarting\n", "Unknown", true)]
    [InlineData("phase\tstarting\nlocal\t10.0.1.4\nsql_error\t\n", "Unknown", true)]
    [InlineData("phase\tstarting\naccount\troot\n", "Unknown", true)]
    [InlineData("sql_error\tERROR 2002 (HY000): Can't connect to local server through socket (2)\n", "Starting", false)]
    [InlineData("phase\twaiting\n", "Waiting", false)]
    public void A_report_that_is_not_whole_is_silence_and_no_outage(string report, string state, bool isSilent)
    {
        var node = Describe(report);

        Assert.Equal((state, isSilent), (node.State, node.IsSilent));
        Assert.Equal(state == "Starting", ClusterRevival.IsStuck(node));
        Assert.Equal(isSilent, node.Error == "its report is incomplete");
    }

    [Theory]
    [InlineData("1", "Arbitrator")]
    [InlineData("0", "Starting")]
    public void An_arbitrator_has_no_server_that_could_be_silent(string connections, string state)
    {
        var node = GaleraReport
            .Parse($"phase\tarbitrating\nconnections\t{connections}\n")
            .Describe(new GaleraNode { Node = "a", IsArbitrator = true });

        Assert.Equal((state, false), (node.State, node.IsSilent));
    }

    [Fact]
    public void A_password_that_was_changed_by_SQL_is_a_finding_and_no_outage()
    {
        var node = Describe(
            $"phase\tstarting\nsecret\tGALERA_ROOT_PASSWORD\naccount\tmysql\nwsrep_cluster_status\tPrimary\nwsrep_local_state_comment\tSynced\nwsrep_cluster_size\t1\nwsrep_cluster_state_uuid\t{Uuid}\n"
        );

        Assert.Equal(("Synced", "Primary", false), (node.State, node.ClusterStatus, node.IsSilent));
        Assert.Contains(
            GaleraFindings.List([node], 1),
            finding => finding.Contains("Update-SwarmSecret -Name GALERA_ROOT_PASSWORD", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("Unknown", true, true)]
    [InlineData("Unknown", false, true)]
    [InlineData("Joining", true, true)]
    [InlineData("Waiting", false, false)]
    [InlineData("NotRunning", false, false)]
    public void A_server_that_does_not_say_how_it_is_is_left_alone_whatever_the_others_count(
        string state,
        bool isSilent,
        bool mayTakePart
    ) =>
        Assert.Equal(
            mayTakePart,
            ClusterWatch.MayTakePart(
                new GaleraNode
                {
                    Node = "c",
                    State = state,
                    IsSilent = isSilent,
                }
            )
        );

    [Fact]
    public void A_node_that_recovers_is_not_stuck_and_one_that_catches_up_gets_somewhere()
    {
        var node = new GaleraNode
        {
            Node = "c",
            State = "Joined",
            ClusterStatus = "Primary",
            DataKilobytes = 5000,
            Seqno = 10,
        };

        Assert.True(NodeArrival.IsBusy(node with { State = "Recovering" }));
        // One that crashes after each recovery gets nowhere.
        Assert.False(
            NodeArrival.IsBusy(node with { State = "Recovering", Error = "its container exited 4 times recently (exit code 1): x" })
        );
        Assert.False(NodeArrival.IsBusy(node));
        Assert.NotEqual(NodeArrival.Progress(node), NodeArrival.Progress(node with { Seqno = 11 }));
        Assert.NotEqual(ClusterWatch.Key(node), ClusterWatch.Key(node with { Seqno = 11 }));
        // What others write moves the number of one that takes part, and is no progress of its own.
        foreach (var state in new[] { "Synced", "Donor/Desynced" })
            Assert.Equal(ClusterWatch.Key(node with { State = state }), ClusterWatch.Key(node with { State = state, Seqno = 11 }));
    }

    [Fact]
    public void A_component_without_a_history_beside_one_with_it_is_a_split()
    {
        var named = new GaleraNode
        {
            Node = "a",
            State = "Synced",
            ClusterStatus = "Primary",
            ClusterSize = 1,
            Uuid = Uuid,
        };

        Assert.Equal(GaleraStatus.Split, GaleraFindings.Status([named, named with { Node = "b", Uuid = null }], 2));
    }

    private static GaleraNode Describe(string report) => GaleraReport.Parse(report).Describe(new GaleraNode { Node = "a" });
}
