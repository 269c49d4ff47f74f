using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Provision;

namespace SwarmOps.Tests.Unit;

/// <summary>What EC2 itself says of a cluster, by the SDK alone.</summary>
internal sealed class ProvisionFacts(Uri server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public AmazonEC2Client Client(string region) =>
        new(
            new BasicAWSCredentials("test", "test"),
            new AmazonEC2Config { ServiceURL = server.AbsoluteUri, AuthenticationRegion = region }
        );

    /// <summary>One set of resources: so many instances with all that they need, and nothing more.</summary>
    public async Task CheckRegionAsync(string cluster, string region, int nodes, bool protectedFromTermination = false)
    {
        using var ec2 = Client(region);
        var instances = await InstancesAsync(cluster, region);
        Assert.Equal(nodes, instances.Count);
        var group = Assert.Single(await GroupsAsync(cluster, region));
        var key = Assert.Single(
            (await ec2.DescribeKeyPairsAsync(new DescribeKeyPairsRequest { Filters = [ClusterTags.Of(cluster)] }, Cancelled)).KeyPairs
        );
        var addresses = await AddressesAsync(cluster, region);
        Assert.Equal(nodes, addresses.Count);
        foreach (var instance in instances)
        {
            Assert.Equal(instance.InstanceId, addresses.Single(address => address.PublicIp == instance.PublicIpAddress).InstanceId);
            Assert.Equal(
                (key.KeyName, group.GroupId, ProvisionRun.HostKey, "ubuntu"),
                (
                    instance.KeyName,
                    Assert.Single(InstanceGroups.Of(instance)),
                    ClusterTags.Read(instance.Tags, ClusterTags.HostKey),
                    ClusterTags.Read(instance.Tags, ClusterTags.User)
                )
            );
            var attribute = await ec2.DescribeInstanceAttributeAsync(
                new DescribeInstanceAttributeRequest
                {
                    InstanceId = instance.InstanceId,
                    Attribute = InstanceAttributeName.DisableApiTermination,
                },
                Cancelled
            );
            Assert.Equal(protectedFromTermination, attribute.InstanceAttribute.DisableApiTermination is true);
            var data = await ec2.DescribeInstanceAttributeAsync(
                new DescribeInstanceAttributeRequest { InstanceId = instance.InstanceId, Attribute = InstanceAttributeName.UserData },
                Cancelled
            );
            Assert.Equal(
                SwarmOps.Aws.Provision.UserData.Encode(SwarmOps.Aws.Provision.UserData.Script(RegionPlan.NameOf(instance), "ubuntu")),
                data.InstanceAttribute.UserData
            );
        }

        var volumes =
            (await ec2.DescribeVolumesAsync(new DescribeVolumesRequest { Filters = [ClusterTags.Of(cluster)] }, Cancelled)).Volumes ?? [];
        Assert.Equal(nodes, volumes.Count);
        Assert.All(volumes, volume => Assert.Equal((true, 20), (volume.Encrypted, volume.Size)));
    }

    /// <summary>Takes the pinned host keys from a cluster's instances: nobody could have connected to them.</summary>
    public async Task ForgetHostKeysAsync(string cluster, params string[] regions)
    {
        foreach (var region in regions)
        {
            using var ec2 = Client(region);
            await ec2.DeleteTagsAsync(
                new DeleteTagsRequest
                {
                    Resources = [.. (await InstancesAsync(cluster, region)).Select(instance => instance.InstanceId)],
                    Tags = [new Tag(ClusterTags.HostKey)],
                },
                Cancelled
            );
        }
    }

    public async Task<List<Instance>> InstancesAsync(string cluster, string region)
    {
        using var ec2 = Client(region);
        var answer = await ec2.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [ClusterTags.Of(cluster)] }, Cancelled);
        return
        [
            .. (answer.Reservations ?? [])
                .SelectMany(reservation => reservation.Instances)
                .Where(instance => instance.State.Name != InstanceStateName.Terminated),
        ];
    }

    public async Task<List<SecurityGroup>> GroupsAsync(string cluster, string region)
    {
        using var ec2 = Client(region);
        return (
                await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { Filters = [ClusterTags.Of(cluster)] }, Cancelled)
            ).SecurityGroups
            ?? [];
    }

    public async Task<List<Address>> AddressesAsync(string cluster, string region)
    {
        using var ec2 = Client(region);
        return (await ec2.DescribeAddressesAsync(new DescribeAddressesRequest { Filters = [ClusterTags.Of(cluster)] }, Cancelled)).Addresses
            ?? [];
    }

    /// <summary>The ids of everything that carries the cluster's tag; terminated instances do not count.</summary>
    public async Task<List<string>> LeftAsync(string cluster, params string[] regions)
    {
        var left = new List<string>();
        foreach (var region in regions)
        {
            using var ec2 = Client(region);
            left.AddRange((await InstancesAsync(cluster, region)).Select(instance => instance.InstanceId));
            left.AddRange((await GroupsAsync(cluster, region)).Select(group => group.GroupId));
            left.AddRange((await AddressesAsync(cluster, region)).Select(address => address.AllocationId));
            left.AddRange(
                (
                    (
                        await ec2.DescribeKeyPairsAsync(new DescribeKeyPairsRequest { Filters = [ClusterTags.Of(cluster)] }, Cancelled)
                    ).KeyPairs
                    ?? []
                ).Select(pair => pair.KeyName)
            );
            left.AddRange(
                (
                    (await ec2.DescribeVolumesAsync(new DescribeVolumesRequest { Filters = [ClusterTags.Of(cluster)] }, Cancelled)).Volumes
                    ?? []
                ).Select(volume => volume.VolumeId)
            );
        }

        return left;
    }
}
