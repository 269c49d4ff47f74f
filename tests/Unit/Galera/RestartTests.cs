using System.Text.Json.Nodes;
using SwarmOps.Galera.Repair;
using SwarmOps.Galera.Restart;
using SwarmOps.Galera.State;
using SwarmOps.Services.Running;

namespace SwarmOps.Tests.Unit.Galera;

public sealed class RestartTests
{
    private static readonly GaleraNode[] Nodes =
    [
        new()
        {
            Node = "w1",
            Region = "us-west-1",
            Segment = 2,
        },
        new()
        {
            Node = "e1",
            Region = "eu-central-1",
            Segment = 0,
        },
        new()
        {
            Node = "u1",
            Region = "us-east-1",
            Segment = 1,
        },
    ];

    [Fact]
    public void By_segment_and_the_writers_region_at_the_end()
    {
        Assert.Equal(["e1", "u1", "w1"], RestartOrder.Of(Nodes, null).Select(node => node.Node));
        Assert.Equal(["u1", "w1", "e1"], RestartOrder.Of(Nodes, "EU-central-1").Select(node => node.Node));
        Assert.Equal(["e1", "w1", "u1"], RestartOrder.Of(Nodes, "u1").Select(node => node.Node));
        Assert.Equal("GaleraLastUnknown", Assert.Throws<SwarmOpsException>(() => RestartOrder.Of(Nodes, "ap-south-1")).ErrorId);
    }

    [Fact]
    public void A_restart_alone_forces_new_tasks()
    {
        var change = new RestartChange(null, new Dictionary<string, string?>());

        Assert.False(change.IsIn(Service()));
        Assert.Equal(5, (long?)change.Apply(Service())["TaskTemplate"]!["ForceUpdate"]);
    }

    [Fact]
    public void Options_are_set_replaced_and_taken_away_and_the_same_is_no_change()
    {
        var change = new RestartChange(
            "mariadb:11",
            new Dictionary<string, string?> { ["max-connections"] = "140", ["slow-query-log"] = null }
        );
        var changed = change.Apply(Service());

        Assert.Equal(
            """["--innodb-buffer-pool-size=1G","--max-connections=140"]""",
            changed["TaskTemplate"]!["ContainerSpec"]!["Args"]!.ToJsonString()
        );
        Assert.Equal("mariadb:11", (string?)changed["TaskTemplate"]!["ContainerSpec"]!["Image"]);
        Assert.Equal(4, (long?)changed["TaskTemplate"]!["ForceUpdate"]);
        Assert.True(change.IsIn(new ServiceState(new JsonObject { ["Spec"] = changed })));
        Assert.Equal(" with image mariadb:11, max-connections=140, without slow-query-log", change.ToString());
        Assert.Equal(
            " with wsrep-sst-auth=***",
            new RestartChange(null, new Dictionary<string, string?> { ["wsrep-sst-auth"] = "mysql:canary" }).ToString()
        );
    }

    [Fact]
    public void A_global_service_is_held_back_anew_each_time_and_gets_its_own_policy_back()
    {
        var own = JsonNode
            .Parse(
                """{"Name":"galera","Labels":{"a":"b"},"UpdateConfig":{"Parallelism":1,"FailureAction":"pause","Delay":5,"Order":"stop-first"}}"""
            )!
            .AsObject();

        var once = GlobalRoll.Held(own.DeepClone().AsObject());
        var twice = GlobalRoll.Held(once.DeepClone().AsObject());
        var thrice = GlobalRoll.Held(twice.DeepClone().AsObject());

        Assert.True((long)once["UpdateConfig"]!["Delay"]! > TimeSpan.FromDays(3000).Ticks * 100);
        Assert.False(JsonNode.DeepEquals(once, twice));
        Assert.True(JsonNode.DeepEquals(once, thrice));
        Assert.True(JsonNode.DeepEquals(own, GlobalRoll.Released(twice)));
        Assert.Null(GlobalRoll.Released(own));
        var bare = JsonNode.Parse("""{"Name":"galera","Labels":{}}""")!.AsObject();
        Assert.True(JsonNode.DeepEquals(bare, GlobalRoll.Released(GlobalRoll.Held(bare.DeepClone().AsObject()))));
    }

