using SwarmOps.Insight.Findings;

namespace SwarmOps.Tests.Unit.Insight;

/// <summary>What becomes a finding, how much it matters, and what a later pass makes of it.</summary>
public sealed class FindingTests
{
    private static readonly HashSet<string> NobodySilent = [];

    [Fact]
    public void A_healthy_swarm_has_no_finding_that_needs_attention() =>
        Assert.DoesNotContain(MadeReport.Healthy().Findings, finding => finding.Severity > SwarmFindingSeverity.Information);

    [Fact]
    public void The_worst_comes_first_and_each_problem_once()
    {
        var findings = MadeReport.Troubled().Findings;

        Assert.Equal(findings.Select(finding => finding.Severity).OrderDescending(), findings.Select(finding => finding.Severity));
        Assert.Equal(findings.Count, findings.Select(finding => finding.Key).Distinct().Count());
        Assert.All(
            findings,
            finding => Assert.True(finding.Subject.Length > 0 && finding.Check.Length > 0 && finding.Message.Length > 0, finding.ToString())
        );
        Assert.All(
            findings.Where(finding => finding.Severity > SwarmFindingSeverity.Information),
            finding => Assert.True(finding.RecommendedAction.Length > 0, finding.ToString())
        );
    }

    [Theory]
    [InlineData("NodeDown", SwarmFindingSeverity.Critical)]
    [InlineData("ManagerUnreachable", SwarmFindingSeverity.Warning)]
    [InlineData("Protocol50Blocked", SwarmFindingSeverity.Critical)]
    [InlineData("PacketLoss", SwarmFindingSeverity.Warning)]
    [InlineData("DiskFull", SwarmFindingSeverity.Warning)]
    [InlineData("ClockSkew", SwarmFindingSeverity.Warning)]
    [InlineData("TasksMissing", SwarmFindingSeverity.Warning)]
    [InlineData("TasksFail", SwarmFindingSeverity.Warning)]
    [InlineData("UpdatePaused", SwarmFindingSeverity.Warning)]
    [InlineData("GaleraDegraded", SwarmFindingSeverity.Warning)]
    [InlineData("SharedFolderDegraded", SwarmFindingSeverity.Warning)]
    [InlineData("GeoDnsDegraded", SwarmFindingSeverity.Information)]
    [InlineData("NodeNotActive", SwarmFindingSeverity.Information)]
    [InlineData("SecurityUpdates", SwarmFindingSeverity.Information)]
    public void Every_trouble_is_named_once(string check, SwarmFindingSeverity severity) =>
        Assert.Equal(severity, Assert.Single(MadeReport.Troubled().Findings, finding => finding.Check == check).Severity);

    [Fact]
    public void A_port_that_many_cannot_reach_is_one_finding_about_the_node_that_has_it()
    {
        var results = new[] { "a", "b", "c", "d", "e", "f" }.Select(from => new NodeFinding
        {
            Node = from,
            Peer = "x",
            Check = "2377/tcp",
            Result = FindingResult.Fail,
            Detail = "no answer",
            RecommendedAction = "Open 2377/tcp on 'x'.",
        });

        var finding = Assert.Single(NodeJudge.Of(results, NobodySilent, knowsVersions: true));

        Assert.Equal(("x", "PortBlocked", SwarmFindingSeverity.Critical), (finding.Subject, finding.Check, finding.Severity));
        Assert.Equal("2377/tcp of 'x' cannot be reached from 'a', 'b', 'c', 'd', 'e' and 1 more: no answer.", finding.Message);
    }

    [Fact]
    public void A_silent_node_has_no_further_findings_of_what_it_did_not_say()
    {
        NodeFinding[] results =
        [
            new()
            {
                Node = "a",
                Check = "Engine",
                Result = FindingResult.Fail,
                Detail = "no answer",
            },
            new()
            {
                Node = "b",
                Peer = "a",
                Check = "2377/tcp",
                Result = FindingResult.NotTested,
                Detail = "no answer",
            },
        ];

        Assert.Empty(NodeJudge.Of(results, new HashSet<string> { "a" }, knowsVersions: true));
    }

