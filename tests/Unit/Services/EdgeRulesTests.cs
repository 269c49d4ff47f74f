using SwarmOps.Services.Edge;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Tests.Unit.Services;

/// <summary>What an edge service may be, and what it is in a region.</summary>
public sealed class EdgeRulesTests
{
    private static readonly ServiceRequest Web = new()
    {
        Name = "web",
        Image = "nginx",
        Ports = [new(80, 80, "tcp", true), new(443, 443, "tcp", true)],
    };

    [Fact]
    public void Takes_ports_on_the_host() => EdgeRules.Check(Web);

    [Fact]
    public void Refuses_the_routing_mesh_and_names_the_port()
    {
        Assert.Contains(
            "8080:80",
            Refused("EdgeIngressRefused", Web with { Ports = [new(80, 8080, "tcp", false)] }).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "53/udp",
            Refused("EdgeIngressRefused", Web with { Ports = [new(80, 80, "tcp", true), new(53, 0, "udp", false)] }).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Refuses_what_no_reader_reaches_and_what_is_not_one_a_node()
    {
        Refused("EdgePortMissing", Web with { Ports = [] });
        Refused("EdgePortMissing", Web with { Ports = null });
        Refused("EdgeReplicasRefused", Web with { Replicas = 3 });
    }

    [Fact]
    public void Refuses_to_start_a_second_task_where_the_first_holds_the_port()
    {
        var startFirst = new UpdatePolicyRequest(null, null, null, null, null, SwarmUpdateOrder.StartFirst);
        Refused("EdgeStartFirstRefused", Web with { Update = startFirst });
        Refused("EdgeStartFirstRefused", Web with { Rollback = startFirst });
        EdgeRules.Check(Web with { Update = startFirst with { Order = SwarmUpdateOrder.StopFirst } });
    }

    [Fact]
    public void Refuses_what_no_service_may_be() => Refused("ServiceNameInvalid", Web with { Name = "we b" });

    [Fact]
    public void Serves_all_regions_of_the_swarm_in_order_or_those_that_are_named()
    {
        SwarmPlace[] places = [new("c", "us"), new("a", "eu"), new("b", "us")];

        Assert.Equal(["eu", "us"], EdgeRules.Regions("web", places, []));
        Assert.Equal(["us", "eu"], EdgeRules.Regions("web", places, ["us", "eu"]));
        Assert.Equal(["us"], EdgeRules.Regions("web", [.. places, new("d", null)], ["us"]));
    }

    [Fact]
    public void Refuses_regions_that_are_not_there_or_twice_and_nodes_without_one()
    {
        SwarmPlace[] places = [new("a", "eu"), new("d", null), new("c", "")];

        Assert.Equal("EdgeRegionUnknown", Assert.Throws<SwarmOpsException>(() => EdgeRules.Regions("web", places, ["mars"])).ErrorId);
        Assert.Equal("EdgeRegionTwice", Assert.Throws<SwarmOpsException>(() => EdgeRules.Regions("web", places, ["eu", "eu"])).ErrorId);
        var without = Assert.Throws<SwarmOpsException>(() => EdgeRules.Regions("web", places, []));
        Assert.Equal("EdgeNodeWithoutRegion", without.ErrorId);
        Assert.Contains("c, d", without.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_region_it_is_a_global_service_held_to_the_regions_nodes()
    {
        var request = Web with
        {
            Constraints = ["node.role==worker"],
            Labels = new Dictionary<string, string?> { ["team"] = "web" },
            Networks = [new("internal", ["www"]), new("host", [])],
        };

        var there = EdgeRules.In(request, "us-east-1", onePerRegion: false);

        Assert.Equal(
            ("web-us-east-1", SwarmServiceMode.Global, null, SwarmEndpointMode.Dnsrr),
            (there.Name, there.Mode, there.Replicas, there.EndpointMode)
        );
        Assert.Equal(["node.role==worker", "node.labels.region==us-east-1"], there.Constraints);
        Assert.Equal(new Dictionary<string, string?> { ["team"] = "web", ["swarmops.edge"] = "web" }, there.Labels);
        Assert.Equal(["www web", ""], there.Networks!.Select(network => string.Join(' ', network.Aliases)));
        Assert.Null(Web.Labels);
    }

    [Fact]
    public void One_a_region_is_one_replica()
    {
        var there = EdgeRules.In(Web with { EndpointMode = SwarmEndpointMode.Vip }, "eu", onePerRegion: true);

        Assert.Equal((SwarmServiceMode.Replicated, 1, SwarmEndpointMode.Vip), (there.Mode, there.Replicas, there.EndpointMode));
        Assert.Null(there.Networks);
    }

    private static SwarmOpsException Refused(string id, ServiceRequest request)
    {
        var error = Assert.Throws<SwarmOpsException>(() => EdgeRules.Check(request));
        Assert.Equal(id, error.ErrorId);
        return error;
    }
}
