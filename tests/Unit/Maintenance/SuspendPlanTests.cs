using System.Text.Json.Nodes;
using SwarmOps.Folders;
using SwarmOps.Galera;
using SwarmOps.GeoDns.Definition;
using SwarmOps.Maintenance.Suspension;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Running;
using static SwarmOps.Tests.Unit.Maintenance.LoadBuilder;

namespace SwarmOps.Tests.Unit.Maintenance;

/// <summary>What taking the node a out of service means for each service on it.</summary>
public sealed class SuspendPlanTests
{
    [Fact]
    public void Tasks_of_a_replicated_service_are_started_elsewhere_first()
    {
        var plan = SuspendPlan.Of(new LoadBuilder().Replicated("web", "aabc").Replicated("other", "bc").Build());

        var (service, surge) = Assert.Single(plan.Replaced);
        Assert.Equal(("web", new Surge("a", 4, 6)), (service.Name, surge));
        Assert.Empty(plan.Obstacles);
        Assert.Equal("Suspend: take out of DNS (edge), start 2 tasks on other nodes first (web), drain", plan.Words(["edge"]));
    }

    [Fact]
    public void A_surge_of_an_interrupted_run_is_continued_as_it_is()
    {
        var plan = SuspendPlan.Of(new LoadBuilder().Replicated("web", "aabcbc", Label(Surge.Label, "a 4 6")).Build());
        Assert.Equal(new Surge("a", 4, 6), Assert.Single(plan.Replaced).Surge);
    }

    [Fact]
    public void A_global_service_goes_on_with_its_other_tasks()
    {
        var plan = SuspendPlan.Of(new LoadBuilder().Global("agent", "abc").Build());
        Assert.Empty(plan.Obstacles);
        Assert.Equal("Suspend: drain (stops agent there)", plan.Words([]));
    }

    [Fact]
    public void The_only_task_of_a_global_service_is_missed() =>
        Assert.Equal(["no other task of 'agent' runs"], SuspendPlan.Of(new LoadBuilder().Global("agent", "a").Build()).Obstacles);

    [Fact]
    public void A_service_bound_to_the_node_is_missed() =>
        Assert.Equal(["'one' can run on no other node (constraints node.id==a)"], Obstacles("one", "a", Constraint("node.id==a")));

    [Fact]
    public void Nodes_that_are_drained_or_down_take_no_replacement() =>
        Assert.Equal(
            ["'web' can run on no other node"],
            SuspendPlan
                .Of(new LoadBuilder().With(Member("b", "drain")).With(Member("c", state: "down")).Replicated("web", "a").Build())
                .Obstacles
        );

    [Fact]
    public void A_limit_of_tasks_a_node_leaves_no_room() =>
        Assert.Equal(
            ["'web' needs room for 3 tasks, and 2 other nodes may have 2 (1 a node)"],
            Obstacles("web", "abc", spec => spec["TaskTemplate"]!["Placement"] = new JsonObject { ["MaxReplicas"] = 1 })
        );

    [Theory]
    [InlineData("volume", "db", "the volume 'db'")]
    [InlineData("bind", "/srv/db", "the directory /srv/db")]
    public void Data_on_the_host_does_not_move(string type, string source, string words) =>
        Assert.Equal(
            [$"'db' keeps data in {words} on this node, and a task elsewhere would begin without it"],
            Obstacles("db", "a", Mount(type, source))
        );

    [Theory]
    [InlineData("volume", "")]
    [InlineData("bind", "/var/run/docker.sock")]
    [InlineData("bind", "/srv/shared/pictures")]
    [InlineData("tmpfs", "")]
    public void What_is_shared_or_scratch_is_no_data(string type, string source) =>
        Assert.Empty(
            SuspendPlan
                .Of(
                    new LoadBuilder()
                        .Replicated("web", "a", Mount(type, source))
                        .Replicated(
                            "folder-b",
                            "b",
                            spec =>
                                spec["Labels"] = new JsonObject { [FolderNames.FolderLabel] = "f", [FolderNames.PathLabel] = "/srv/shared" }
                        )
                        .Build()
                )
                .Obstacles
        );

    [Fact]
    public void A_read_only_mount_holds_nothing_of_the_service() => Assert.Empty(Obstacles("web", "a", Mount("bind", "/etc/zone", true)));