    [Fact]
    public void A_defect_is_one_finding_and_matters_only_where_it_is_severe()
    {
        NodeFinding Defect(string node, string severity) =>
            new()
            {
                Node = node,
                Check = "EngineDefect",
                Result = FindingResult.Warning,
                Detail = $"26.1.5: something {severity}. Severity {severity}, on all nodes: always",
            };

        var findings = NodeJudge
            .Of([Defect("a", "low"), Defect("b", "low"), Defect("a", "high")], NobodySilent, knowsVersions: true)
            .ToList();

        Assert.Equal([SwarmFindingSeverity.Information, SwarmFindingSeverity.Warning], findings.Select(finding => finding.Severity));
        Assert.StartsWith("'a', 'b': engine 26.1.5: something low", findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_has_just_been_changed_is_starting_and_one_that_fails_is_not()
    {
        var now = MadeReport.Now;
        var waiting = new SwarmTask
        {
            Service = "web",
            Node = "a",
            State = "preparing",
            Since = now.AddMinutes(-1),
        };
        var service = new SwarmService
        {
            Name = "web",
            DesiredCount = 2,
            RunningCount = 1,
            Tasks = [waiting],
            UpdatedAt = now.AddMinutes(-1),
        };

        Assert.Equal("ServiceStarting", Assert.Single(ServiceJudge.Of(service, [], now)).Check);
        var failing = service with { Tasks = [waiting with { State = "pending", Error = "no suitable node (1 node not available)" }] };
        var finding = Assert.Single(ServiceJudge.Of(failing, [], now));
        Assert.Equal(("TasksMissing", SwarmFindingSeverity.Warning), (finding.Check, finding.Severity));
        Assert.Equal(now.AddMinutes(-1), finding.Since);
        Assert.Contains("constraints", finding.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("TasksMissing", Assert.Single(ServiceJudge.Of(service with { UpdatedAt = now.AddHours(-1) }, [], now)).Check);
        Assert.Equal(SwarmFindingSeverity.Critical, Assert.Single(ServiceJudge.Of(failing with { RunningCount = 0 }, [], now)).Severity);
    }

    [Fact]
    public void A_certificate_is_late_by_the_share_of_its_validity()
    {
        var now = MadeReport.Now;
        var node = new SwarmReportNode { Node = "a" };

        Assert.Empty(HostJudge.Of(node, (now.AddDays(-70), now.AddDays(20)), now));
        Assert.Empty(HostJudge.Of(node, (now.AddMinutes(-30), now.AddMinutes(30)), now));
        Assert.Equal(SwarmFindingSeverity.Warning, Assert.Single(HostJudge.Of(node, (now.AddDays(-80), now.AddDays(10)), now)).Severity);
        Assert.Equal(SwarmFindingSeverity.Critical, Assert.Single(HostJudge.Of(node, (now.AddDays(-91), now.AddDays(-1)), now)).Severity);
    }

    [Theory]
    [InlineData(
        "the cluster has no Primary Component and accepts no writes; if it does not recover by itself, run Repair-GaleraCluster",
        "The cluster has no Primary Component and accepts no writes.",
        "If it does not recover by itself, run Repair-GaleraCluster."
    )]
    [InlineData(
        "'a' has no running container: exited. Its copy receives nothing; see Get-SwarmTask -Service folder-a.",
        "'a' has no running container: exited. Its copy receives nothing.",
        "See Get-SwarmTask -Service folder-a."
    )]
    [InlineData(
        "ns1 on 'a' has the serial 4, not 5. Run New-SwarmGeoDns -Zone x again.",
        "Ns1 on 'a' has the serial 4, not 5.",
        "Run New-SwarmGeoDns -Zone x again."
    )]
    [InlineData("only 2 of 3 nodes were found", "Only 2 of 3 nodes were found.", "")]
    public void A_sentence_is_parted_at_its_first_instruction(string text, string message, string action) =>
        Assert.Equal((message, action), TextJudge.Split(text));

    [Fact]
    public void A_cluster_that_accepts_no_writes_is_critical_in_its_first_finding_only()
    {
        var cluster = new GaleraCluster
        {
            Name = "galera",
            Status = GaleraStatus.Down,
            Findings =
            [
                "the cluster has no Primary Component and accepts no writes; run Repair-GaleraCluster",
                "a is Initialized, not Synced",
            ],
        };

        Assert.Equal(
            [SwarmFindingSeverity.Critical, SwarmFindingSeverity.Warning],
            TextJudge.Of(cluster).Select(finding => finding.Severity)
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0, SwarmFindingSeverity.Information)]
    [InlineData(3, SwarmFindingSeverity.Unknown, SwarmFindingSeverity.Information)]
    [InlineData(1, SwarmFindingSeverity.Unknown, SwarmFindingSeverity.Warning)]
    [InlineData(2, SwarmFindingSeverity.Critical, SwarmFindingSeverity.Warning)]
    public void The_exit_code_is_that_of_monitoring_plugins(int expected, params SwarmFindingSeverity[] severities)
    {
        var summary = SwarmFindingSummary.Of(severities.Select(severity => new SwarmFinding { Severity = severity }));

        Assert.Equal(expected, summary.ExitCode);
        Assert.Equal(severities.Length, summary.Count);
    }

    [Fact]
    public void A_resolved_finding_does_not_count() =>
        Assert.Equal(
            0,
            SwarmFindingSummary.Of([new SwarmFinding { Severity = SwarmFindingSeverity.Critical, IsResolved = true }]).ExitCode
        );
}
