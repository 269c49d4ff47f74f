using System.Net;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Nodes.Preflight;
using SwarmOps.Nodes.Reachability;

namespace SwarmOps.Tests.Unit;

public sealed class NodesPreflightTests
{
    private const string HostOutput = """
        clock 1700000000.250000000
        system Linux 6.1.0-18-amd64
        os "Debian GNU/Linux 12 (bookworm)"
        route Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
        route eth0	00000000	01001FAC	0003	0	0	0	00000000	0	0	0
        route docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
        route eth0	00001FAC	00000000	0001	0	0	0	00F0FFFF	0	0	0
        own4 127.0.0.1
        own4 172.31.5.77
        own6 00000000000000000000000000000001 01 80 10 80       lo
        own6 20010db8000000000000000000000006 02 40 00 80     eth0
        """;

    [Fact]
    public void What_a_host_says_is_read()
    {
        var host = HostFacts.Parse(HostOutput);
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(1700000000.25), host.Clock);
        Assert.Equal("Linux", host.Kernel);
        Assert.Equal("Debian GNU/Linux 12 (bookworm)", host.OperatingSystem);
        Assert.Contains(IPAddress.Parse("172.31.5.77"), host.Addresses);
        Assert.Contains(IPAddress.Parse("2001:db8::6"), host.Addresses);
        Assert.Equal(["172.17.0.0/16", "172.31.0.0/20"], host.Routes.Select(route => route.Subnet.ToString()));
        Assert.True(host.Routes[0].IsEngines);
        Assert.False(host.Routes[1].IsEngines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("clock soon\nsystem\nroute eth0 zz 0\nown6 xyz\nown4 none")]
    public void What_is_not_understood_is_left_out(string output)
    {
        var host = HostFacts.Parse(output);
        Assert.Null(host.Clock);
        Assert.Empty(host.Routes);
        Assert.Empty(host.Addresses);
    }

    [Fact]
    public void A_clock_is_read_at_the_middle_of_the_question()
    {
        var before = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var reading = ClockReading.Between(before, before.AddSeconds(11), before.AddSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(10), reading.Offset);
        Assert.Equal(TimeSpan.FromSeconds(1), reading.Uncertainty);
    }

    [Theory]
    [InlineData(0, "Pass")]
    [InlineData(4, "Pass")]
    [InlineData(-20, "Warning")]
    [InlineData(59, "Warning")]
    [InlineData(90, "Fail")]
    [InlineData(-3600, "Fail")]
    public void Only_the_clock_that_is_off_is_named(int seconds, string expected)
    {
        var findings = ClockCheck.Judge([Clock("a", 0), Clock("b", 0.2), Clock("c", seconds)]).ToList();
        Assert.Equal(["Pass", "Pass", expected], findings.Select(finding => finding.Result.ToString()));
    }

    [Fact]
    public void Of_two_clocks_the_one_that_differs_from_ours_is_named()
    {
        var findings = ClockCheck.Judge([Clock("a", 300), Clock("b", 0)]).ToList();
        Assert.Equal(FindingResult.Fail, findings[0].Result);
        Assert.Equal(FindingResult.Pass, findings[1].Result);
    }

    [Fact]
    public void When_only_our_own_clock_is_off_no_node_is_named() =>
        Assert.All(
            ClockCheck.Judge([Clock("a", 300), Clock("b", 300.1), Clock("c", 299.9)]),
            finding => Assert.Equal(FindingResult.Pass, finding.Result)
        );

    [Fact]
    public void A_slow_line_does_not_make_a_clock_wrong()
    {
        var slow = new NodeFacts(new SwarmNode { Name = "a" })
        {
            Clock = new ClockReading(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(4)),
        };
        Assert.Equal(FindingResult.Pass, ClockCheck.Judge([slow, Clock("b", 0)]).First().Result);
    }

