using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;

namespace SwarmOps.Tests.Unit;

/// <summary>EC2's lists lag behind what it has done, and other administrators change a region while it is read: neither makes a second node or closes one off.</summary>
public sealed class ProvisionLateListTests(ProvisionMoto moto) : IClassFixture<ProvisionMoto>, IDisposable
{
    private const string Region = "eu-central-1";
    private const string Empty = "http://ec2.amazonaws.com/doc/2016-11-15/";

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_region_with_a_key_pair_and_a_group_that_the_list_of_tags_does_not_show_is_completed()
    {
        var server = await moto.AddressAsync();
        using var account = new ProvisionAccount(server, Region);
        var request = ProvisionRun.Request(folder, "late-begun", Region);
        account.Answer = attempt => attempt.Action == "AllocateAddress" ? AwsAnswer.Error("AddressLimitExceeded") : null;
        Assert.Equal("Ec2AddressQuotaReached", Assert.Single((await account.MakeAsync(request)).Errors).ErrorId);

        account.Answer = WithoutTags;
        var second = await account.MakeAsync(request);

        Assert.Empty(second.Errors);
        await new ProvisionFacts(server).CheckRegionAsync("late-begun", Region, 1);
    }

    [Fact]
    public async Task A_node_that_the_list_of_tags_does_not_show_is_not_made_again()
    {
        var server = await moto.AddressAsync();
        using var account = new ProvisionAccount(server, Region);
        var request = ProvisionRun.Request(folder, "late-made", Region);
        await account.MakeAsync(request);

        account.Answer = WithoutTags;
        var second = await account.MakeAsync(request);

        var error = Assert.Single(second.Errors);
        Assert.Equal(("RegionChanged", (object?)Region), (error.ErrorId, error.Target));
        Assert.Empty(second.Nodes);
        Assert.DoesNotContain(account.Proxy.Attempts, attempt => attempt.Action is "RunInstances" or "AllocateAddress");
        await new ProvisionFacts(server).CheckRegionAsync("late-made", Region, 1);
        account.Answer = _ => null;
        Assert.Single((await account.MakeAsync(request)).Nodes);
    }

    [Fact]
    public async Task A_key_pair_of_the_same_name_with_another_key_is_refused_before_a_node_is_made()
    {
        var server = await moto.AddressAsync();
        using var ec2 = await moto.ClientAsync(Region);
        await ec2.CreateKeyPairAsync(new CreateKeyPairRequest { KeyName = ClusterNames.KeyPair("late-key") }, Cancelled);
        using var account = new ProvisionAccount(server, Region);
        // moto shows no public keys.
        account.Proxy.Change = (attempt, answer) =>
            attempt.Action == "DescribeKeyPairs"
                ? answer with
                {
                    Body = answer.Body.Replace(
                        "<keyName>swarmops-late-key</keyName>",
                        "<keyName>swarmops-late-key</keyName><publicKey>ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1OVDfmmHqpkUTjcJDJoplpWDZBJiyYWsGnTIs4T7Sm</publicKey>",
                        StringComparison.Ordinal
                    ),
                }
                : answer;

        var run = await account.MakeAsync(ProvisionRun.Request(folder, "late-key", Region));

        Assert.Equal("ClusterKeyDiffers", Assert.Single(run.Errors).ErrorId);
        Assert.DoesNotContain(account.Proxy.Attempts, attempt => attempt.Action is "RunInstances" or "AllocateAddress");
    }

    [Fact]
    public async Task An_instance_that_is_not_listed_yet_is_waited_for()
    {
        var server = await moto.AddressAsync();
        using var account = new ProvisionAccount(server, Region);
        var looks = 0;
        account.Answer = attempt =>
            attempt.Action == "DescribeInstances" && Interlocked.Increment(ref looks) <= 2
                ? new AwsAnswer(200, $"<DescribeInstancesResponse xmlns=\"{Empty}\"><reservationSet/></DescribeInstancesResponse>")
                : null;

        var run = await account.MakeAsync(ProvisionRun.Request(folder, "late-listed", Region));

        Assert.Empty(run.Errors);
        Assert.Equal(3, account.Calls(Region)["DescribeInstances"]);
        Assert.Equal(1, account.Calls(Region)["RunInstances"]);
        await new ProvisionFacts(server).CheckRegionAsync("late-listed", Region, 1);
    }

    [Fact]
    public async Task A_group_whose_rules_are_shown_late_is_changed_once()
    {
        var server = await moto.AddressAsync();
        using var account = new ProvisionAccount(server, Region);
        var looks = 0;
        account.Answer = attempt =>
            attempt.Action == "DescribeSecurityGroups" && Interlocked.Increment(ref looks) <= 2
                ? new AwsAnswer(
                    200,
                    $"<DescribeSecurityGroupsResponse xmlns=\"{Empty}\"><securityGroupInfo/></DescribeSecurityGroupsResponse>"
                )
                : null;

        var run = await account.MakeAsync(ProvisionRun.Request(folder, "late-rules", Region) with { PublishPort = [443] });

        Assert.Empty(run.Errors);
        Assert.Equal(1, account.Calls(Region)["AuthorizeSecurityGroupIngress"]);
        Assert.Single(run.Nodes);
    }

    [Fact]
    public async Task A_group_that_another_administrator_creates_meanwhile_lets_the_new_node_in()
    {
        var server = await moto.AddressAsync();
        using var ec2 = await moto.ClientAsync(Region);
        var vpc = (await ec2.CreateVpcAsync(new CreateVpcRequest { CidrBlock = "10.9.0.0/16" }, Cancelled)).Vpc.VpcId;
        using var account = new ProvisionAccount(server, Region);
        var theirs = "";
        account.Answer = attempt =>
        {
            if (attempt.Action == "AuthorizeSecurityGroupIngress" && theirs.Length == 0)
                theirs = CreateGroup(server, vpc, "late-group");
            return null;
        };

        var run = await account.MakeAsync(ProvisionRun.Request(folder, "late-group", Region) with { PublishPort = [443] });

        Assert.Empty(run.Errors);
        var group = (await new ProvisionFacts(server).GroupsAsync("late-group", Region)).Single(found => found.GroupId == theirs);
        Assert.Contains(FirewallRules.Of(group), rule => rule.Source == $"{run.Nodes.Single().PublicAddress}/32" && rule.FromPort == 2377);
    }

    private static AwsAnswer? WithoutTags(AwsAttempt attempt) =>
        attempt.Action == "DescribeTags"
            ? new AwsAnswer(200, $"<DescribeTagsResponse xmlns=\"{Empty}\"><tagSet/></DescribeTagsResponse>")
            : null;

    private static string CreateGroup(Uri server, string vpc, string cluster)
    {
        using var ec2 = new ProvisionFacts(server).Client(Region);
        var name = ClusterNames.SecurityGroup(cluster);
        return ec2.CreateSecurityGroupAsync(
                new CreateSecurityGroupRequest
                {
                    GroupName = name,
                    Description = "theirs",
                    VpcId = vpc,
                    TagSpecifications =
                    [
                        new TagSpecification
                        {
                            ResourceType = Amazon.EC2.ResourceType.SecurityGroup,
                            Tags = ClusterTags.For(cluster, Region, name),
                        },
                    ],
                },
                Cancelled
            )
            .GetAwaiter()
            .GetResult()
            .GroupId;
    }
}
