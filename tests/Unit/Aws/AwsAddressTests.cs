using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Provision;
using SwarmOps.Aws.Session;

namespace SwarmOps.Tests.Unit;

/// <summary>Elastic IPs: none is leaked when an answer is lost, and none that is not ours is touched.</summary>
public sealed class AwsAddressTests(AwsMotoServer moto) : IDisposable
{
    private const string Region = "eu-west-3";

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_allocation_whose_answer_is_lost_is_found_by_its_tag_and_none_is_left_over(int lost)
    {
        var cluster = $"eip-lost{lost}";
        using var proxy = new AwsProxy(await moto.AddressAsync());
        // The node's address, and the first look for it shows nothing yet: EC2's lists are late.
        proxy.LoseAnswer = attempt =>
            attempt.Action == "AllocateAddress" && proxy.Attempts.Count(made => made.Action == "AllocateAddress") <= lost;
        if (lost > 1)
        {
            var allocated = false;
            proxy.Answer = attempt =>
            {
                allocated |= attempt.Action == "AllocateAddress";
                return
                    allocated
                    && attempt.Action == "DescribeAddresses"
                    && proxy.Attempts.Count(made => made.Action == "AllocateAddress") < lost + 1
                    ? new AwsAnswer(
                        200,
                        "<DescribeAddressesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><addressesSet/></DescribeAddressesResponse>"
                    )
                    : null;
            };
        }

        var outcome = await MakeAsync(proxy.Address, cluster);

        Assert.Empty(outcome.Errors);
        var address = Assert.Single(await AddressesAsync(cluster));
        Assert.Equal(Assert.Single(outcome.Nodes).PublicAddress, address.PublicIp);
        Assert.False(string.IsNullOrEmpty(address.InstanceId));
    }

