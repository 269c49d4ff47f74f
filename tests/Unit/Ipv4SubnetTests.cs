using System.Net;
using SwarmOps.Nodes;

namespace SwarmOps.Tests.Unit;

public sealed class Ipv4SubnetTests
{
    [Theory]
    [InlineData("10.20.0.0/24", "10.20.0.0/24", 256, "10.20.0.255")]
    [InlineData("10.20.0.77/24", "10.20.0.0/24", 256, "10.20.0.255")]
    [InlineData("172.16.0.0/12", "172.16.0.0/12", 1048576, "172.31.255.255")]
    [InlineData("192.0.2.8/29", "192.0.2.8/29", 8, "192.0.2.15")]
    [InlineData("192.0.2.9/32", "192.0.2.9/32", 1, "192.0.2.9")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0", 4294967296, "255.255.255.255")]
    [InlineData("255.255.255.255/1", "128.0.0.0/1", 2147483648, "255.255.255.255")]
    public void Is_read_from_CIDR_form(string text, string network, long size, string last)
    {
        Assert.True(Ipv4Subnet.TryParse(text, out var subnet, out var given));
        Assert.Equal(network, subnet.ToString());
        Assert.Equal(size, subnet.Size);
        Assert.Equal(last, subnet.Last.ToString());
        Assert.Equal(text.Split('/')[0], given.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.20.0.0")]
    [InlineData("10.20.0.0/33")]
    [InlineData("10.20.0.0/-1")]
    [InlineData("10.20.0.0/+8")]
    [InlineData("10.20.0.0/ 24")]
    [InlineData("10.20.0.0/24/24")]
    [InlineData("10.20.0.0/255.255.255.0")]
    [InlineData("10.20/16")]
    [InlineData("010.20.0.0/24")]
    [InlineData("0x0a140000/24")]
    [InlineData("10.20.0.256/24")]
    [InlineData("fd00::/64")]
    [InlineData("eu-central-1/24")]
    public void Is_refused_in_any_other_form(string? text) => Assert.False(Ipv4Subnet.TryParse(text, out _, out _));

    [Theory]
    [InlineData("10.0.0.0/8", "10.20.0.0/24", true)]
    [InlineData("10.20.0.0/24", "10.0.0.0/8", true)]
    [InlineData("10.20.0.0/24", "10.20.0.0/24", true)]
    [InlineData("10.20.0.0/24", "10.20.1.0/24", false)]
    [InlineData("10.20.0.0/25", "10.20.0.128/25", false)]
    [InlineData("10.20.0.0/23", "10.20.1.0/24", true)]
    [InlineData("0.0.0.0/0", "203.0.113.0/24", true)]
    public void Overlaps_where_an_address_is_shared(string one, string other, bool expected)
    {
        Assert.Equal(expected, Subnet(one).Overlaps(Subnet(other)));
        Assert.Equal(expected, Subnet(other).Overlaps(Subnet(one)));
    }

    [Theory]
    [InlineData("10.20.0.0/24", "10.20.0.0", true)]
    [InlineData("10.20.0.0/24", "10.20.0.255", true)]
    [InlineData("10.20.0.0/24", "10.20.1.0", false)]
    [InlineData("10.20.0.0/24", "fd00::1", false)]
    public void Contains_its_addresses(string subnet, string address, bool expected) =>
        Assert.Equal(expected, Subnet(subnet).Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.0.0.0/8", "10.20.0.0/24", true)]
    [InlineData("10.20.0.0/24", "10.20.0.0/24", true)]
    [InlineData("10.20.0.0/24", "10.0.0.0/8", false)]
    [InlineData("10.20.0.0/24", "10.21.0.0/24", false)]
    public void Contains_smaller_subnets(string subnet, string other, bool expected) =>
        Assert.Equal(expected, Subnet(subnet).Contains(Subnet(other)));

    private static Ipv4Subnet Subnet(string text) =>
        Ipv4Subnet.TryParse(text, out var subnet, out _) ? subnet : throw new FormatException(text);
}
