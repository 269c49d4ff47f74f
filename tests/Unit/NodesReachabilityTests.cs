using SwarmOps.Nodes.Preflight;
using SwarmOps.Nodes.Reachability;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

public sealed class NodesReachabilityTests
{
    private static readonly SwarmNode Berlin = new()
    {
        Name = "berlin",
        PublicAddress = "203.0.113.1",
        PrivateAddress = "10.1.0.4",
        AdvertiseAddress = "203.0.113.1",
    };
    private static readonly SwarmNode Boston = new()
    {
        Name = "boston",
        PublicAddress = "203.0.113.2",
        PrivateAddress = "10.2.0.4",
        AdvertiseAddress = "203.0.113.2",
    };

    [Fact]
    public void The_command_names_every_port_once_and_carries_no_word_of_it_in_its_text()
    {
        var targets = new[] { Target(ProbeProtocol.Tcp, 2377), Target(ProbeProtocol.Tcp, 2377), Target(ProbeProtocol.Esp, 0) };
        var command = new ProbeScript("abc").Listen(3, targets, TimeSpan.FromSeconds(40));
        var plan = command.Input!.Split("__DATA__\n")[^1].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["mode listen", "session abc", "node 3", "life 40", "listen tcp 2377", "listen esp 0"], plan);
        Assert.DoesNotContain("abc", command.Script, StringComparison.Ordinal);
    }

    [Fact]
    public void A_probe_names_address_port_and_who_must_answer()
    {
        var command = new ProbeScript("abc").Probe(
            [(7, Target(ProbeProtocol.Tcp, 2377), 1), (8, Target(ProbeProtocol.Udp, 4789), null)],
            TimeSpan.FromSeconds(2.5)
        );
        Assert.EndsWith(
            "timeout 2.5\ntarget 7 tcp 203.0.113.2 2377 1\ntarget 8 udp 203.0.113.2 4789 -\n",
            command.Input,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_a_responder_holds_is_read()
    {
        var report = ProbeScript.ReadListen(
            new CommandResult(0, "tcp\t2377\town\ntcp\t7946\ttaken\nudp\t4789\tdenied\nesp\t0\town\nraw\t0\tdenied\nready\t42\n", "")
        );
        Assert.Null(report.Failure);
        Assert.Equal(["tcp/2377"], report.Own);
        Assert.Equal(["tcp/7946"], report.Taken);
        Assert.True(report.SeesEsp);
        Assert.False(report.SeesAllUdp);
    }

    [Theory]
    [InlineData(0, "noperl\n", "", "perl is not installed")]
    [InlineData(255, "tcp\t2377\town\n", "Can't locate Socket.pm\n", "Can't locate Socket.pm")]
    [InlineData(1, "", "", "exit code 1")]
    public void A_responder_that_did_not_start_says_why(int exitCode, string output, string error, string expected) =>
        Assert.Contains(expected, ProbeScript.ReadListen(new CommandResult(exitCode, output, error)).Failure, StringComparison.Ordinal);

    [Fact]
    public void What_a_prober_saw_is_read()
    {
        var report = ProbeScript.ReadProbe(new CommandResult(0, "result\t3\topen\t40\nresult\t4\terror:ECONNREFUSED\t0\nprobed\n", ""));
        Assert.Equal(("open", 40), report.Results[3]);
        Assert.Equal("error:ECONNREFUSED", report.Results[4].Status);
    }

    [Fact]
    public void A_prober_that_was_cut_short_is_no_result() =>
        Assert.NotNull(ProbeScript.ReadProbe(new CommandResult(-1, "result\t3\topen\t40\n", "")).Failure);

    [Fact]
    public void What_arrived_is_read()
    {
        Assert.Equal([2, 5], ProbeScript.ReadCollect(new CommandResult(0, "seen\t2\nseen\t5\ncollected\n", ""))!.Order());
        Assert.Null(ProbeScript.ReadCollect(new CommandResult(0, "gone\n", "")));
    }

    [Theory]
    [InlineData("open", "Reached", "answered in 80 ms")]
    [InlineData("timeout", "NoAnswer", "did not answer within 5 s")]
    [InlineData("silent", "WrongHost", "another machine")]
    [InlineData("other:0", "WrongHost", "belongs to 'berlin'")]
    [InlineData("error:ECONNREFUSED", "Refused", "a firewall rejects it")]
    [InlineData("error:EHOSTUNREACH", "Unreachable", "no route")]
    [InlineData("error:ENETUNREACH", "Unreachable", "no route")]
    [InlineData("error:EPERM", "Refused", "firewall of 'berlin' blocks")]
    [InlineData("error:ECONNRESET", "NoAnswer", "broke")]
    [InlineData("error:EMSGSIZE", "Unreachable", "EMSGSIZE")]
    public void A_connection_is_judged_by_what_the_sender_saw(string status, string outcome, string detail)
    {
        var result = Judge(
            Target(ProbeProtocol.Tcp, 2377),
            status,
            new ResponderReport
            {
                Own = new HashSet<string> { "tcp/2377" },
                Seen = new HashSet<int>(),
            }
        );
        Assert.Equal(outcome, result.Outcome.ToString());
        Assert.Contains(detail, result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_where_no_listener_could_be_put_up_proves_nothing()
    {
        var result = Judge(
            Target(ProbeProtocol.Tcp, 2377),
            "error:ECONNREFUSED",
            new ResponderReport { Failure = "perl is not installed there" }
        );
        Assert.Equal(ProbeOutcome.NotTested, result.Outcome);
        Assert.Contains("perl is not installed", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_by_a_port_that_the_engine_holds_is_one() =>
        Assert.Equal(
            ProbeOutcome.Refused,
            Judge(
                Target(ProbeProtocol.Tcp, 2377),
                "error:ECONNREFUSED",
                new ResponderReport { Taken = new HashSet<string> { "tcp/2377" } }
            ).Outcome
        );

    [Theory]
    [InlineData("sent", true, "Reached")]
    [InlineData("sent", false, "NoAnswer")]
    [InlineData("error:ECONNREFUSED", true, "Reached")]
    [InlineData("error:ECONNREFUSED", false, "Refused")]
    [InlineData("error:EPERM", false, "Refused")]
    [InlineData("denied", false, "NotTested")]
    public void A_packet_is_judged_by_whether_it_arrived(string status, bool arrived, string outcome)
    {
        var responder = new ResponderReport { SeesAllUdp = true, Seen = arrived ? new HashSet<int> { 7 } : new HashSet<int>() };
        Assert.Equal(outcome, Judge(Target(ProbeProtocol.Udp, 4789), status, responder).Outcome.ToString());
    }

    [Fact]
    public void A_packet_that_nobody_could_see_is_not_tested()
    {
        Assert.Equal(
            ProbeOutcome.NotTested,
            Judge(Target(ProbeProtocol.Esp, 0), "sent", new ResponderReport { Seen = new HashSet<int>() }).Outcome
        );
        Assert.Equal(
            ProbeOutcome.NotTested,
            Judge(Target(ProbeProtocol.Udp, 4789), "sent", new ResponderReport { Seen = new HashSet<int>() }).Outcome
        );
        Assert.Equal(ProbeOutcome.NotTested, Judge(Target(ProbeProtocol.Esp, 0), "sent", new ResponderReport { SeesEsp = true }).Outcome);
    }

    [Fact]
    public void A_packet_that_arrived_elsewhere_names_the_machine()
    {
        var responders = new Dictionary<int, ResponderReport>
        {
            [0] = new()
            {
                SeesEsp = true,
                Seen = new HashSet<int> { 7 },
            },
            [1] = new() { SeesEsp = true, Seen = new HashSet<int>() },
        };
        var result = new ProbeJudge([Berlin, Boston], responders, TimeSpan.FromSeconds(5)).Judge(
            7,
            Target(ProbeProtocol.Esp, 0),
            1,
            Prober("sent")
        );
        Assert.Equal(ProbeOutcome.WrongHost, result.Outcome);
        Assert.Contains("'berlin'", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sender_that_failed_is_not_tested()
    {
        var result = new ProbeJudge([Berlin, Boston], new Dictionary<int, ResponderReport>(), TimeSpan.FromSeconds(5)).Judge(
            7,
            Target(ProbeProtocol.Tcp, 2377),
            1,
            new ProberReport { Failure = "no way" }
        );
        Assert.Equal(ProbeOutcome.NotTested, result.Outcome);
    }

    [Fact]
    public void Every_pair_is_tried_both_ways_with_every_service()
    {
        var targets = ReachabilityCheck.Targets([Berlin, Boston, new SwarmNode { Name = "nowhere" }]);
        Assert.Equal(5 * 4, targets.Count);
        Assert.DoesNotContain(targets, target => target.To!.Name == "nowhere");
        Assert.Equal(
            ["2377/tcp", "4789/udp", "50/esp", "7946/tcp", "7946/udp"],
            targets.Select(target => target.Service).Distinct().Order()
        );
    }

    [Theory]
    [InlineData("Tcp", 2377, "Open 2377/tcp on 'boston' for 203.0.113.1/32")]
    [InlineData("Udp", 4789, "Open 4789/udp on 'boston' for 203.0.113.1/32")]
    [InlineData("Esp", 0, "Open IP protocol 50 (ESP, all ports) on 'boston' for 203.0.113.1/32")]
    public void A_failure_names_the_rule_to_add(string protocol, int port, string action)
    {
        var target = Target(Enum.Parse<ProbeProtocol>(protocol), port);
        var reached = new ProbeResult(Target(ProbeProtocol.Tcp, 7946), ProbeOutcome.Reached, "");
        var finding = ReachabilityCheck.Judge([reached, new ProbeResult(target, ProbeOutcome.NoAnswer, "nothing")]).Last();
        Assert.Equal(FindingResult.Fail, finding.Result);
        Assert.Equal(("berlin", "boston", target.Service), (finding.Node, finding.Peer, finding.Check));
        Assert.StartsWith(action, finding.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_private_address_that_nothing_reaches_calls_for_another_address()
    {
        var boston = Boston with { AdvertiseAddress = "10.2.0.4" };
        var finding = ReachabilityCheck
            .Judge([
                new ProbeResult(new ProbeTarget(Berlin, boston, "10.2.0.4", ProbeProtocol.Tcp, 2377), ProbeOutcome.NoAnswer, "nothing"),
            ])
            .Single();
        Assert.Contains("New-SwarmNode -AdvertiseAddress 203.0.113.2", finding.RecommendedAction, StringComparison.Ordinal);
    }

    private static ProbeTarget Target(ProbeProtocol protocol, int port) => new(Berlin, Boston, "203.0.113.2", protocol, port);

    private static ProberReport Prober(string status) => new() { Results = new Dictionary<int, (string, int)> { [7] = (status, 80) } };

    private static ProbeResult Judge(ProbeTarget target, string status, ResponderReport responder) =>
        new ProbeJudge([Berlin, Boston], new Dictionary<int, ResponderReport> { [1] = responder }, TimeSpan.FromSeconds(5)).Judge(
            7,
            target,
            1,
            Prober(status)
        );
}
