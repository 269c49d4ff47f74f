using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Proof;
using SwarmOps.GeoDns.Running;
using SwarmOps.GeoDns.State;
using SwarmOps.GeoDns.Wire;
using static SwarmOps.Tests.Unit.GeoDns.GeoDnsZone;

namespace SwarmOps.Tests.Unit.GeoDns;

/// <summary>What is made of the answers of name servers, of their view of the nodes, and of the parent zone.</summary>
public sealed class GeoDnsAnswerTests
{
    private static readonly ProbeClient Client = new(East, DnsNetwork.TryParse("10.1.0.0/24"), [East, West, Eu]);

    private static GeoDnsHost Server => Definition.Servers[0];

    [Fact]
    public void The_states_of_a_name_server_are_read()
    {
        var health = ServerHealth.Parse(
            """
            {
              "geoip/edge/us-east-1": {"state": "DOWN!", "real_state": "NA"},
              "geoip/edge/us-west-1": {"state": "NA", "real_state": "NA"},
              "203.0.113.16/edge": {"state": "UP", "real_state": "UP"},
              "203.0.113.17/edge": {"state": "DOWN!", "real_state": "UP"},
              "203.0.113.33/edge": {"state": "UP", "real_state": "UP"},
              "203.0.113.6/edge": {"state": "DOWN", "real_state": "DOWN"},
              "203.0.113.6/up": {"state": "UP", "real_state": "UP"}
            }
            """
        )!;
        bool Answers(int region, int node) => health.Answers(Definition.Regions[region], Definition.Regions[region].Nodes[node]);

        Assert.Equal(
            (true, true, false, null),
            (health.IsUp("203.0.113.16"), health.IsUp("203.0.113.17"), health.IsUp("203.0.113.6"), health.IsUp("192.0.2.1"))
        );
        Assert.Equal([true, false, false, false], new[] { Answers(0, 0), Answers(0, 1), Answers(1, 0), Answers(2, 0) });
        Assert.Null(ServerHealth.Parse("error: connect() failed"));
        Assert.Null(ServerHealth.Parse(""));
    }

    [Fact]
    public void The_nearest_region_passes() =>
        Assert.Equal((FindingResult.Pass, "Answered with us-east-1"), Judge(["203.0.113.33"], Health()));

    [Fact]
    public void Another_region_fails_while_the_nearest_is_healthy() =>
        Assert.Equal((FindingResult.Fail, "Answered with us-west-1, not us-east-1"), Judge(["203.0.113.6"], Health()));

    [Fact]
    public void Another_region_is_a_warning_while_the_nearest_is_unhealthy() =>
        Assert.Equal(
            (FindingResult.Warning, "Answered with us-west-1, because us-east-1 is not healthy"),
            Judge(["203.0.113.6"], Health(["east-1"]))
        );

    [Fact]
    public void A_region_that_is_out_must_not_be_answered() =>
        Assert.Equal(
            (FindingResult.Fail, "Answered with us-east-1, not us-west-1"),
            Judge(["203.0.113.33"], Health(null, GdnsdFiles.RegionKey(East)))
        );

    [Fact]
    public void With_no_healthy_region_all_are_expected() =>
        Assert.Equal(
            (FindingResult.Warning, "No region is healthy, so all are answered"),
            Judge(["203.0.113.16", "203.0.113.17", "203.0.113.33", "203.0.113.6"], Health(["eu-1", "eu-2", "east-1", "west-1"]))
        );

    [Fact]
    public void A_strange_address_fails() => Assert.Equal(FindingResult.Fail, Judge(["198.51.100.1"], Health()).Result);

    [Fact]
    public void An_answer_without_an_address_fails() =>
        Assert.Equal((FindingResult.Fail, "The answer has no address"), Judge([], Health()));

    [Fact]
    public void Without_the_server_s_own_view_nothing_passes() => Assert.Equal(FindingResult.Warning, Judge(["203.0.113.33"], null).Result);

