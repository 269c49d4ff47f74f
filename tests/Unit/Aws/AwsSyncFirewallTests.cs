using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;

namespace SwarmOps.Tests.Unit;

/// <summary>Sync-SwarmFirewall against a real EC2 API.</summary>
public sealed class AwsSyncFirewallTests(AwsMotoServer moto)
{
    private static readonly string[] SwarmTraffic = ["2377/tcp", "4789/udp", "7946/tcp", "7946/udp", "protocol 50"];

    [Fact]
    public async Task The_groups_of_all_regions_become_open_to_the_other_nodes_and_stay_as_they_are_the_second_time()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        await moto.AddNodeAsync("fw-two", "eu-central-1", 1, "127.20.0.1");
        await moto.AddNodeAsync("fw-two", "us-east-1", 1, "127.20.0.2");

        var first = session
            .RunOn(server, "Sync-SwarmFirewall fw-two @aws -AllowSshFrom 203.0.113.7 -PublishPort 80 -Confirm:$false")
            .ThrowOnError()
            .Objects.Cast<SwarmFirewall>()
            .ToList();

        Assert.Equal(["eu-central-1", "us-east-1"], first.Select(firewall => firewall.Region));
        Assert.All(first, firewall => Assert.True(firewall.InSync));
        Assert.All(first, firewall => Assert.Equal(12, firewall.MissingRules.Count));
        Assert.Equal(
            Expected("127.20.0.2", first[0].GroupId, "22/tcp from 203.0.113.7/32", "80/tcp from 0.0.0.0/0"),
            await RulesAsync("eu-central-1", "fw-two")
        );
        Assert.Equal(
            Expected("127.20.0.1", first[1].GroupId, "22/tcp from 203.0.113.7/32", "80/tcp from 0.0.0.0/0"),
            await RulesAsync("us-east-1", "fw-two")
        );

        var second = session.RunOn(server, "Sync-SwarmFirewall fw-two @aws -Verbose").ThrowOnError();
        Assert.All(
            second.Objects.Cast<SwarmFirewall>(),
            firewall => Assert.True(firewall is { InSync: true, MissingRules.Count: 0, SurplusRules.Count: 0 })
        );
        Assert.DoesNotContain(
            second.Verbose,
            line => line.Contains("Ingress", StringComparison.Ordinal) || line.Contains("CreateTags", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_node_that_came_is_let_in_and_one_that_went_is_shut_out()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        await moto.AddNodeAsync("fw-moves", "eu-central-1", 1, "127.21.0.1");
        var leaving = await moto.AddNodeAsync("fw-moves", "us-east-1", 1, "127.21.0.2");
        session.RunOn(server, "Sync-SwarmFirewall fw-moves @aws").ThrowOnError();
        await moto.AddNodeAsync("fw-moves", "us-west-1", 1, "127.21.0.3");
        using (var ec2 = await moto.ClientAsync("us-east-1"))
            await ec2.TerminateInstancesAsync(
                new TerminateInstancesRequest { InstanceIds = [leaving.InstanceId] },
                TestContext.Current.CancellationToken
            );

        var result = session
            .RunOn(server, "Sync-SwarmFirewall fw-moves @aws")
            .ThrowOnError()
            .Objects.Cast<SwarmFirewall>()
            .Single(firewall => firewall.Region == "eu-central-1");

        Assert.Equal(SwarmTraffic.Select(traffic => $"{traffic} from 127.21.0.3/32"), Sorted(result.MissingRules));
        Assert.Equal(SwarmTraffic.Select(traffic => $"{traffic} from 127.21.0.2/32"), Sorted(result.SurplusRules));
        Assert.Equal(Expected("127.21.0.3", result.GroupId), await RulesAsync("eu-central-1", "fw-moves"));
    }

    [Fact]
    public async Task A_group_whose_tags_someone_has_edited_is_an_error_of_its_own_and_loses_no_rule()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        await moto.AddNodeAsync("fw-tags", "eu-west-1", 1, "127.23.0.1");
        await moto.AddNodeAsync("fw-tags", "eu-west-2", 1, "127.23.0.2");
        session.RunOn(server, "Sync-SwarmFirewall fw-tags @aws -PublishPort 80, 443").ThrowOnError();
        using var ec2 = await moto.ClientAsync("eu-west-1");
        var group = await GroupAsync(ec2, "fw-tags");
        await ec2.CreateTagsAsync(
            new CreateTagsRequest([group.GroupId], [new Tag(ClusterTags.PublishPort, "80,443")]),
            TestContext.Current.CancellationToken
        );
        var before = await RulesAsync("eu-west-1", "fw-tags");

        var outcome = session.RunOn(server, "Sync-SwarmFirewall fw-tags @aws");

        Assert.Equal(["FirewallTagInvalid"], outcome.ErrorIds);
        Assert.Equal(["eu-west-2"], outcome.Objects.Cast<SwarmFirewall>().Select(firewall => firewall.Region));
        Assert.Equal(before, await RulesAsync("eu-west-1", "fw-tags"));
        session.RunOn(server, "Sync-SwarmFirewall fw-tags @aws -AllowSshFrom 203.0.113.7 -PublishPort 80, 443").ThrowOnError();
        Assert.True(
            session
                .RunOn(server, "Sync-SwarmFirewall fw-tags @aws")
                .ThrowOnError()
                .Objects.Cast<SwarmFirewall>()
                .All(firewall => firewall.InSync)
        );
    }

