using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using SwarmOps.Aws.Cluster;
using SwarmOps.Tests.Unit;

[assembly: AssemblyFixture(typeof(AwsMotoServer))]

namespace SwarmOps.Tests.Unit;

/// <summary>A real EC2 API, spoken by moto as it comes. Starts with the first test that uses it.</summary>
public sealed class AwsMotoServer : IAsyncDisposable
{
    private readonly MotoProcess moto = new(new Dictionary<string, string>());

    /// <summary>The endpoint; starts the server if need be.</summary>
    public Task<Uri> AddressAsync() => moto.AddressAsync();

    /// <summary>The SDK's own client, to prepare and to check without the module.</summary>
    internal async Task<AmazonEC2Client> ClientAsync(string region) =>
        new(
            new BasicAWSCredentials("test", "test"),
            new AmazonEC2Config { ServiceURL = (await AddressAsync()).AbsoluteUri, AuthenticationRegion = region }
        );

    /// <summary>An instance with an Elastic IP in the cluster's security group, as New-SwarmRegionNode leaves it.</summary>
    internal async Task<Instance> AddNodeAsync(
        string cluster,
        string region,
        int number,
        string publicAddress,
        string? hostKey = "SHA256:dGhpcyBpcyBub3QgYSByZWFsIGZpbmdlcnByaW50ISE"
    )
    {
        using var ec2 = await ClientAsync(region);
        var group = await GroupAsync(ec2, cluster, region);
        await EnsureKeyPairAsync(ec2, cluster, region);
        var tags = ClusterTags.For(cluster, region, ClusterNames.Node(cluster, region, number));
        if (hostKey is not null)
            tags.Add(new Tag(ClusterTags.HostKey, hostKey));
        var reservation = (
            await ec2.RunInstancesAsync(
                new RunInstancesRequest
                {
                    ImageId = "ami-12c6146b",
                    InstanceType = InstanceType.T3Small,
                    MinCount = 1,
                    MaxCount = 1,
                    SecurityGroupIds = [group],
                    TagSpecifications =
                    [
                        new TagSpecification { ResourceType = ResourceType.Instance, Tags = tags },
                        new TagSpecification { ResourceType = ResourceType.Volume, Tags = tags },
                    ],
                }
            )
        ).Reservation;
        var id = reservation.Instances[0].InstanceId;
        var allocation = await ec2.AllocateAddressAsync(
            new AllocateAddressRequest
            {
                Domain = DomainType.Vpc,
                Address = publicAddress,
                TagSpecifications = [new TagSpecification { ResourceType = ResourceType.ElasticIp, Tags = tags }],
            }
        );
        await ec2.AssociateAddressAsync(new AssociateAddressRequest { AllocationId = allocation.AllocationId, InstanceId = id });
        return (await ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [id] })).Reservations[0].Instances[0];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => moto.DisposeAsync();

    private static async Task EnsureKeyPairAsync(AmazonEC2Client ec2, string cluster, string region)
    {
        var name = ClusterNames.KeyPair(cluster);
        if (
            (await ec2.DescribeKeyPairsAsync(new DescribeKeyPairsRequest { Filters = [ClusterTags.Of(cluster)] })).KeyPairs is
            { Count: > 0 }
        )
            return;
        await ec2.CreateKeyPairAsync(
            new CreateKeyPairRequest
            {
                KeyName = name,
                TagSpecifications =
                [
                    new TagSpecification { ResourceType = ResourceType.KeyPair, Tags = ClusterTags.For(cluster, region, name) },
                ],
            }
        );
    }

    private static async Task<string> GroupAsync(AmazonEC2Client ec2, string cluster, string region)
    {
        var name = ClusterNames.SecurityGroup(cluster);
        var present =
            (
                await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { Filters = [ClusterTags.Of(cluster)] })
            ).SecurityGroups
            ?? [];
        if (present.Count > 0)
            return present[0].GroupId;
        var vpc = (await ec2.DescribeVpcsAsync()).Vpcs.Single(candidate => candidate.IsDefault == true).VpcId;
        var made = await ec2.CreateSecurityGroupAsync(
            new CreateSecurityGroupRequest
            {
                GroupName = name,
                Description = "for the tests",
                VpcId = vpc,
                TagSpecifications =
                [
                    new TagSpecification { ResourceType = ResourceType.SecurityGroup, Tags = ClusterTags.For(cluster, region, name) },
                ],
            }
        );
        return made.GroupId;
    }
}