    [Fact]
    public void No_answer_fails()
    {
        var probe = ProbeJudgement.Of(
            Definition,
            Server,
            true,
            Client,
            new ServerReply(null, null, "port 53 is closed over TCP"),
            Health()
        );

        Assert.Equal(
            (FindingResult.Fail, "tcp", "No usable answer: port 53 is closed over TCP"),
            (probe.Result, probe.Protocol, probe.Detail)
        );
        Assert.Contains("53/tcp", probe.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Clients_are_those_of_the_map_and_with_a_database_those_of_the_continents()
    {
        var mapped = Definition with
        {
            Networks = new Dictionary<string, string> { ["10.0.0.0/8"] = Eu, ["10.1.0.0/16"] = East },
        };
        var located = mapped with { Database = new GeoDatabaseUse(true, "GeoLite2-City", "00") };

        Assert.Equal(
            ["eu-central-1 10.0.0.0/24", "us-east-1 10.1.0.0/24"],
            ProbeClient.Of(mapped, []).Select(client => $"{client.From} {client.Network}")
        );
        Assert.Equal([Eu, East, West], ProbeClient.Of(mapped, [])[0].Order);
        Assert.Equal([East, West, Eu], ProbeClient.Of(mapped, [DnsNetwork.TryParse("10.1.7.0/24")!])[0].Order);
        // Whoever is not mapped gets the default order; with a database only the name server knows.
        Assert.Equal([Eu, East, West], ProbeClient.Of(mapped, [DnsNetwork.TryParse("192.0.2.0/24")!])[0].Order);
        Assert.Empty(ProbeClient.Of(located, [DnsNetwork.TryParse("192.0.2.0/24")!])[0].Order);
        Assert.Equal(8, ProbeClient.Of(located, []).Count);
        Assert.Equal("anywhere", Assert.Single(ProbeClient.Of(Definition, [])).From);
    }

    [Fact]
    public void A_sound_delegation_has_no_finding() =>
        Assert.Empty(
            Parent(
                ("ns1.edge.example.org", "203.0.113.16"),
                ("ns2.edge.example.org", "203.0.113.33"),
                ("ns3.edge.example.org", "203.0.113.6")
            )
        );

    [Fact]
    public void What_the_parent_zone_has_otherwise_is_told_with_the_record_to_change()
    {
        var findings = Parent(("ns1.edge.example.org", "203.0.113.99"), ("ns2.edge.example.org", ""), ("ns9.old.example", "192.0.2.1"));

        Assert.Equal(
            [
                "The parent zone 'example.org' lists ns9.old.example, which is no name server of 'edge.example.org'. Remove that NS record there.",
                "The parent zone 'example.org' does not list ns3.edge.example.org. Add the records edge.example.org. NS ns3.edge.example.org. and ns3.edge.example.org. A 203.0.113.6 there.",
                "The parent zone 'example.org' lists ns1.edge.example.org with the address 203.0.113.99, not 203.0.113.16. Correct it there.",
                "The parent zone 'example.org' lists ns2.edge.example.org without its address (glue). Add the record ns2.edge.example.org. A 203.0.113.33 there.",
            ],
            findings
        );
    }

    [Fact]
    public void A_missing_delegation_is_told_with_all_records()
    {
        var finding = Assert.Single(Parent());

        Assert.Contains("edge.example.org. NS ns1.edge.example.org.;", finding, StringComparison.Ordinal);
        Assert.Contains("ns3.edge.example.org. A 203.0.113.6.", finding, StringComparison.Ordinal);
    }

    private static (FindingResult Result, string Detail) Judge(string[] addresses, ServerHealth? health)
    {
        var records = string.Concat(
            addresses.Select(address =>
                "c00c000100010000001e0004" + Convert.ToHexString(System.Net.IPAddress.Parse(address).GetAddressBytes())
            )
        );
        var reply = DnsReply.Decode(Convert.FromHexString($"000184000001{addresses.Length:x4}00000000016100" + "00010001" + records));
        var drained = health?.Forced.Contains(GdnsdFiles.RegionKey(East)) is true ? Definition with { RegionsOut = [East] } : Definition;
        var probe = ProbeJudgement.Of(drained, Server, false, Client, new ServerReply(reply, 1, null), health);
        return (probe.Result, probe.Detail);
    }

    private static IReadOnlyList<string> Parent(params (string Name, string Address)[] servers) =>
        [
            .. new Delegation(
                "example.org",
                [.. servers.Select(server => server.Name)],
                servers
                    .Where(server => server.Address.Length > 0)
                    .ToDictionary(server => server.Name, server => (IReadOnlyList<string>)[server.Address]),
                null
            ).Findings(Definition),
        ];
}