    [Fact]
    public async Task WhatIf_names_each_rule_and_changes_nothing()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        await moto.AddNodeAsync("fw-whatif", "eu-west-1", 1, "127.22.0.1");
        await moto.AddNodeAsync("fw-whatif", "eu-west-2", 1, "127.22.0.2");
        session.RunOn(server, "Sync-SwarmFirewall fw-whatif @aws").ThrowOnError();
        using var ec2 = await moto.ClientAsync("eu-west-1");
        var group = await GroupAsync(ec2, "fw-whatif");
        await ec2.AuthorizeSecurityGroupIngressAsync(Ingress(group, "203.0.113.99/32", 3306), TestContext.Current.CancellationToken);
        await ec2.RevokeSecurityGroupIngressAsync(
            new RevokeSecurityGroupIngressRequest
            {
                GroupId = group.GroupId,
                IpPermissions = FirewallRules.ToPermissions([new SwarmFirewallRule { Protocol = "50", Source = "127.22.0.2/32" }]),
            },
            TestContext.Current.CancellationToken
        );
        var before = await RulesAsync("eu-west-1", "fw-whatif");

        var result = session.RunOn(server, "Sync-SwarmFirewall fw-whatif @aws -PublishPort 443 -WhatIf").ThrowOnError();

        Assert.Equal(before, await RulesAsync("eu-west-1", "fw-whatif"));
        var drifted = result.Objects.Cast<SwarmFirewall>().Single(firewall => firewall.Region == "eu-west-1");
        Assert.False(drifted.InSync);
        Assert.Equal(["443/tcp from 0.0.0.0/0", "protocol 50 from 127.22.0.2/32"], Sorted(drifted.MissingRules));
        Assert.Equal(["3306/tcp from 203.0.113.99/32"], Sorted(drifted.SurplusRules));
        var mended = session
            .RunOn(server, "Sync-SwarmFirewall fw-whatif @aws")
            .ThrowOnError()
            .Objects.Cast<SwarmFirewall>()
            .Single(firewall => firewall.Region == "eu-west-1");
        Assert.True(mended.InSync);
        Assert.Equal(["protocol 50 from 127.22.0.2/32"], Sorted(mended.MissingRules));
    }

    [Fact]
    public async Task Intent_is_kept_until_another_is_given_and_only_the_regions_given_are_changed()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        await moto.AddNodeAsync("fw-intent", "eu-west-1", 1, "127.23.0.1");
        await moto.AddNodeAsync("fw-intent", "eu-west-2", 1, "127.23.0.2");
        session.RunOn(server, "Sync-SwarmFirewall fw-intent @aws -AllowSshFrom 203.0.113.7 -PublishPort 80, 443").ThrowOnError();

        var only = session.RunOn(server, "Sync-SwarmFirewall fw-intent @aws -AllowSshFrom @() -Region eu-west-1").ThrowOnError();

        Assert.Equal("eu-west-1", Assert.IsType<SwarmFirewall>(Assert.Single(only.Objects)).Region);
        Assert.Contains("443/tcp from 0.0.0.0/0", await RulesAsync("eu-west-1", "fw-intent"));
        Assert.DoesNotContain("22/tcp from 203.0.113.7/32", await RulesAsync("eu-west-1", "fw-intent"));
        Assert.Contains("2377/tcp from 127.23.0.2/32", await RulesAsync("eu-west-1", "fw-intent"));
        Assert.Contains("22/tcp from 203.0.113.7/32", await RulesAsync("eu-west-2", "fw-intent"));
    }

    [Fact]
    public async Task A_node_outside_the_groups_and_a_cluster_without_groups_are_errors()
    {
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        var stray = await moto.AddNodeAsync("fw-stray", "eu-west-1", 1, "127.24.0.1");
        using var ec2 = await moto.ClientAsync("eu-west-1");
        var standard = (
            await ec2.DescribeSecurityGroupsAsync(
                new DescribeSecurityGroupsRequest
                {
                    Filters = [new Filter("group-name", ["default"]), new Filter("vpc-id", [stray.VpcId])],
                },
                TestContext.Current.CancellationToken
            )
        ).SecurityGroups[0];
        await ec2.ModifyInstanceAttributeAsync(
            new ModifyInstanceAttributeRequest { InstanceId = stray.InstanceId, Groups = [standard.GroupId] },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(["NodeOutsideFirewall"], session.RunOn(server, "Sync-SwarmFirewall fw-stray @aws").ErrorIds);
        Assert.Equal(["FirewallNotFound"], session.RunOn(server, "Sync-SwarmFirewall fw-nowhere @aws").ErrorIds);
    }

    private static IEnumerable<string> Expected(string peer, string group, params string[] further) =>
        SwarmTraffic
            .SelectMany(traffic => new[] { $"{traffic} from {peer}/32", $"{traffic} from {group}" })
            .Concat(further)
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Sorted(IEnumerable<SwarmFirewallRule> rules) =>
        rules.Select(rule => rule.ToString()).Order(StringComparer.Ordinal);

    private static AuthorizeSecurityGroupIngressRequest Ingress(SecurityGroup group, string source, int port) =>
        new()
        {
            GroupId = group.GroupId,
            IpPermissions = FirewallRules.ToPermissions([
                new SwarmFirewallRule
                {
                    Protocol = "tcp",
                    FromPort = port,
                    ToPort = port,
                    Source = source,
                },
            ]),
        };

    private static async Task<SecurityGroup> GroupAsync(Amazon.EC2.AmazonEC2Client ec2, string cluster) =>
        (
            await ec2.DescribeSecurityGroupsAsync(
                new DescribeSecurityGroupsRequest { Filters = [ClusterTags.Of(cluster)] },
                TestContext.Current.CancellationToken
            )
        ).SecurityGroups[0];

    /// <summary>What EC2 itself says, without the module.</summary>
    private async Task<IEnumerable<string>> RulesAsync(string region, string cluster)
    {
        using var ec2 = await moto.ClientAsync(region);
        return Sorted(FirewallRules.Of(await GroupAsync(ec2, cluster)));
    }
}
