using System.Net;
using SwarmOps.GeoDns.Formation;
using SwarmOps.GeoDns.Location;

namespace SwarmOps.Tests.Unit.GeoDns;

/// <summary>What is refused before any node is asked, and what a host says of port 53.</summary>
public sealed class GeoDnsRulesTests
{
    [Theory]
    [InlineData("edge.example.org", "edge.example.org")]
    [InlineData("Edge.Example.ORG.", "edge.example.org")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    public void A_zone_is_stored_in_one_form(string text, string zone) => Assert.Equal(zone, GeoDnsRules.Zone(text));

    [Theory]
    [InlineData("org")]
    [InlineData("edge..example.org")]
    [InlineData("-edge.example.org")]
    [InlineData("edge.example.org/../x")]
    [InlineData("edge example.org")]
    [InlineData("203.0.113.7")]
    [InlineData("")]
    public void What_is_no_zone_is_refused(string text) =>
        Assert.Equal("GeoDnsZoneInvalid", Assert.Throws<SwarmOpsException>(() => GeoDnsRules.Zone(text)).ErrorId);

    [Theory]
    [InlineData("@")]
    [InlineData("www")]
    [InlineData("*")]
    [InlineData("*.shop")]
    [InlineData("a.b")]
    public void A_name_in_the_zone_is_taken(string record) => GeoDnsRules.CheckRecord(record);

    [Theory]
    [InlineData("ns1")]
    [InlineData("www.")]
    [InlineData("w w")]
    [InlineData("www 30 A 192.0.2.1\nx")]
    [InlineData("WWW")]
    public void Another_name_is_refused(string record) =>
        Assert.Equal("GeoDnsRecordInvalid", Assert.Throws<SwarmOpsException>(() => GeoDnsRules.CheckRecord(record)).ErrorId);

    [Theory]
    [InlineData("healthz")]
    [InlineData("/a b")]
    [InlineData("/\"")]
    [InlineData("/x\r\nHost: y")]
    public void A_path_that_would_break_the_file_is_refused(string path) =>
        Assert.Equal(
            "GeoDnsHealthInvalid",
            Assert.Throws<SwarmOpsException>(() => GeoDnsRules.Check(new([], "edge.example.org") { HealthPath = path })).ErrorId
        );

    [Theory]
    [InlineData("10.0.0.1/8", "the network is 10.0.0.0/8")]
    [InlineData("10.0.0.0", "CIDR")]
    [InlineData("ten", "CIDR")]
    public void A_network_is_written_as_one(string network, string why)
    {
        var error = Assert.Throws<SwarmOpsException>(() =>
            GeoDnsRules.Networks(new Dictionary<string, IReadOnlyList<string>> { ["eu"] = [network] }, ["eu"])
        );

        Assert.Equal("GeoDnsNetworkInvalid", error.ErrorId);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_belongs_to_one_region() =>
        Assert.Equal(
            "GeoDnsNetworkInvalid",
            Assert
                .Throws<SwarmOpsException>(() =>
                    GeoDnsRules.Networks(
                        new Dictionary<string, IReadOnlyList<string>> { ["eu"] = ["10.0.0.0/8"], ["us"] = ["10.0.0.0/8"] },
                        ["eu", "us"]
                    )
                )
                .ErrorId
        );

    [Fact]
    public void A_place_is_two_numbers()
    {
        Assert.Equal((50.1, 8.7), GeoDnsRules.Place("eu", "50.1, 8.7"));
        Assert.Equal((-33.9, 151.2), GeoDnsRules.Place("au", "-33.9 151.2"));
        foreach (var text in new[] { "50,1, 8,7", "91, 0", "0, 181", "north", "" })
            Assert.Equal("GeoDnsCoordinateInvalid", Assert.Throws<SwarmOpsException>(() => GeoDnsRules.Place("eu", text)).ErrorId);
    }

    [Fact]
    public void A_resolver_on_a_loopback_address_is_not_in_the_way()
    {
        var port = HostPort.Parse(
            """
            own 172.31.5.77
            udp   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
            udp   103: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 22114
            udp   104: 4D051FAC:14E9 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 22115
            tcp     0: 3500007F:0035 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 22116
            tcp     1: 4D051FAC:0035 11223344:8DB8 01 00000000:00000000 00:00000000 00000000     0        0 22117
            ss udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:(("systemd-resolve",pid=612,fd=17))
            """
        );

        Assert.Equal("172.31.5.77", port.Own);
        Assert.Equal([IPAddress.Parse("127.0.0.53")], port.Bound);
        Assert.Null(port.InTheWayOf(IPAddress.Parse("172.31.5.77")));
    }

    [Theory]
    [InlineData("udp 1: 00000000:0035 00000000:0000 07 x", "0.0.0.0")]
    [InlineData("tcp6 1: 00000000000000000000000000000000:0035 00000000000000000000000000000000:0000 0A x", "::")]
    [InlineData("tcp 1: 4D051FAC:0035 00000000:0000 0A x", "172.31.5.77")]
    public void A_program_on_the_same_address_or_on_all_is_in_the_way(string line, string bound)
    {
        var port = HostPort.Parse($"own 172.31.5.77\n{line}\nss udp UNCONN 0 0 *:53 *:* users:((\"dnsmasq\",pid=612,fd=17))");

        Assert.Equal($"dnsmasq (bound to {bound})", port.InTheWayOf(IPAddress.Parse("172.31.5.77")));
    }
}