    [Fact]
    public void One_node_may_be_out_when_all_others_are_together()
    {
        GaleraNode Node(string name, string state, bool arbitrates = false) =>
            new()
            {
                Node = name,
                State = state,
                IsArbitrator = arbitrates,
                ClusterStatus = state is "Synced" or "Donor/Desynced" ? "Primary" : null,
                Uuid = state == "Initialized" ? null : "u",
            };
        GaleraCluster Of(params GaleraNode[] nodes) =>
            new()
            {
                Name = "galera",
                Uuid = "u",
                ExpectedSize = 3,
                GaleraNodes = nodes,
            };

        Assert.Equal("b", RestartOrder.OnlyOneOut(Of(Node("a", "Synced"), Node("b", "Initialized"), Node("c", "Synced")))?.Node);
        Assert.Equal("b", RestartOrder.OnlyOneOut(Of(Node("a", "Donor/Desynced"), Node("b", "Initialized"), Node("c", "Synced")))?.Node);
        Assert.Equal(
            "b",
            RestartOrder
                .OnlyOneOut(
                    Of(
                        Node("a", "Donor/Desynced"),
                        Node("b", "Synced") with
                        {
                            Error = "its container exited 4 times recently",
                        },
                        Node("c", "Synced")
                    )
                )
                ?.Node
        );
        Assert.Null(
            RestartOrder.OnlyOneOut(Of(Node("a", "Synced"), Node("b", "Initialized"), Node("c", "Synced") with { Uuid = "other" }))
        );
        Assert.Null(RestartOrder.OnlyOneOut(Of(Node("a", "Synced"), Node("b", "Synced"), Node("c", "Synced"))));
        Assert.Null(RestartOrder.OnlyOneOut(Of(Node("a", "Synced"), Node("b", "Initialized"), Node("c", "Initialized"))));
        Assert.Null(RestartOrder.OnlyOneOut(Of(Node("a", "Synced"), Node("b", "NotRunning", arbitrates: true), Node("c", "Synced"))));
        Assert.Null(RestartOrder.OnlyOneOut(Of(Node("a", "Synced"), Node("b", "Initialized"))));
    }

    // A server outside a Primary component hears no SIGTERM, and has no writes to end; one that is Synced or Joining does.
    [Theory]
    [InlineData("wsrep_cluster_status\tPrimary\nwsrep_local_state_comment\tSynced", 180)]
    [InlineData("wsrep_cluster_status\tPrimary\nwsrep_local_state_comment\tJoiner", 180)]
    [InlineData("wsrep_cluster_status\tnon-Primary\nwsrep_local_state_comment\tInitialized", 15)]
    [InlineData(
        "phase\tstarting\nsql_error\tERROR 2002 (HY000): Can't connect to local server through socket '/run/mysqld/mysqld.sock' (111)",
        15
    )]
    [InlineData("phase\tstarting\nsql_error\tERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)", 180)]
    [InlineData("phase\tstarting\nsql_error\tERROR 1040 (08004): Too many connections", 180)]
    [InlineData("phase\tstarting\nsql_error\t", 180)]
    [InlineData("", 180)]
    [InlineData("connections\t2", 180)]
    public void Only_a_server_outside_a_primary_component_is_killed_early(string report, int seconds)
    {
        var node = new GaleraNode { Node = "a" };

        Assert.Equal(seconds, NodeSwitch.PatienceWith(GaleraReport.Parse(report).Describe(node)).TotalSeconds);
        Assert.Equal(
            seconds,
            NodeSwitch
                .PatienceWith(GaleraReport.Parse(report).Describe(node with { Error = "its container exited 3 times recently" }))
                .TotalSeconds
        );
    }

    [Fact]
    public void One_node_of_a_region_is_stopped_by_its_replicas()
    {
        var stopped = NodeSwitch.Wanted(Service(), "id1", runs: false);

        Assert.Equal(0, (int?)stopped["Mode"]!["Replicated"]!["Replicas"]);
        Assert.True(NodeSwitch.IsStopped(new ServiceState(new JsonObject { ["Spec"] = stopped }), "id1"));
        Assert.False(NodeSwitch.IsStopped(Service(), "id1"));
    }

    [Fact]
    public void One_node_of_a_global_service_is_stopped_by_a_constraint_and_others_constraints_stay()
    {
        var service = new ServiceState(
            JsonNode.Parse(
                """{"Spec":{"Name":"galera","Mode":{"Global":{}},"TaskTemplate":{"Placement":{"Constraints":["node.labels.db==yes","node.id != id2"]}}}}"""
            )!
        );
        var stopped = new ServiceState(new JsonObject { ["Spec"] = NodeSwitch.Wanted(service, "id1", runs: false) });
        var started = new ServiceState(new JsonObject { ["Spec"] = NodeSwitch.Wanted(stopped, "id2", runs: true) });

        Assert.Equal(["node.labels.db==yes", "node.id != id2", "node.id!=id1"], stopped.Constraints);
        Assert.Equal(["node.labels.db==yes", "node.id!=id1"], started.Constraints);
        Assert.Equal((true, false), (NodeSwitch.IsStopped(started, "id1"), NodeSwitch.IsStopped(started, "id2")));
    }

    private static ServiceState Service() =>
        new(
            JsonNode.Parse(
                """{"Spec":{"Name":"galera-e","Mode":{"Replicated":{"Replicas":1}},"TaskTemplate":{"ForceUpdate":4,"ContainerSpec":{"Image":"mariadb:10","Args":["--innodb-buffer-pool-size=1G","--max-connections=100","--slow-query-log=1"]}}}}"""
            )!
        );
}
