using SwarmOps.Overlay;

namespace SwarmOps.Tests.Unit.Overlay;

public sealed class OverlayRulesTests
{
    [Theory]
    [InlineData("internal")]
    [InlineData("a")]
    [InlineData("Shop_2-db")]
    [InlineData("012345678901234567890123456789012345678901234567890123456789012")]
    public void Takes_names_that_the_swarm_takes(string name) => OverlayRules.CheckName(name);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("_a")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("a/b")]
    [InlineData("größe")]
    [InlineData("shop*")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void Refuses_other_names(string name) => Assert.Equal("OverlayNameInvalid", Refused(() => OverlayRules.CheckName(name)));

    [Theory]
    [InlineData("ingress")]
    [InlineData("Bridge")]
    [InlineData("host")]
    [InlineData("none")]
    [InlineData("default")]
    [InlineData("docker_gwbridge")]
    public void Refuses_names_of_the_engine(string name) =>
        Assert.Equal("OverlayNameReserved", Refused(() => OverlayRules.CheckName(name)));

    [Theory]
    [InlineData("10.20.0.0", "SubnetInvalid")]
    [InlineData("10.20.0.0/33", "SubnetInvalid")]
    [InlineData("", "SubnetInvalid")]
    [InlineData("10.20.0.1/24", "SubnetHostBitsSet")]
    [InlineData("fd00:20::/64", "SubnetIPv6NotSupported")]
    [InlineData("10.20.0.0/30", "SubnetTooSmall")]
    [InlineData("10.20.0.0/32", "SubnetTooSmall")]
    [InlineData("10.0.0.0/7", "SubnetTooLarge")]
    [InlineData("0.0.0.0/0", "SubnetTooLarge")]
    [InlineData("0.0.0.0/8", "SubnetReserved")]
    [InlineData("127.5.0.0/16", "SubnetReserved")]
    [InlineData("169.254.0.0/16", "SubnetReserved")]
    [InlineData("169.0.0.0/8", "SubnetReserved")]
    [InlineData("224.1.0.0/16", "SubnetReserved")]
    [InlineData("250.0.0.0/8", "SubnetReserved")]
    public void Refuses_subnets_that_cannot_be(string subnet, string errorId) => Assert.Equal(errorId, Refused([subnet]));

    [Theory]
    [InlineData("10.20.0.0/24", "10.20.0.0/24")]
    [InlineData("10.20.0.0/16", "10.20.7.0/24")]
    public void Refuses_subnets_that_overlap_each_other(string one, string other) =>
        Assert.Equal("SubnetGivenTwice", Refused([one, other]));

    [Theory]
    [InlineData("10.20.0", "GatewayInvalid")]
    [InlineData("fd00::1", "GatewayInvalid")]
    [InlineData("gw", "GatewayInvalid")]
    [InlineData("10.21.0.1", "GatewayNotInSubnet")]
    [InlineData("10.20.0.0", "GatewayNotUsable")]
    [InlineData("10.20.0.255", "GatewayNotUsable")]
    public void Refuses_gateways_that_cannot_be(string gateway, string errorId) =>
        Assert.Equal(errorId, Refused(["10.20.0.0/24"], gateway));

    [Fact]
    public void Refuses_gateways_that_belong_to_no_subnet_or_to_the_same()
    {
        Assert.Equal("GatewayWithoutSubnet", Refused([], "10.20.0.1"));
        Assert.Equal("GatewayGivenTwice", Refused(["10.20.0.0/24"], "10.20.0.1", "10.20.0.2"));
    }

    [Theory]
    [InlineData(575)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void Refuses_an_MTU_that_cannot_be(int mtu) =>
        Assert.Equal("MtuInvalid", Refused(() => OverlayRules.Check(new OverlayRequest { Name = "a", Mtu = mtu })));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a=b")]
    public void Refuses_labels_without_a_name(string key) =>
        Assert.Equal(
            "OverlayLabelInvalid",
            Refused(() =>
                OverlayRules.Check(
                    new OverlayRequest
                    {
                        Name = "a",
                        Labels = new Dictionary<string, string> { [key] = "x" },
                    }
                )
            )
        );

    [Theory]
    [InlineData("10.20.0.0/29", 4, true)]
    [InlineData("10.20.0.0/29", 5, false)]
    [InlineData("10.20.0.0/24", 252, true)]
    [InlineData("10.20.0.0/24", 253, false)]
    public void Counts_an_address_for_each_node_and_one_container(string subnet, int members, bool fits)
    {
        var plan = OverlayRules.Check(new OverlayRequest { Name = "a", Subnet = [subnet] });
        if (fits)
            OverlayRules.CheckRoom(plan, members);
        else
            Assert.Equal("SubnetTooSmall", Refused(() => OverlayRules.CheckRoom(plan, members)));
    }

    [Fact]
    public void Tells_the_engine_what_was_asked_for()
    {
        var plan = OverlayRules.Check(
            new OverlayRequest
            {
                Name = "db",
                Attachable = false,
                Internal = true,
                Subnet = ["10.20.0.0/24", "10.21.0.0/24"],
                Gateway = ["10.21.0.9"],
                Mtu = 1340,
                Labels = new Dictionary<string, string> { ["stage"] = "test" },
            }
        );

        var told = plan.ToParameters();

        Assert.Equal(("db", "overlay", false, true), (told.Name, told.Driver, told.Attachable, told.Internal));
        Assert.Equal([("10.20.0.0/24", ""), ("10.21.0.0/24", "10.21.0.9")], told.IPAM!.Config.Select(pool => (pool.Subnet, pool.Gateway)));
        Assert.Equal(("", "1340"), (told.Options["encrypted"], told.Options["com.docker.network.driver.mtu"]));
        Assert.Equal("test", told.Labels["stage"]);
    }

    [Fact]
    public void Leaves_to_the_engine_what_was_not_asked_for()
    {
        var told = OverlayRules.Check(new OverlayRequest { Name = "db", Encrypted = false }).ToParameters();

        Assert.Empty(told.IPAM!.Config);
        Assert.Empty(told.Options);
        Assert.True(told.Attachable);
    }

    private static string Refused(string[] subnets, params string[] gateways) =>
        Refused(() =>
            OverlayRules.Check(
                new OverlayRequest
                {
                    Name = "a",
                    Subnet = subnets,
                    Gateway = gateways,
                }
            )
        );

    private static string Refused(Action action) => Assert.Throws<SwarmOpsException>(action).ErrorId;
}