    [Theory]
    [InlineData("26.1.5", "26.1.4", "Pass Pass")]
    [InlineData("26.1.5", "20.10.24+dfsg1", "Pass Warning")]
    [InlineData("28.5.2", "28.5.2+dfsg4", "Pass Pass")]
    [InlineData("dev", "26.1.5", "NotTested Pass")]
    [InlineData("", "", "NotTested NotTested")]
    public void Versions_are_compared(string one, string other, string expected)
    {
        var findings = EngineCheck.Judge([Engine("a", one), Engine("b", other)]).Where(finding => finding.Check == EngineCheck.Version);
        Assert.Equal(expected, string.Join(' ', findings.Select(finding => finding.Result)));
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("")]
    [InlineData(null)]
    public void An_engine_whose_release_is_not_known_is_never_called_free_of_defects(string? version)
    {
        var findings = EngineCheck.Judge([Engine("a", version!), Engine("b", "28.5.2")]).Where(finding => finding.Node == "a").ToList();
        Assert.DoesNotContain(findings, finding => finding.Check == EngineCheck.Defect);
        var unknown = findings.Single(finding => finding.Check == EngineCheck.Version);
        Assert.Equal(FindingResult.NotTested, unknown.Result);
        Assert.Contains("names no release", unknown.Detail, StringComparison.Ordinal);
        Assert.Contains("docs/engines.md", unknown.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_defect_of_an_engine_is_a_warning_with_its_consequence_source_and_next_step_the_most_severe_first()
    {
        var findings = Defects("a", Engine("a", "20.10.23+dfsg1"));
        var rows = EngineDefectList.Known.In(new EngineRelease(20, 10, 23));

        Assert.NotEmpty(rows);
        Assert.Equal(rows.Count, findings.Count);
        Assert.All(
            findings.Zip(rows),
            pair =>
            {
                Assert.Equal(FindingResult.Warning, pair.First.Result);
                Assert.StartsWith(
                    $"20.10.23+dfsg1: {pair.Second.Title}. {pair.Second.Consequence}",
                    pair.First.Detail,
                    StringComparison.Ordinal
                );
                Assert.EndsWith(pair.Second.Sources[0].ToString(), pair.First.Detail, StringComparison.Ordinal);
                Assert.Equal(pair.Second.Action, pair.First.RecommendedAction);
            }
        );
        Assert.Equal(rows.OrderBy(row => row.Severity).Select(row => row.Id), rows.Select(row => row.Id));
        Assert.Contains("severity high", findings[0].Detail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("severity low", findings[^1].Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_defect_of_managers_says_so() =>
        Assert.Contains(
            Defects("a", Engine("a", "29.4.3")),
            finding => finding.Detail.Contains("Severity high, on managers: ", StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("29.2.0", "28.5.2", "Fail")]
    [InlineData("29.2.0", "29.2.1", "Fail")]
    [InlineData("29.2.0", "29.0.1", "Warning")]
    [InlineData("29.2.0", "25.0.14", "Warning")]
    [InlineData("29.2.0", "dev", "Warning")]
    public void Engines_that_cannot_exchange_encrypted_packets_fail_and_name_each_other(string one, string other, string expected)
    {
        const string lost = "encrypted overlays carry no packets between this engine";
        var finding = Defects("a", Engine("a", one), Engine("b", other))
            .Single(finding => finding.Detail.Contains(lost, StringComparison.Ordinal));
        Assert.Equal(expected, finding.Result.ToString());
        Assert.Equal(expected == "Fail", finding.Detail.Contains("Nodes without the defect: b.", StringComparison.Ordinal));
        Assert.Null(finding.Peer);
    }

    [Fact]
    public void An_engine_without_known_defects_passes_and_says_how_far_the_list_goes()
    {
        // No release that people run is free of all, so one that is older than every row is asked.
        var finding = Assert.Single(Defects("a", Engine("a", "1.11.0")));
        Assert.Equal(FindingResult.Pass, finding.Result);
        Assert.Contains($"releases up to {EngineDefectList.Known.NewestRelease}", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cloned_machine_is_named_with_its_twin()
    {
        var findings = EngineCheck
            .Judge([Engine("a", "26.1.5", "same"), Engine("b", "26.1.5", "same"), Engine("c", "26.1.5", "other")])
            .Where(finding => finding.Check == EngineCheck.Identity)
            .ToList();
        Assert.Equal(["b", "a", null], findings.Select(finding => finding.Peer));
        Assert.Equal(["Fail", "Fail", "Pass"], findings.Select(finding => finding.Result.ToString()));
    }

    [Fact]
    public void Windows_cannot_take_part()
    {
        var windows = Engine("a", "26.1.5") with
        {
            Info = new SystemInfoResponse
            {
                ID = "a",
                ServerVersion = "26.1.5",
                OSType = "windows",
                OperatingSystem = "Windows Server",
            },
        };
        Assert.Contains(
            EngineCheck.Judge([windows]),
            finding => finding is { Check: EngineCheck.OperatingSystem, Result: FindingResult.Fail }
        );
    }

    [Fact]
    public void An_engine_that_does_not_answer_gives_its_error_and_its_cure()
    {
        var facts = new NodeFacts(new SwarmNode { Name = "a" })
        {
            EngineError = new SwarmOpsException("EngineNotInstalled", ErrorKind.NotInstalled, "no docker", "Install-SwarmEngine"),
        };
        var finding = Assert.Single(EngineCheck.Judge([facts]));
        Assert.Equal((FindingResult.Fail, "no docker", "Install-SwarmEngine"), (finding.Result, finding.Detail, finding.RecommendedAction));
    }

    [Theory]
    [InlineData("10.0.0.0/16", null, "Fail")]
    [InlineData("10.0.3.0/24", null, "Fail")]
    [InlineData("10.128.32.0/20", null, "Pass")]
    [InlineData("10.0.0.0/8", null, "Fail")]
    [InlineData("192.168.0.0/16", null, "Pass")]
    [InlineData("10.0.0.0/16", "10.201.0.0/16", "Pass")]
    [InlineData("10.201.7.0/24", "10.201.0.0/16", "Fail")]
    public void A_route_into_the_pools_beginning_is_in_the_way(string route, string? pool, string expected)
    {
        var finding = AddressPoolCheck
            .Judge([Routed("eth0", route)], pool is null ? null : [pool], AddressPools.DefaultSubnetSize)
            .Single();
        Assert.Equal(expected, finding.Result.ToString());
    }

    [Fact]
    public void The_engines_own_bridges_are_not_in_the_way() =>
        Assert.Equal(FindingResult.Pass, AddressPoolCheck.Judge([Routed("docker_gwbridge", "10.0.0.0/16")], null, 24).Single().Result);

    [Theory]
    [InlineData(null, "Fail")]
    [InlineData("web.example", "Fail")]
    [InlineData("127.0.0.1", "Fail")]
    [InlineData("172.31.5.77", "Pass")]
    [InlineData("203.0.113.17", "Pass")]
    public void An_advertise_address_is_one(string? address, string expected)
    {
        var facts = new NodeFacts(new SwarmNode { Name = "a", AdvertiseAddress = address }) { Host = HostFacts.Parse(HostOutput) };
        Assert.Equal(expected, AdvertiseAddressCheck.Judge([facts], []).Single().Result.ToString());
    }

    [Fact]
    public void An_address_that_two_advertise_is_neithers()
    {
        var a = new NodeFacts(new SwarmNode { Name = "a", AdvertiseAddress = "203.0.113.1" });
        var b = new NodeFacts(new SwarmNode { Name = "b", AdvertiseAddress = "203.0.113.1" });
        Assert.Equal(["b", "a"], AdvertiseAddressCheck.Judge([a, b], []).Select(finding => finding.Peer));
    }

    [Fact]
    public void A_private_address_that_another_network_cannot_reach_fails_and_names_the_public_one()
    {
        var a = new NodeFacts(
            new SwarmNode
            {
                Name = "a",
                AdvertiseAddress = "172.31.5.77",
                PublicAddress = "203.0.113.17",
            }
        )
        {
            Host = HostFacts.Parse(HostOutput),
        };
        var b = new NodeFacts(new SwarmNode { Name = "b", AdvertiseAddress = "203.0.113.2" });
        var result = new ProbeResult(new ProbeTarget(b.Node, a.Node, "172.31.5.77", ProbeProtocol.Tcp, 2377), ProbeOutcome.NoAnswer, "");
        var finding = AdvertiseAddressCheck.Judge([a, b], [result]).First();
        Assert.Equal(FindingResult.Fail, finding.Result);
        Assert.Contains("203.0.113.17", finding.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void One_closed_port_is_not_the_addresss_fault()
    {
        var a = new NodeFacts(new SwarmNode { Name = "a", AdvertiseAddress = "203.0.113.1" });
        var b = new NodeFacts(new SwarmNode { Name = "b", AdvertiseAddress = "203.0.113.2" });
        ProbeResult[] results =
        [
            new(new ProbeTarget(b.Node, a.Node, "203.0.113.1", ProbeProtocol.Tcp, 2377), ProbeOutcome.NoAnswer, ""),
            new(new ProbeTarget(b.Node, a.Node, "203.0.113.1", ProbeProtocol.Tcp, 7946), ProbeOutcome.Reached, ""),
        ];
        Assert.All(AdvertiseAddressCheck.Judge([a, b], results), finding => Assert.Equal(FindingResult.Pass, finding.Result));
    }

    private static NodeFacts Clock(string name, double offset) =>
        new(new SwarmNode { Name = name }) { Clock = new ClockReading(TimeSpan.FromSeconds(offset), TimeSpan.FromSeconds(0.05)) };

    private static List<NodeFinding> Defects(string node, params NodeFacts[] all) =>
        [.. EngineCheck.Judge(all).Where(finding => finding.Node == node && finding.Check == EngineCheck.Defect)];

    private static NodeFacts Engine(string name, string version, string? id = null) =>
        new(new SwarmNode { Name = name })
        {
            Info = new SystemInfoResponse
            {
                ID = id ?? name,
                ServerVersion = version,
                OSType = "linux",
            },
        };

    private static NodeFacts Routed(string device, string subnet) =>
        new(new SwarmNode { Name = "a" }) { Host = new HostFacts { Routes = [new HostRoute(device, Ipv4Subnet.TryParse(subnet)!.Value)] } };
}
