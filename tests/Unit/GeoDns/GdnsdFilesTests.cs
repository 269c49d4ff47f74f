using SwarmOps.GeoDns.Definition;
using static SwarmOps.Tests.Unit.GeoDns.GeoDnsZone;

namespace SwarmOps.Tests.Unit.GeoDns;

/// <summary>The files of gdnsd. That gdnsd takes them is tested on the lab.</summary>
public sealed class GdnsdFilesTests
{
    [Fact]
    public void The_zone_names_its_servers_with_their_addresses() =>
        Assert.Equal(
            """
            $TTL 3600
            @ 30 SOA ns1 hostmaster ( 2026113000 3600 600 1209600 30 )
            @ NS ns1
            ns1 A 203.0.113.16
            @ NS ns2
            ns2 A 203.0.113.33
            @ NS ns3
            ns3 A 203.0.113.6
            @ 30/30 DYNA metafo!edge
            www 30/30 DYNA metafo!edge

            """,
            GdnsdFiles.Zone(Definition with { Records = ["@", "www"] }).Split('\n', 2)[1]
        );

    [Fact]
    public void Each_server_listens_on_its_own_address_and_says_its_name()
    {
        var config = GdnsdFiles.Config(Definition, Definition.Servers[1]);

        Assert.Contains("  listen => 10.0.0.2\n  nsid_ascii => \"east-1\"\n", config, StringComparison.Ordinal);
        Assert.Contains("plugin => tcp_connect, port => 80\n", config, StringComparison.Ordinal);
        Assert.Contains("\"eu-central-1\" => { n1 => 203.0.113.16, n2 => 203.0.113.17 }", config, StringComparison.Ordinal);
        Assert.DoesNotContain("nets =>", config, StringComparison.Ordinal);
        Assert.DoesNotContain("geoip2_db", config, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_is_requested_over_http()
    {
        var check = Definition.Check with { Path = "/healthz?full=1", Host = "www.example.org" };

        Assert.Contains(
            "plugin => http_status, port => 80, url_path => \"/healthz?full=1\", vhost => \"www.example.org\"",
            GdnsdFiles.Config(Definition with { Check = check }, Definition.Servers[0]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_network_is_sent_to_its_region_and_then_to_the_nearest() =>
        Assert.Equal(
            "\"192.0.2.0/24\" => [ \"us-west-1\", \"us-east-1\", \"eu-central-1\" ]\n\"2001:db8::/32\" => [ \"eu-central-1\", \"us-east-1\", \"us-west-1\" ]\n",
            GdnsdFiles
                .Networks(
                    Definition with
                    {
                        Networks = new Dictionary<string, string> { ["2001:db8::/32"] = Eu, ["192.0.2.0/24"] = West },
                    }
                )
                .Split('\n', 2)[1]
        );

    [Fact]
    public void A_database_of_cities_is_used_by_distance()
    {
        var config = GdnsdFiles.Config(
            Definition with
            {
                Database = new GeoDatabaseUse(true, "GeoLite2-City", "00"),
            },
            Definition.Servers[0]
        );

        Assert.Contains("geoip2_db => \"/srv/geodns/edge.example.org.mmdb\"", config, StringComparison.Ordinal);
        Assert.Contains("auto_dc_limit => 3", config, StringComparison.Ordinal);
        Assert.Contains("\"us-west-1\" => [ 37.4, -121.9 ]", config, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_countries_is_used_by_continent()
    {
        var config = GdnsdFiles.Config(
            Definition with
            {
                Database = new GeoDatabaseUse(false, "GeoLite2-Country", "00"),
            },
            Definition.Servers[0]
        );

        Assert.Contains("EU => [ \"eu-central-1\", \"us-east-1\", \"us-west-1\" ]", config, StringComparison.Ordinal);
        Assert.Contains("OC => [ \"us-west-1\", \"eu-central-1\", \"us-east-1\" ]", config, StringComparison.Ordinal);
        Assert.DoesNotContain("auto_dc", config, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_out_is_forced_down() =>
        Assert.Equal(
            "\"geoip/edge/us-east-1\" => DOWN\n\"203.0.113.17/edge\" => DOWN\n",
            GdnsdFiles.States(Definition with { RegionsOut = [East], NodesOut = ["eu-2"] }).Split('\n', 2)[1]
        );

    [Fact]
    public void What_is_out_for_an_update_is_forced_down_too() =>
        Assert.Equal(
            "\"geoip/edge/us-east-1\" => DOWN\n\"geoip/edge/us-west-1\" => DOWN\n",
            GdnsdFiles.States(Definition with { RegionsOut = [East, West], RegionsUpdating = [East] }).Split('\n', 2)[1]
        );

    [Fact]
    public void Names_in_the_swarm_are_short_enough_for_any_zone()
    {
        var zone = string.Join('.', Enumerable.Repeat("abcdefghijklmnopqrstuvwxyz", 8)) + ".org";

        Assert.True(GeoDnsNames.Service(zone, 8).Length <= 63);
        Assert.True(GeoDnsNames.Config(zone, "definition").Length <= 59);
        Assert.NotEqual(GeoDnsNames.Base(zone), GeoDnsNames.Base("a" + zone));
        Assert.Equal("geodns-edge-example-org-ns1", GeoDnsNames.Service("edge.example.org", 1));
    }
}
