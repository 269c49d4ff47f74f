using SwarmOps.Aws.Firewall;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Formation;

namespace SwarmOps.Tests.Unit;

/// <summary>Addresses, ports and networks: what is one, and what is not.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("203.0.113.7:2377", "203.0.113.7")]
    [InlineData("[2001:db8::7]:2377", "2001:db8::7")]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData("db:3306", "db")]
    [InlineData("", "")]
    public void The_host_of_an_address_with_or_without_a_port(string text, string host) =>
        Assert.Equal(host, NodeAddress.WithoutPort(text));

    [Theory]
    [InlineData("1", 1)]
    [InlineData("65535", 65535)]
    [InlineData("080", 80)]
    [InlineData("0", null)]
    [InlineData("65536", null)]
    [InlineData("-1", null)]
    [InlineData("+80", null)]
    [InlineData(" 80", null)]
    [InlineData("80/tcp", null)]
    [InlineData("99999999999", null)]
    [InlineData("", null)]
    public void A_port_is_a_number_from_1_to_65535(string text, int? port) => Assert.Equal(port, PortNumber.TryParse(text));

    [Theory]
    [InlineData("10.0.0.5", "10.0.0.5:2377", true)]
    [InlineData("10.0.0.5:2400", "10.0.0.5:2400", true)]
    [InlineData("[2001:db8::1]:2400", "[2001:db8::1]:2400", true)]
    [InlineData("2001:db8::1", "[2001:db8::1]:2377", true)]
    [InlineData("10.0.0.5:0", "10.0.0.5:2377", false)]
    [InlineData("10.0.0.5:99999", null, false)]
    [InlineData("eth0", null, false)]
    [InlineData("", null, false)]
    public void A_listen_address_has_the_control_port_unless_it_names_one(string text, string? endpoint, bool isValid)
    {
        Assert.Equal(endpoint, ListenEndpoint.TryParse(text)?.ToString());
        Assert.Equal(isValid, ListenEndpoint.IsValid(text));
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7/32")]
    [InlineData("2001:db8::7", "2001:db8::7/128")]
    [InlineData("203.0.113.0/24", "203.0.113.0/24")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("203.0.113.7/24", null)]
    [InlineData("203.0.113.0/33", null)]
    [InlineData("sg-0123456789abcdef0", null)]
    [InlineData("office/24", null)]
    [InlineData("", null)]
    public void A_source_is_a_network_without_host_bits_or_one_address(string text, string? network) =>
        Assert.Equal(network, SourceNetwork.TryParse(text)?.ToString());

    [Fact]
    public void Rules_name_groups_too_which_are_no_networks()
    {
        Assert.True(SourceNetwork.IsNetwork("0.0.0.0/0"));
        Assert.False(SourceNetwork.IsNetwork("sg-0123456789abcdef0"));
        Assert.False(SourceNetwork.IsNetwork(null));
    }
}