    /// <summary>The local driver mounts whatever its options say: a share, or a directory or disk of the host itself.</summary>
    [Theory]
    [InlineData("local", "nfs", false)]
    [InlineData("local", "nfs4", false)]
    [InlineData("local", "cifs", false)]
    [InlineData("local", "tmpfs", false)]
    [InlineData("rexray", "", false)]
    [InlineData("local", "none", true)]
    [InlineData("local", "ext4", true)]
    [InlineData("local", "", true)]
    public void A_volume_of_another_driver_or_on_a_share_is_not_on_the_host(string driver, string type, bool isKept)
    {
        var obstacles = Obstacles(
            "web",
            "a",
            spec =>
            {
                Mount("volume", "files")(spec);
                spec["TaskTemplate"]!["ContainerSpec"]!["Mounts"]![0]!["VolumeOptions"] = new JsonObject
                {
                    ["DriverConfig"] = new JsonObject
                    {
                        ["Name"] = driver,
                        ["Options"] = new JsonObject
                        {
                            ["type"] = type,
                            ["device"] = "/srv/files",
                            ["o"] = "bind",
                        },
                    },
                };
            }
        );

        Assert.Equal(
            isKept ? ["'web' keeps data in the volume 'files' on this node, and a task elsewhere would begin without it"] : [],
            obstacles
        );
    }

    [Fact]
    public void A_service_that_lacks_tasks_is_fixed_first() =>
        Assert.Equal(["'web' runs 2 of 3 tasks"], Obstacles("web", "ab", spec => spec["Mode"]!["Replicated"]!["Replicas"] = 3));

    [Fact]
    public void A_service_that_restarts_nothing_would_begin_again() =>
        Assert.Contains(
            "would begin again",
            Assert.Single(
                Obstacles("once", "a", spec => spec["TaskTemplate"]!["RestartPolicy"] = new JsonObject { ["Condition"] = "none" })
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void Another_suspension_has_raised_the_service() =>
        Assert.Contains(
            "another Suspend-SwarmNode",
            Assert.Single(Obstacles("web", "ab", Label(Surge.Label, "c 1 2"))),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(GeoDnsNames.ZoneLabel, "no other name server of the zone 'x' runs")]
    [InlineData(FolderNames.FolderLabel, "no other copy of the shared folder 'x' runs")]
    public void Parts_that_are_bound_to_nodes_have_a_peer(string label, string words)
    {
        var alone = new LoadBuilder().Replicated("one", "a", Label(label, "x")).Replicated("two", "b", Label(label, "y"));
        Assert.Equal([words], SuspendPlan.Of(alone.Build()).Obstacles);

        var plan = SuspendPlan.Of(alone.Replicated("three", "c", Label(label, "x")).Build());
        Assert.Empty(plan.Obstacles);
        Assert.Equal(["one"], plan.Stopped);
    }

    [Fact]
    public void A_Galera_node_is_for_Galera_to_judge()
    {
        var plan = SuspendPlan.Of(new LoadBuilder().Replicated("db-a", "a", Label(GaleraNames.ClusterLabel, "db")).Build());
        Assert.Empty(plan.Obstacles);
        Assert.Equal(["db-a"], plan.Stopped);
    }

    [Fact]
    public void An_edge_without_a_zone_is_told()
    {
        var builder = new LoadBuilder()
            .Global("web-a", "a", Label(EdgeRules.NameLabel, "web"))
            .Global("web-b", "b", Label(EdgeRules.NameLabel, "web"));
        Assert.Contains("your own DNS", Assert.Single(SuspendPlan.Of(builder.Build()).Warnings), StringComparison.Ordinal);

        builder.Zones.Add(new GeoDnsDefinition { Service = "web", Regions = [new("eu", null, null, [new("a", "192.0.2.1")])] });
        var load = builder.Build();
        Assert.Empty(SuspendPlan.Of(load).Warnings);
        Assert.Equal(["web"], load.Edges);
        builder.Zones[0] = builder.Zones[0] with { NodesOut = ["a"] };
        Assert.Empty(builder.Build().Edges);
    }

    [Fact]
    public void A_service_is_balanced_by_its_fullest_node()
    {
        ConvergenceView View(LoadBuilder builder) => builder.Build().Services.Single();
        int Surplus(LoadBuilder builder) => Rebalance.Surplus(builder.Build(), View(builder));

        Assert.Equal(3, Surplus(new LoadBuilder().Replicated("web", "bbbcc")));
        Assert.Equal(1, Surplus(new LoadBuilder().Replicated("web", "abbc")));
        Assert.Equal(0, Surplus(new LoadBuilder().Replicated("web", "bbb", Constraint("node.id!=a"))));
        Assert.Equal(0, Surplus(new LoadBuilder().Global("web", "bc")));
    }

    [Fact]
    public void What_belongs_on_a_node_is_global_or_bound_to_it()
    {
        var load = new LoadBuilder()
            .Global("agent", "bc")
            .Global("elsewhere", "b", Constraint("node.hostname == host-b"))
            .Replicated("bound", "a", Constraint("node.id==a"))
            .Replicated("free", "bc")
            .Build();
        Assert.Equal(["agent", "bound"], NodeTasks.Expected(load).Select(service => service.Name));
    }

    private static IReadOnlyList<string> Obstacles(string name, string nodes, Action<JsonObject> change) =>
        SuspendPlan.Of(new LoadBuilder().Replicated(name, nodes, change).Build()).Obstacles;
}
