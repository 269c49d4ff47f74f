using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;
using SwarmOps.Aws.Session;
using SwarmOps.Insight.Findings;
using SwarmOps.Insight.Survey;

namespace SwarmOps.Tests.Unit.Insight;

/// <summary>What becomes a finding about security groups, and that EC2 itself is read so.</summary>
public sealed class FirewallFindingTests(AwsMotoServer moto)
{
    private const string Cluster = "shop",
        World = "0.0.0.0/0";

    private static readonly FirewallPeer Eu = new("shop-eu-central-1-1", "203.0.113.16", ["sg-eu"]),
        East = new("shop-us-east-1-1", "203.0.113.33", ["sg-us"]);

    [Fact]
    public void Rules_as_they_should_be_are_no_finding() => Assert.Empty(Findings());

    [Fact]
    public void What_lacks_is_critical_and_all_of_a_group_is_one_finding()
    {
        var finding = Assert.Single(Findings(remove: rule => rule.Source == "203.0.113.33/32"));

        Assert.Equal(
            (SwarmFindingSeverity.Critical, SwarmFindingArea.Firewall, "FirewallRuleMissing", "swarmops-shop (eu-central-1)"),
            (finding.Severity, finding.Area, finding.Check, finding.Subject)
        );
        Assert.StartsWith(
            "The security group 'swarmops-shop' (sg-eu) in eu-central-1 lacks 5 rules: 2377/tcp from 203.0.113.33/32 (shop-us-east-1-1), ",
            finding.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(" and 1 more. ", finding.Message, StringComparison.Ordinal);
        Assert.Contains("Sync-SwarmFirewall -Cluster shop", finding.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("22/tcp", SwarmFindingSeverity.Warning)]
    [InlineData("443/tcp", SwarmFindingSeverity.Critical)]
    public void Without_SSH_the_swarm_works_and_without_a_published_port_clients_do_not(string traffic, SwarmFindingSeverity severity)
    {
        var finding = Assert.Single(Findings(remove: rule => rule.Traffic == traffic));

        Assert.Equal(("FirewallRuleMissing", severity), (finding.Check, finding.Severity));
        Assert.Contains(" lacks the rule ", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_lacks_for_a_stopped_node_can_wait() =>
        Assert.Equal(
            SwarmFindingSeverity.Warning,
            Assert.Single(Findings(remove: rule => rule.Source == "203.0.113.33/32", peers: [Eu, East with { IsRunning = false }])).Severity
        );

    [Theory]
    [InlineData("tcp", 2377, 2377, World, "2377/tcp", SwarmFindingSeverity.Critical)]
    [InlineData("tcp", 0, 65535, "::/0", "2377/tcp, 7946/tcp", SwarmFindingSeverity.Critical)]
    [InlineData("udp", 4000, 5000, World, "4789/udp", SwarmFindingSeverity.Critical)]
    [InlineData("50", null, null, World, "protocol 50", SwarmFindingSeverity.Critical)]
    [InlineData("all", null, null, World, "2377/tcp, 7946/tcp, 7946/udp, 4789/udp, protocol 50", SwarmFindingSeverity.Critical)]
    [InlineData("tcp", 2377, 2377, "198.51.100.0/24", "2377/tcp", SwarmFindingSeverity.Warning)]
    public void A_port_of_the_swarm_that_is_open_to_a_network_is_too_wide(
        string protocol,
        int? from,
        int? to,
        string source,
        string open,
        SwarmFindingSeverity severity
    )
    {
        var finding = Assert.Single(Findings(add: [Rule(protocol, from, to, source)]));

        Assert.Equal(("FirewallRuleTooWide", severity), (finding.Check, finding.Severity));
        Assert.Contains($" opens {open} to ", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hole_in_a_group_of_others_is_one_and_their_other_rules_are_their_own()
    {
        var other = new GroupReading(
            "eu-central-1",
            new SecurityGroup { GroupId = "sg-admin", GroupName = "launch-wizard-1" },
            new FirewallDrift([], [Rule("tcp", 8080, 8080, World), Rule("all", null, null, World)])
        );

        var finding = Assert.Single(FirewallJudge.Of(new FirewallReading(Cluster, []) { Others = [other] }, null));

        Assert.Equal(("launch-wizard-1 (eu-central-1)", "FirewallRuleTooWide"), (finding.Subject, finding.Check));
        Assert.DoesNotContain("8080", finding.Message, StringComparison.Ordinal);
        Assert.Contains("SwarmOps does not change sg-admin", finding.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void What_somebody_added_is_foreign_and_what_a_former_node_left_is_stale()
    {
        var former = Rule("tcp", 2377, 2377, "203.0.113.99/32") with { Purpose = "shop-us-west-1-1" };
        var findings = Findings(add: [former, Rule("tcp", 3306, 3306, "198.51.100.7/32"), Rule("udp", 4789, 4789, "sg-other")]);

        Assert.Equal(["FirewallRuleStale", "FirewallRuleForeign"], findings.Select(finding => finding.Check));
        Assert.All(findings, finding => Assert.Equal(SwarmFindingSeverity.Warning, finding.Severity));
        Assert.Contains("2377/tcp from 203.0.113.99/32 (shop-us-west-1-1)", findings[0].Message, StringComparison.Ordinal);
        Assert.Contains("2 rules: 3306/tcp from 198.51.100.7/32, 4789/udp from sg-other", findings[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_be_a_node_of_a_region_that_did_not_answer_is_not_judged_and_a_hole_is()
    {
        var former = Rule("tcp", 2377, 2377, "203.0.113.99/32") with { Purpose = "shop-us-west-1-1" };
        var findings = Findings(add: [former, Rule("tcp", 7946, 7946, World)], unknown: ["us-west-1"]);

        Assert.Equal(["FirewallRuleTooWide", "FirewallRegionUnknown"], findings.Select(finding => finding.Check));
        Assert.Equal(SwarmFindingSeverity.Unknown, findings[1].Severity);
        Assert.Contains("us-west-1", findings[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_group_whose_tags_cannot_be_read_nothing_is_known()
    {
        var finding = Assert.Single(Findings(remove: _ => true, tag: "80,443"));

        Assert.Equal(("FirewallTagInvalid", SwarmFindingSeverity.Unknown), (finding.Check, finding.Severity));
    }

    [Fact]
    public void Other_rules_are_another_problem_and_the_same_ones_are_not()
    {
        string Key(params SwarmFirewallRule[] rules) => Assert.Single(Findings(add: rules)).Key;
        var (one, two) = (Rule("tcp", 3306, 3306, World), Rule("tcp", 5432, 5432, World));

        Assert.Equal(Key(one, two), Key(two, one));
        Assert.NotEqual(Key(one), Key(two));
    }

    [Fact]
    public void In_an_outage_EC2_is_asked_too_so_what_is_gone_is_resolved()
    {
        var changes = new FindingChanges();
        var found = Assert.Single(Findings(add: [Rule("tcp", 2377, 2377, World)]));
        changes.Next([found], MadeReport.Now);
        var outage = ReportJudge.NoSwarm(FirewallErrors.FirewallNotFound(Cluster));

        Assert.Contains(
            changes.Next([outage], MadeReport.Now.AddMinutes(1)),
            finding => finding is { Check: "FirewallRuleTooWide", IsResolved: true }
        );
    }

    [Fact]
    public async Task EC2_is_compared_in_all_regions_and_nothing_is_changed()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        var first = await moto.AddNodeAsync("fw-find", "eu-west-1", 1, "127.28.0.1");
        await moto.AddNodeAsync("fw-find", "eu-west-2", 1, "127.28.0.2");
        session.RunOn(server, "Sync-SwarmFirewall fw-find @aws -PublishPort 443").ThrowOnError();
        Assert.Empty(await ReadAsync("fw-find"));

        using (var ec2 = await moto.ClientAsync("eu-west-1"))
        {
            var cancelled = TestContext.Current.CancellationToken;
            var own = InstanceGroups.Of(first).Single();
            var other = (
                await ec2.CreateSecurityGroupAsync(
                    new CreateSecurityGroupRequest
                    {
                        GroupName = "somebody-elses",
                        Description = "for the tests",
                        VpcId = first.VpcId,
                    },
                    cancelled
                )
            ).GroupId;
            await ec2.AuthorizeSecurityGroupIngressAsync(Ingress(own, Rule("tcp", 2377, 2377, World)), cancelled);
            await ec2.AuthorizeSecurityGroupIngressAsync(Ingress(own, Rule("tcp", 3306, 3306, "203.0.113.99/32")), cancelled);
            await ec2.AuthorizeSecurityGroupIngressAsync(Ingress(other, Rule("udp", 4789, 4789, World)), cancelled);
            await ec2.ModifyInstanceAttributeAsync(
                new ModifyInstanceAttributeRequest { InstanceId = first.InstanceId, Groups = [own, other] },
                cancelled
            );
            await ec2.RevokeSecurityGroupIngressAsync(
                new RevokeSecurityGroupIngressRequest
                {
                    GroupId = own,
                    IpPermissions = FirewallRules.ToPermissions([Rule("50", null, null, "127.28.0.2/32")]),
                },
                cancelled
            );
        }

        var found = await ReadAsync("fw-find");

        Assert.Equal(
            [
                "FirewallRuleForeign swarmops-fw-find (eu-west-1)",
                "FirewallRuleMissing swarmops-fw-find (eu-west-1)",
                "FirewallRuleTooWide somebody-elses (eu-west-1)",
                "FirewallRuleTooWide swarmops-fw-find (eu-west-1)",
            ],
            found.Select(finding => $"{finding.Check} {finding.Subject}").Order(StringComparer.Ordinal)
        );
        Assert.Equal(found.Select(finding => finding.Key), (await ReadAsync("fw-find")).Select(finding => finding.Key));
        session.RunOn(server, "Sync-SwarmFirewall fw-find @aws").ThrowOnError();
        Assert.Equal(["somebody-elses (eu-west-1)"], (await ReadAsync("fw-find")).Select(finding => finding.Subject));
    }

    [Fact]
    public async Task A_region_that_EC2_does_not_tell_is_unknown_and_so_is_a_cluster_that_does_not_exist()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        await moto.AddNodeAsync("fw-dark", "eu-west-1", 1, "127.29.0.1");
        await moto.AddNodeAsync("fw-dark", "eu-west-2", 1, "127.29.0.2");
        session.RunOn(server, "Sync-SwarmFirewall fw-dark @aws").ThrowOnError();
        using var proxy = new AwsProxy(server)
        {
            Answer = attempt =>
                attempt.Region == "eu-west-2" && attempt.Action != "DescribeRegions" ? AwsAnswer.Error("UnauthorizedOperation") : null,
        };

        var found = Assert.Single(await ReadAsync("fw-dark", proxy.Address));

        Assert.Equal(("FirewallRegionUnknown", SwarmFindingSeverity.Unknown), (found.Check, found.Severity));
        Assert.Contains("eu-west-2", found.Message, StringComparison.Ordinal);
        var nowhere = Assert.Single(await ReadAsync("fw-nowhere"));
        Assert.Equal(("FirewallNotFound", SwarmFindingSeverity.Unknown), (nowhere.Check, nowhere.Severity));
    }

    private async Task<IReadOnlyList<SwarmFinding>> ReadAsync(string cluster, Uri? server = null)
    {
        var settings = new AwsSettings
        {
            AccessKey = "test",
            SecretKey = "test",
            EndpointUrl = server ?? await moto.AddressAsync(),
        };
        return await new FirewallSurvey(
            new SurveyContext(new FakeContext(), "test"),
            new SurveyRequest([]) { Firewall = new FirewallAccount(cluster, settings) }
        ).FindAsync();
    }

    /// <summary>The findings of a group in eu-central-1 whose rules are those that it needs, but for what is removed and added.</summary>
    private static IReadOnlyList<SwarmFinding> Findings(
        Func<SwarmFirewallRule, bool>? remove = null,
        IReadOnlyList<SwarmFirewallRule>? add = null,
        IReadOnlyList<string>? unknown = null,
        IReadOnlyList<FirewallPeer>? peers = null,
        string? tag = null
    )
    {
        var wanted = FirewallPlan.Wanted("sg-eu", [Eu, East], new FirewallIntent(["198.51.100.0/24"], [443]));
        var present = wanted.Where(rule => remove?.Invoke(rule) is not true).Concat(add ?? []);
        var group = new GroupReading(
            "eu-central-1",
            new SecurityGroup { GroupId = "sg-eu", GroupName = "swarmops-shop" },
            FirewallPlan.Compare(wanted, present)
        )
        {
            UnreadableTag = tag,
        };
        return
        [
            .. FirewallJudge.Of(
                new FirewallReading(Cluster, [group]) { Peers = peers ?? [Eu, East], UnknownRegions = unknown ?? [] },
                null
            ),
        ];
    }

    private static SwarmFirewallRule Rule(string protocol, int? from, int? to, string source) =>
        new()
        {
            Protocol = protocol,
            FromPort = from,
            ToPort = to,
            Source = source,
        };

    private static AuthorizeSecurityGroupIngressRequest Ingress(string group, SwarmFirewallRule rule) =>
        new() { GroupId = group, IpPermissions = FirewallRules.ToPermissions([rule]) };
}
