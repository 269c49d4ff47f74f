using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;

namespace SwarmOps.Tests.Unit;

/// <summary>The rules' arithmetic, without EC2.</summary>
public sealed class AwsFirewallPlanTests
{
    private static readonly FirewallPeer Here = new("shop-eu-1", "203.0.113.16", ["sg-eu"]);
    private static readonly FirewallPeer Neighbour = new("shop-eu-2", "203.0.113.17", ["sg-eu"]);
    private static readonly FirewallPeer Abroad = new("shop-us-1", "203.0.113.33", ["sg-us"]);

    [Fact]
    public void A_group_opens_the_swarms_ports_to_each_other_node_and_to_itself_and_nothing_else()
    {
        var wanted = FirewallPlan.Wanted("sg-eu", [Here, Abroad], FirewallIntent.None).Select(rule => rule.ToString());
        Assert.Equal(
            [
                "2377/tcp from 203.0.113.33/32",
                "7946/tcp from 203.0.113.33/32",
                "7946/udp from 203.0.113.33/32",
                "4789/udp from 203.0.113.33/32",
                "protocol 50 from 203.0.113.33/32",
                "2377/tcp from sg-eu",
                "7946/tcp from sg-eu",
                "7946/udp from sg-eu",
                "4789/udp from sg-eu",
                "protocol 50 from sg-eu",
            ],
            wanted
        );
    }

    [Fact]
    public void Neighbours_in_a_group_reach_each_other_at_their_public_addresses()
    {
        var sources = FirewallPlan.Wanted("sg-eu", [Here, Neighbour, Abroad], FirewallIntent.None).Select(rule => rule.Source).Distinct();
        Assert.Equal(["203.0.113.16/32", "203.0.113.17/32", "203.0.113.33/32", "sg-eu"], sources);
    }

    [Fact]
    public void Ssh_and_published_ports_follow_the_intent()
    {
        var wanted = FirewallPlan
            .Wanted("sg-eu", [Here], new FirewallIntent(["198.51.100.0/24", "2001:db8::/32"], [80, 443]))
            .Where(rule => rule.Source != "sg-eu")
            .Select(rule => rule.ToString());
        Assert.Equal(
            ["22/tcp from 198.51.100.0/24", "22/tcp from 2001:db8::/32", "80/tcp from 0.0.0.0/0", "443/tcp from 0.0.0.0/0"],
            wanted
        );
    }

    [Fact]
    public void What_is_equal_is_no_drift_whatever_EC2_writes_for_no_port_and_for_purposes()
    {
        var wanted = FirewallPlan.Wanted("sg-eu", [Here, Abroad], new FirewallIntent(["2001:db8::/32"], [80]));
        var permissions = FirewallRules.ToPermissions(wanted);
        Assert.All(
            permissions.Where(permission => permission.IpProtocol == "50"),
            permission => Assert.Equal((-1, -1), (permission.FromPort, permission.ToPort))
        );
        foreach (var permission in permissions.Where(permission => permission.IpProtocol == "50"))
            permission.FromPort = permission.ToPort = null;
        var present = FirewallRules.Of(new SecurityGroup { OwnerId = "1", IpPermissions = permissions });
        Assert.True(FirewallPlan.Compare(wanted, present.Reverse()).IsNone);
    }

    [Fact]
    public void Drift_is_what_lacks_and_what_is_too_much()
    {
        var before = FirewallPlan.Wanted("sg-eu", [Here, Abroad], FirewallIntent.None);
        var after = FirewallPlan.Wanted("sg-eu", [Here, Neighbour], FirewallIntent.None);
        var drift = FirewallPlan.Compare(after, before);
        Assert.Equal(10, drift.Missing.Count);
        Assert.All(drift.Surplus, rule => Assert.Equal("203.0.113.33/32", rule.Source));
        Assert.Equal(5, drift.Surplus.Count);
    }