    [Fact]
    public async Task A_run_that_saw_no_answer_at_all_is_finished_by_the_next_one_with_what_it_left()
    {
        using (var proxy = new AwsProxy(await moto.AddressAsync()))
        {
            proxy.LoseAnswer = attempt => attempt.Action is "AllocateAddress";
            proxy.Answer = attempt =>
                attempt.Action == "DescribeAddresses" && proxy.Attempts.Any(made => made.Action == "AllocateAddress")
                    ? AwsAnswer.Error("UnauthorizedOperation", 403)
                    : null;
            Assert.NotEmpty((await MakeAsync(proxy.Address, "eip-dead")).Errors);
        }

        // What runs of an earlier version could leave: several for one node.
        await AllocateAsync("eip-dead", ClusterTags.For("eip-dead", Region, $"eip-dead-{Region}-1"));
        var foreign = await AllocateAsync("eip-dead", [new Tag(ClusterTags.Cluster, "eip-dead"), new Tag("Name", $"eip-dead-{Region}-1")]);
        Assert.Equal(3, (await AddressesAsync("eip-dead")).Count);

        var outcome = await MakeAsync(await moto.AddressAsync(), "eip-dead");

        Assert.Empty(outcome.Errors);
        var left = await AddressesAsync("eip-dead");
        Assert.Equal(2, left.Count);
        Assert.Single(left, address => !string.IsNullOrEmpty(address.InstanceId));
        Assert.Contains(left, address => address.AllocationId == foreign);
        Assert.Contains(outcome.Asked, question => question.Contains("Release the Elastic IP", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Removal_leaves_what_lacks_the_mark_and_what_others_use()
    {
        var server = await moto.AddressAsync();
        using var session = new AwsSession();
        using var ec2 = await moto.ClientAsync(Region);
        await moto.AddNodeAsync("eip-mine", Region, 1, "127.60.0.1", null);
        var theirs = await AllocateAsync("eip-mine", [new Tag(ClusterTags.Cluster, "eip-mine")]);
        var elsewhere = await AllocateAsync("eip-mine", ClusterTags.For("eip-mine", Region, "eip-mine-spare"));
        var stranger = await RunAsync(ec2, null);
        await ec2.AssociateAddressAsync(
            new AssociateAddressRequest { AllocationId = elsewhere, InstanceId = stranger },
            TestContext.Current.CancellationToken
        );
        await ec2.CreateKeyPairAsync(
            new CreateKeyPairRequest
            {
                KeyName = "eip-theirs",
                TagSpecifications = [Tagged(ResourceType.KeyPair, new Tag(ClusterTags.Cluster, "eip-mine"))],
            },
            TestContext.Current.CancellationToken
        );
        var vpc = (await ec2.DescribeVpcsAsync(TestContext.Current.CancellationToken))
            .Vpcs.Single(candidate => candidate.IsDefault == true)
            .VpcId;
        var group = (
            await ec2.CreateSecurityGroupAsync(
                new CreateSecurityGroupRequest
                {
                    GroupName = "eip-theirs",
                    Description = "x",
                    VpcId = vpc,
                    TagSpecifications = [Tagged(ResourceType.SecurityGroup, new Tag(ClusterTags.Cluster, "eip-mine"))],
                },
                TestContext.Current.CancellationToken
            )
        ).GroupId;
        var volume = (
            await ec2.CreateVolumeAsync(
                new CreateVolumeRequest
                {
                    AvailabilityZone = $"{Region}a",
                    Size = 1,
                    TagSpecifications = [Tagged(ResourceType.Volume, new Tag(ClusterTags.Cluster, "eip-mine"))],
                },
                TestContext.Current.CancellationToken
            )
        ).Volume.VolumeId;

        var result = session
            .RunOn(server, "Remove-SwarmRegionNode -Cluster eip-mine @aws -TimeoutSeconds 20 -Confirm:$false")
            .ThrowOnError();

        Assert.Equal(
            new[] { theirs, elsewhere }.Order(),
            (await AddressesAsync("eip-mine")).Select(address => address.AllocationId).Order()
        );
        Assert.Equal(stranger, (await AddressesAsync("eip-mine")).Single(address => address.AllocationId == elsewhere).InstanceId);
        Assert.Equal(
            "eip-theirs",
            Assert
                .Single(
                    (
                        await ec2.DescribeKeyPairsAsync(
                            new DescribeKeyPairsRequest { Filters = [ClusterTags.Of("eip-mine")] },
                            TestContext.Current.CancellationToken
                        )
                    ).KeyPairs
                )
                .KeyName
        );
        Assert.Equal(
            group,
            Assert
                .Single(
                    (
                        await ec2.DescribeSecurityGroupsAsync(
                            new DescribeSecurityGroupsRequest { Filters = [ClusterTags.Of("eip-mine")] },
                            TestContext.Current.CancellationToken
                        )
                    ).SecurityGroups
                )
                .GroupId
        );
        Assert.Contains(
            (
                await ec2.DescribeVolumesAsync(
                    new DescribeVolumesRequest { Filters = [ClusterTags.Of("eip-mine")] },
                    TestContext.Current.CancellationToken
                )
            ).Volumes,
            left => left.VolumeId == volume
        );
        Assert.Contains(result.Warnings, warning => warning.Contains(elsewhere, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_instance_that_a_user_counts_among_the_cluster_stays_with_the_group_that_it_uses()
    {
        var server = await moto.AddressAsync();
        using var session = new AwsSession();
        using var ec2 = await moto.ClientAsync(Region);
        await moto.AddNodeAsync("eip-guest", Region, 1, "127.61.0.1", null);
        var own = (
            await ec2.DescribeSecurityGroupsAsync(
                new DescribeSecurityGroupsRequest { Filters = [ClusterTags.Of("eip-guest")] },
                TestContext.Current.CancellationToken
            )
        )
            .SecurityGroups[0]
            .GroupId;
        var guest = await RunAsync(ec2, own, new Tag(ClusterTags.Cluster, "eip-guest"), new Tag("Name", "guest"));

        var result = session
            .RunOn(server, "Remove-SwarmRegionNode -Cluster eip-guest @aws -TimeoutSeconds 20 -Confirm:$false")
            .ThrowOnError();
        var refused = session.RunOn(
            server,
            "$node | Remove-SwarmRegionNode @aws -TimeoutSeconds 20 -Confirm:$false",
            (
                "node",
                new SwarmNode
                {
                    Name = "guest",
                    Region = Region,
                    InstanceId = guest,
                }
            )
        );

        Assert.Contains(result.Warnings, warning => warning.Contains(guest, StringComparison.Ordinal));
        Assert.Equal(["InstanceNotOfACluster"], refused.ErrorIds);
        var state = (
            await ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [guest] }, TestContext.Current.CancellationToken)
        )
            .Reservations[0]
            .Instances[0]
            .State
            .Name;
        Assert.Equal(InstanceStateName.Running, state);
        Assert.Single(
            (
                await ec2.DescribeSecurityGroupsAsync(
                    new DescribeSecurityGroupsRequest { Filters = [ClusterTags.Of("eip-guest")] },
                    TestContext.Current.CancellationToken
                )
            ).SecurityGroups
        );
    }

    private static TagSpecification Tagged(ResourceType type, params List<Tag> tags) => new() { ResourceType = type, Tags = tags };

    private static async Task<string> RunAsync(AmazonEC2Client ec2, string? group, params List<Tag> tags)
    {
        var request = new RunInstancesRequest
        {
            ImageId = "ami-12c6146b",
            InstanceType = InstanceType.T3Small,
            MinCount = 1,
            MaxCount = 1,
        };
        if (group is not null)
            request.SecurityGroupIds = [group];
        if (tags.Count > 0)
            request.TagSpecifications = [Tagged(ResourceType.Instance, tags)];
        return (await ec2.RunInstancesAsync(request, TestContext.Current.CancellationToken)).Reservation.Instances[0].InstanceId;
    }

    private async Task<string> AllocateAsync(string cluster, List<Tag> tags)
    {
        using var ec2 = await moto.ClientAsync(Region);
        return (
            await ec2.AllocateAddressAsync(
                new AllocateAddressRequest { Domain = DomainType.Vpc, TagSpecifications = [Tagged(ResourceType.ElasticIp, tags)] },
                TestContext.Current.CancellationToken
            )
        ).AllocationId;
    }

    private async Task<List<Address>> AddressesAsync(string cluster)
    {
        using var ec2 = await moto.ClientAsync(Region);
        return (
                await ec2.DescribeAddressesAsync(
                    new DescribeAddressesRequest { Filters = [ClusterTags.Of(cluster)] },
                    TestContext.Current.CancellationToken
                )
            ).Addresses
            ?? [];
    }

    /// <summary>New-SwarmRegionNode's operation with the clients that it really uses, retries and all; only the host is missing.</summary>
    private async Task<ProvisionOutcome> MakeAsync(Uri server, string cluster)
    {
        var context = new ProvisionContext();
        using var clients = new Ec2Clients(
            new AwsSettings { EndpointUrl = server },
            new BasicAWSCredentials("test", "test"),
            [Region],
            null
        );
        var request = ProvisionRun.Request(folder, cluster, Region) with
        {
            Images = new Dictionary<string, string> { [Region] = "ami-12c6146b" },
        };
        var operation = new ProvisionOperation(context, clients, request)
        {
            HostKey = (_, _, _, _) => Task.FromResult(ProvisionRun.HostKey),
            Ready = (node, _, _) => Task.FromResult(node),
        };
        await operation.RunAsync();
        return new ProvisionOutcome(context.Nodes, context.Emitted, context.Errors, context.Asked, 0, [], [], false);
    }
}
