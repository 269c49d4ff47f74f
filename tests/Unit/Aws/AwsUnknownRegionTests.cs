using System.Text.RegularExpressions;
using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;

namespace SwarmOps.Tests.Unit;

/// <summary>A region that cannot be asked is unknown, not empty: what its nodes need stays, whatever the reason.</summary>
public sealed class AwsUnknownRegionTests(AwsMotoServer moto)
{
    private const string Silent = "us-east-1";

    public static TheoryData<string, string> Failures =>
        new()
        {
            { "denied", "UnauthorizedOperation" },
            { "optin", "OptInRequired" },
            { "throttled", "RequestLimitExceeded" },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Nothing_is_revoked_the_region_is_named_and_rules_are_still_added(string name, string code)
    {
        var cluster = $"unk-{name}";
        var number = 40 + Failures.Select(row => row.Data.Item1).ToList().IndexOf(name);
        using var session = new AwsSession();
        await moto.AddNodeAsync(cluster, "eu-central-1", 1, $"127.{number}.0.1");
        await moto.AddNodeAsync(cluster, Silent, 1, $"127.{number}.0.2");
        session.RunOn(await moto.AddressAsync(), $"Sync-SwarmFirewall {cluster} @aws").ThrowOnError();
        await moto.AddNodeAsync(cluster, "us-west-1", 1, $"127.{number}.0.3");
        using var proxy = new AwsProxy(await moto.AddressAsync())
        {
            Answer = attempt => attempt.Region == Silent && attempt.Action != "DescribeRegions" ? AwsAnswer.Error(code) : null,
        };

        var result = session.RunOn(proxy.Address, $"Sync-SwarmFirewall {cluster} @aws -ErrorAction SilentlyContinue");

        var rules = await SourcesAsync(cluster, "eu-central-1");
        Assert.Contains($"127.{number}.0.2/32", rules);
        Assert.Contains($"127.{number}.0.3/32", rules);
        Assert.Contains(
            result.Warnings,
            warning =>
                warning.Contains("no rule is revoked", StringComparison.Ordinal) && warning.Contains(Silent, StringComparison.Ordinal)
        );
        Assert.DoesNotContain(proxy.Attempts, attempt => attempt.Action == "RevokeSecurityGroupIngress");

        // Narrowed to one region the truth is the same.
        session.RunOn(proxy.Address, $"Sync-SwarmFirewall {cluster} @aws -Region eu-central-1 -ErrorAction SilentlyContinue");
        Assert.Contains($"127.{number}.0.2/32", await SourcesAsync(cluster, "eu-central-1"));
        Assert.DoesNotContain(proxy.Attempts, attempt => attempt.Action == "RevokeSecurityGroupIngress");
    }

    [Fact]
    public async Task A_region_that_was_disabled_is_not_in_the_list_and_its_nodes_rules_stay_until_it_is_excluded()
    {
        using var session = new AwsSession();
        await moto.AddNodeAsync("unk-off", "eu-central-1", 1, "127.50.0.1");
        await moto.AddNodeAsync("unk-off", Silent, 1, "127.50.0.2");
        session.RunOn(await moto.AddressAsync(), "Sync-SwarmFirewall unk-off @aws").ThrowOnError();
        using var proxy = new AwsProxy(await moto.AddressAsync())
        {
            Change = (attempt, answer) =>
                attempt.Action == "DescribeRegions"
                    ? answer with
                    {
                        Body = Regex.Replace(
                            answer.Body,
                            $"<item>\\s*(?:(?!</item>).)*<regionName>{Silent}</regionName>.*?</item>",
                            "",
                            RegexOptions.Singleline
                        ),
                    }
                    : answer,
        };

        var kept = session.RunOn(proxy.Address, "Sync-SwarmFirewall unk-off @aws -Region eu-central-1").ThrowOnError();
        Assert.Contains("127.50.0.2/32", await SourcesAsync("unk-off", "eu-central-1"));
        Assert.Contains(kept.Warnings, warning => warning.Contains(Silent, StringComparison.Ordinal));

        session.RunOn(proxy.Address, $"Sync-SwarmFirewall unk-off @aws -ExcludeRegion {Silent}").ThrowOnError();
        Assert.DoesNotContain("127.50.0.2/32", await SourcesAsync("unk-off", "eu-central-1"));
        Assert.Equal(
            ["RegionGivenAndExcluded"],
            session.RunOn(proxy.Address, $"Sync-SwarmFirewall unk-off @aws -Region {Silent} -ExcludeRegion {Silent}").ErrorIds
        );
    }

    [Fact]
    public async Task A_removal_closes_what_it_removed_and_keeps_the_rules_of_nodes_it_cannot_see()
    {
        using var session = new AwsSession();
        await moto.AddNodeAsync("unk-rm", "eu-central-1", 1, "127.51.0.1");
        await moto.AddNodeAsync("unk-rm", Silent, 1, "127.51.0.2");
        await moto.AddNodeAsync("unk-rm", "us-west-1", 1, "127.51.0.3", null);
        session.RunOn(await moto.AddressAsync(), "Sync-SwarmFirewall unk-rm @aws").ThrowOnError();
        using var proxy = new AwsProxy(await moto.AddressAsync()) { Answer = Deny };

        session.RunOn(
            proxy.Address,
            "Remove-SwarmRegionNode -Cluster unk-rm -Region us-west-1 @aws -TimeoutSeconds 20 -Confirm:$false -ErrorAction SilentlyContinue"
        );

        var rules = await SourcesAsync("unk-rm", "eu-central-1");
        Assert.Contains("127.51.0.2/32", rules);
        Assert.DoesNotContain("127.51.0.3/32", rules);
    }

    [Fact]
    public async Task A_node_set_that_is_not_whole_says_so_and_a_cluster_is_not_called_absent()
    {
        using var session = new AwsSession();
        await moto.AddNodeAsync("unk-get", Silent, 1, "127.52.0.1");
        using var proxy = new AwsProxy(await moto.AddressAsync()) { Answer = Deny };

        var result = session.RunOn(proxy.Address, "Get-SwarmRegionNode unk-get @aws");

        var error = Assert.Single(result.Errors);
        Assert.StartsWith("ClusterNotFound", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains($"Whether it has nodes in {Silent} is unknown", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains(result.Warnings, warning => warning.Contains(Silent, StringComparison.Ordinal));
    }

    private static AwsAnswer? Deny(AwsAttempt attempt) =>
        attempt.Region == Silent && attempt.Action != "DescribeRegions" ? AwsAnswer.Error("UnauthorizedOperation", 403) : null;

    private async Task<IReadOnlyList<string>> SourcesAsync(string cluster, string region)
    {
        using var ec2 = await moto.ClientAsync(region);
        var groups = (
            await ec2.DescribeSecurityGroupsAsync(
                new DescribeSecurityGroupsRequest { Filters = [ClusterTags.Of(cluster)] },
                TestContext.Current.CancellationToken
            )
        ).SecurityGroups;
        return [.. groups.SelectMany(FirewallRules.Of).Select(rule => rule.Source)];
    }
}