    [Fact]
    public void Every_kind_of_source_survives_the_way_to_EC2_and_back()
    {
        List<SwarmFirewallRule> rules =
        [
            new() { Protocol = "all", Source = "0.0.0.0/0" },
            new()
            {
                Protocol = "tcp",
                FromPort = 1000,
                ToPort = 2000,
                Source = "::/0",
            },
            new()
            {
                Protocol = "udp",
                FromPort = 53,
                ToPort = 53,
                Source = "pl-0123",
            },
            new()
            {
                Protocol = "icmp",
                FromPort = 8,
                ToPort = 0,
                Source = "10.0.0.0/8",
            },
            new()
            {
                Protocol = "tcp",
                FromPort = 22,
                ToPort = 22,
                Source = "210987654321/sg-0123",
            },
            new()
            {
                Protocol = "tcp",
                FromPort = 22,
                ToPort = 22,
                Source = "sg-0123",
            },
        ];
        var back = FirewallRules.Of(new SecurityGroup { OwnerId = "123456789012", IpPermissions = FirewallRules.ToPermissions(rules) });
        Assert.Equal(rules, back);
        Assert.Equal("everything from 0.0.0.0/0", rules[0].ToString());
        Assert.Equal("1000-2000/tcp from ::/0", rules[1].ToString());
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7/32")]
    [InlineData(" 198.51.100.0/24 ", "198.51.100.0/24")]
    [InlineData("2001:db8::1", "2001:db8::1/128")]
    public void Networks_are_written_as_EC2_writes_them(string given, string network) =>
        Assert.Equal([network], FirewallInput.Networks(new FakeContext(), [given]));

    [Theory]
    [InlineData("198.51.100.1/24")]
    [InlineData("home")]
    [InlineData("203.0.113.7/33")]
    public void What_is_no_network_is_refused(string given) =>
        Assert.Equal(
            "AllowSshFromInvalid",
            Assert.Throws<SwarmOpsException>(() => FirewallInput.Networks(new FakeContext(), [given])).ErrorId
        );

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    public void Ssh_from_the_whole_internet_draws_a_warning(string given)
    {
        var context = new FakeContext();
        FirewallInput.Networks(context, ["203.0.113.7", given]);
        Assert.Contains(given, Assert.Single(context.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "PublishPortInvalid")]
    [InlineData("65536", "PublishPortInvalid")]
    [InlineData("53/sctp", "PublishPortInvalid")]
    [InlineData("53/udp/tcp", "PublishPortInvalid")]
    [InlineData("2377", "PublishPortReserved")]
    [InlineData("7946", "PublishPortReserved")]
    [InlineData("7946/udp", "PublishPortReserved")]
    [InlineData("4789/udp", "PublishPortReserved")]
    [InlineData("22/tcp", "PublishPortReserved")]
    public void Ports_of_the_swarm_are_not_published(string port, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<SwarmOpsException>(() => FirewallInput.Ports(["80", port])).ErrorId);

    [Fact]
    public void A_port_is_of_TCP_unless_it_says_otherwise()
    {
        var intent = new FirewallIntent(["203.0.113.7/32"], FirewallInput.Ports(["53", "53/tcp", "53/udp"]));
        Assert.Equal(["53/tcp", "53/udp"], intent.PublishPort.Select(port => port.ToRuleText()));

        Assert.Contains("53 53/udp", intent.ToTags().Select(tag => tag.Value));
        var group = new SecurityGroup
        {
            Tags = intent.ToTags(),
            IpPermissions = FirewallRules.ToPermissions(FirewallPlan.Wanted("sg-1", [], intent)),
        };
        Assert.True(intent.SameAs(FirewallIntent.Of(group)));
        // Without the tags, what is open says it; the rules of the swarm are no part of it.
        Assert.Equal(intent.PublishPort.ToHashSet(), FirewallPlan.OpenPorts(FirewallRules.Of(group)).ToHashSet());
    }

    [Fact]
    public void More_networks_than_a_tag_holds_are_refused() =>
        Assert.Equal(
            "AllowSshFromTooLong",
            Assert
                .Throws<SwarmOpsException>(() =>
                    FirewallInput.Networks(new FakeContext(), Enumerable.Range(1, 20).Select(number => $"203.0.113.{number}"))
                )
                .ErrorId
        );

    [Fact]
    public void The_intent_survives_in_tags_and_a_group_without_takes_that_of_the_others()
    {
        var intent = new FirewallIntent(["203.0.113.7/32"], [80, 443]);
        var tagged = new SecurityGroup { Tags = intent.ToTags() };
        Assert.True(intent.SameAs(FirewallIntent.Of(tagged)));
        Assert.Null(FirewallIntent.Of(new SecurityGroup()));
        Assert.True(intent.SameAs(FirewallIntent.OfAll([new SecurityGroup(), tagged])));
        Assert.True(FirewallIntent.None.SameAs(FirewallIntent.Of(new SecurityGroup { Tags = FirewallIntent.None.ToTags() })));
    }

    [Fact]
    public void A_tag_that_someone_took_away_is_unknown_and_not_empty()
    {
        var intent = new FirewallIntent(["203.0.113.7/32"], [80]);
        var group = new SecurityGroup { Tags = [.. intent.ToTags().Where(tag => tag.Key == ClusterTags.PublishPort)] };

        Assert.Null(FirewallIntent.Of(group));
        Assert.True(
            new FirewallIntent(["198.51.100.0/24"], [80]).SameAs(FirewallIntent.Of(group, new FirewallIntent(["198.51.100.0/24"], [443])))
        );
        // No other group says it: what is let in stays.
        group.IpPermissions = FirewallRules.ToPermissions(FirewallPlan.Wanted("sg-1", [], new FirewallIntent(["203.0.113.7/32"], [443])));
        Assert.True(new FirewallIntent(["203.0.113.7/32"], [80]).SameAs(FirewallIntent.Of(group, FirewallIntent.None)));
        group.Tags = null;
        Assert.True(new FirewallIntent(["203.0.113.7/32"], [443]).SameAs(FirewallIntent.Of(group, FirewallIntent.None)));
    }

    [Fact]
    public void What_no_network_is_spreads_to_no_other_group()
    {
        var group = new SecurityGroup
        {
            Tags = [new Tag(ClusterTags.AllowSshFrom, "office 203.0.113.0/24"), new Tag(ClusterTags.PublishPort, "web 80")],
        };

        Assert.Equal("web", FirewallIntent.Unreadable(group));
        Assert.True(new FirewallIntent(["203.0.113.0/24"], [80]).SameAs(FirewallIntent.OfAll([group])));
    }
}
