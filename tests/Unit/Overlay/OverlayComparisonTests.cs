using Docker.DotNet.Models;
using SwarmOps.Overlay;

namespace SwarmOps.Tests.Unit.Overlay;

public sealed class OverlayComparisonTests
{
    private static readonly OverlayRequest Plain = new() { Name = "db" };

    [Fact]
    public void What_was_left_to_the_engine_is_no_difference() =>
        Assert.Empty(
            Differences(Plain, Present(subnet: "10.0.7.0/24", gateway: "10.0.7.1", labels: new() { ["team"] = "web" }, mtu: "1340"))
        );

    [Fact]
    public void The_order_of_subnets_is_no_difference()
    {
        var present = Present("10.20.0.0/24");
        present.IPAM.Config.Add(new IPAMConfig { Subnet = "10.21.0.0/24" });

        Assert.Empty(Differences(Plain with { Subnet = ["10.21.0.0/24", "10.20.0.0/24"] }, present));
    }

    [Fact]
    public void Every_difference_is_listed()
    {
        var request = new OverlayRequest
        {
            Name = "db",
            Attachable = false,
            Internal = true,
            Subnet = ["10.20.0.0/24"],
            Gateway = ["10.20.0.9"],
            Mtu = 1340,
            Labels = new Dictionary<string, string> { ["stage"] = "test", ["team"] = "db" },
        };

        var differences = Differences(request, Present("10.0.7.0/24", "10.0.7.1", new() { ["team"] = "web" }, encrypted: false));

        Assert.Equal(
            [
                "encrypted: wanted true, is false",
                "attachable: wanted false, is true",
                "internal: wanted true, is false",
                "subnet: wanted 10.20.0.0/24, is 10.0.7.0/24",
                "gateway: wanted 10.20.0.9, is 10.0.7.1",
                "mtu: wanted 1340, is the engine's default",
                "label stage: wanted 'test', is absent",
                "label team: wanted 'db', is 'web'",
            ],
            differences
        );
    }

    [Fact]
    public void A_network_is_described_as_the_engine_tells()
    {
        var overlay = new OverlayNetwork(
            Present("10.20.0.0/24", mtu: "1340", labels: new() { ["stage"] = "test" }, vxlanIds: "4097")
        ).Describe("swarm", [], []);

        Assert.Equal(
            ("db", "id", "swarm", true, true, 1340),
            (overlay.Name, overlay.Id, overlay.SwarmId, overlay.Encrypted, overlay.Attachable, overlay.Mtu)
        );
        Assert.Equal(["10.20.0.0/24"], overlay.Subnets);
        Assert.Equal([4097], overlay.VxlanIds);
        Assert.Equal("test", overlay.Labels["stage"]);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("4097", true)]
    public void A_network_is_allocated_when_it_has_VXLAN_ids(string? ids, bool allocated) =>
        Assert.Equal(allocated, new OverlayNetwork(Present("10.20.0.0/24", vxlanIds: ids)).IsAllocated);

    [Theory]
    [InlineData("10.0.0.0/16", "10.0.0.0/24, the ingress network 'ingress' of the swarm")]
    [InlineData("10.0.7.128/25", "10.0.7.0/24, the network 'db' of the swarm")]
    [InlineData("172.18.0.0/24", "172.18.0.0/16, docker_gwbridge on 'a'")]
    [InlineData("172.16.0.0/12", "172.18.0.0/16, docker_gwbridge on 'a'")]
    [InlineData("30.0.0.0/8", "the whole of the swarm's default address pool 30.64.0.0/10")]
    public void Addresses_of_others_are_refused(string subnet, string other)
    {
        var error = Assert.Throws<SwarmOpsException>(() => Refuse(subnet));

        Assert.Equal("SubnetOverlaps", error.ErrorId);
        Assert.Equal($"The subnet {subnet} overlaps with {other}.", error.Message);
    }

    [Theory]
    [InlineData("10.0.1.0/24")]
    [InlineData("172.17.0.0/24")]
    [InlineData("30.64.1.0/24")]
    public void Free_addresses_are_taken(string subnet) => Refuse(subnet);

    private static void Refuse(string subnet) =>
        SubnetConflicts.Refuse(
            OverlayRules.Check(new OverlayRequest { Name = "new", Subnet = [subnet] }),
            [Named("ingress", "10.0.0.0/24", ingress: true), Present("10.0.7.0/24")],
            [(new SwarmNode { Name = "a" }, [Named("bridge", "172.17.0.0/16"), Named("docker_gwbridge", "172.18.0.0/16")])],
            ["30.64.0.0/10"]
        );

    private static NetworkResponse Named(string name, string subnet, bool ingress = false) =>
        new()
        {
            Name = name,
            Ingress = ingress,
            IPAM = new IPAM { Config = [new IPAMConfig { Subnet = subnet }] },
        };

    private static IReadOnlyList<string> Differences(OverlayRequest request, NetworkResponse present) =>
        OverlayDifferences.List(OverlayRules.Check(request), new OverlayNetwork(present));

    private static NetworkResponse Present(
        string subnet,
        string? gateway = null,
        Dictionary<string, string>? labels = null,
        string? mtu = null,
        bool encrypted = true,
        string? vxlanIds = null
    )
    {
        var options = new Dictionary<string, string>();
        if (encrypted)
            options["encrypted"] = "";
        if (mtu is not null)
            options["com.docker.network.driver.mtu"] = mtu;
        if (vxlanIds is not null)
            options["com.docker.network.driver.overlay.vxlanid_list"] = vxlanIds;
        return new NetworkResponse
        {
            Name = "db",
            ID = "id",
            Driver = "overlay",
            Scope = "swarm",
            Attachable = true,
            Options = options,
            Labels = labels!,
            IPAM = new IPAM { Config = [new IPAMConfig { Subnet = subnet, Gateway = gateway! }] },
        };
    }
}
