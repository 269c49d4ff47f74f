using System.Text.Json.Nodes;
using SwarmOps.Galera;
using SwarmOps.Recovery.Databases;
using SwarmOps.Services.Running;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>Which node is backed up, and where a database comes back.</summary>
public sealed class DatabaseChoiceTests
{
    private static readonly SwarmNode[] Nodes =
    [
        new()
        {
            Name = "a",
            Region = "eu",
            NodeId = "ida",
        },
        new()
        {
            Name = "b",
            Region = "us",
            NodeId = "idb",
        },
        new()
        {
            Name = "c",
            Region = "us",
            NodeId = "idc",
        },
    ];

    [Fact]
    public void The_node_that_clients_write_to_comes_last()
    {
        // The writer restarted a moment ago: its counter is the lowest.
        var order = SourceChoice.Order([At("a", 10), At("b", 500), At("c", 700)], [At("a", 60), At("b", 500), At("c", 700)]);

        Assert.Equal(["b", "c", "a"], order.Select(node => node.State.Node));
    }

    [Fact]
    public void A_service_comes_back_on_the_node_with_its_name_else_on_the_only_one_of_its_region()
    {
        var hosts = RestoreHosts.Find("galera", [Service("galera-eu", "gone", "eu"), Service("galera-us", "c", "us")], Nodes);

        Assert.Equal(["a", "c"], hosts.Select(host => host.Node.Name));
        Assert.Equal("c", RestoreHosts.Founder(hosts, Nodes, on: null, former: "c").Name);
        Assert.Equal("a", RestoreHosts.Founder(hosts, Nodes, on: null, former: "gone").Name);
        Assert.Equal("NodeNotInSet", Error(() => RestoreHosts.Founder(hosts, Nodes, on: "b", former: "c")));
    }

    [Fact]
    public void A_service_whose_region_has_two_hosts_and_none_of_its_name_has_no_host() =>
        Assert.Equal("DatabaseHostMissing", Error(() => RestoreHosts.Find("galera", [Service("galera-us", "gone", "us")], Nodes)));

    [Fact]
    public void An_arbitrator_gets_no_database()
    {
        var hosts = RestoreHosts.Find(
            "galera",
            [Service("galera-eu", "a", "eu", GaleraNames.ArbitratorRole), Service("galera-us", "b", "us")],
            Nodes
        );

        Assert.Equal("b", RestoreHosts.Founder(hosts, Nodes, on: null, former: "a").Name);
    }

    [Fact]
    public void An_adopted_service_is_bound_to_its_new_host_and_forgets_the_lost_data()
    {
        var before = Service("galera-us", "gone", "us").Spec;
        before["Labels"]![GaleraNames.HistoryLabel] = "u";
        before["Labels"]![GaleraNames.HoldersLabel] = "gone";

        var spec = ServiceAdoption.Adopt(before.DeepClone().AsObject(), Nodes[1], "backup");

        Assert.Equal(
            ["node.labels.disk==ssd", "node.id==idb"],
            spec["TaskTemplate"]!["Placement"]!["Constraints"]!.AsArray().Select(text => (string?)text)
        );
        Assert.Equal(
            [GaleraNames.NodeLabel, GaleraNames.RegionLabel, ServiceAdoption.RestoredLabel, GaleraNames.RoleLabel],
            spec["Labels"]!.AsObject().Select(label => label.Key).Order(StringComparer.Ordinal)
        );
        Assert.Equal("b", (string?)spec["Labels"]![GaleraNames.NodeLabel]);
        Assert.True(JsonNode.DeepEquals(spec, ServiceAdoption.Adopt(spec.DeepClone().AsObject(), Nodes[1], "backup")));
    }

    private static (GaleraNode State, string? ContainerId) At(string name, long commits) =>
        (new GaleraNode { Node = name, Commits = commits }, "c" + name);

    private static ServiceState Service(string name, string node, string region, string role = GaleraNames.DataRole) =>
        new(
            JsonNode.Parse(
                $$"""
                {
                    "ID": "id-{{name}}",
                    "Spec": {
                        "Name": "{{name}}",
                        "Labels": { "{{GaleraNames.NodeLabel}}": "{{node}}", "{{GaleraNames.RegionLabel}}": "{{region}}", "{{GaleraNames.RoleLabel}}": "{{role}}" },
                        "Mode": { "Replicated": { "Replicas": 1 } },
                        "TaskTemplate": { "Placement": { "Constraints": ["node.id == old", "node.labels.disk==ssd"] } }
                    }
                }
                """
            )!
        );

    private static string Error(Action act) => Assert.Throws<SwarmOpsException>(act).ErrorId;
}
