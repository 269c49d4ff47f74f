using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Provision;

/// <summary>Launches one instance, in the first Availability Zone with capacity.</summary>
internal sealed class InstanceLauncher(
    Ec2Region region,
    ProvisionRequest request,
    LaunchGround ground,
    string groupId,
    Action<string> say,
    CancellationToken cancellationToken
)
{
    /// <summary>How many times a name may have been reused within the days that EC2 remembers tokens.</summary>
    private const int Generations = 50;

    /// <summary>EC2's error codes for a lack of capacity, so that another Availability Zone may work.</summary>
    private static readonly HashSet<string> ZoneIsFull =
    [
        "InsufficientInstanceCapacity",
        "InsufficientHostCapacity",
        "InsufficientCapacity",
        "InsufficientFreeAddressesInSubnet",
        NotOffered,
    ];

    private const string NotOffered = "Unsupported";

    /// <summary>Launches the instance.</summary>
    /// <exception cref="SwarmOpsException"><c>NoZoneHasCapacity</c>; those of <see cref="Ec2Errors"/>.</exception>
    public async Task<Instance> LaunchAsync(NodePlan node)
    {
        var refusals = new List<SwarmOpsException>();
        foreach (var subnet in node.Subnets)
        {
            try
            {
                return await LaunchAsync(node, subnet).ConfigureAwait(false);
            }
            catch (SwarmOpsException error) when (Ec2Errors.CodeOf(error) is { } code && ZoneIsFull.Contains(code))
            {
                say($"{subnet.AvailabilityZone} answered {code}; trying the next Availability Zone");
                refusals.Add(error);
            }
        }

        throw refusals.All(refusal => Ec2Errors.CodeOf(refusal) == NotOffered)
            ? refusals[^1]
            : ProvisionErrors.NoZoneHasCapacity(
                node.Name,
                region.Name,
                request.InstanceType,
                [.. node.Subnets.Select(subnet => subnet.AvailabilityZone).Distinct()],
                refusals[^1]
            );
    }

    private async Task<Instance> LaunchAsync(NodePlan node, Subnet subnet)
    {
        for (var generation = 0; ; generation++)
        {
            try
            {
                var answer = await region
                    .AskAsync(ec2 => ec2.RunInstancesAsync(Describe(node, subnet, generation), cancellationToken), cancellationToken)
                    .ConfigureAwait(false);
                var instance = answer.Reservation.Instances[0];
                if (!IsGone(instance) || generation == Generations)
                    return instance;
            }
            catch (SwarmOpsException error)
                when (generation < Generations
                    && Ec2Errors.CodeOf(error) is ("IdempotentInstanceTerminated" or "IdempotentParameterMismatch")
                )
            {
                // The token was already used for this name: by an instance that is not listed yet, or by a terminated one.
                if (await FindAsync(node.Name).ConfigureAwait(false) is { } living)
                    return living;
            }
        }
    }

    private static bool IsGone(Instance instance) =>
        instance.State?.Name == InstanceStateName.Terminated || instance.State?.Name == InstanceStateName.ShuttingDown;

    private async Task<Instance?> FindAsync(string name)
    {
        var instances = await ClusterInventory.InstancesAsync(region, request.Cluster, cancellationToken).ConfigureAwait(false);
        return instances.FirstOrDefault(instance => RegionPlan.NameOf(instance) == name && !IsGone(instance));
    }

    private RunInstancesRequest Describe(NodePlan node, Subnet subnet, int generation)
    {
        var tags = ClusterTags.For(request.Cluster, region.Name, node.Name);
        return new RunInstancesRequest
        {
            ImageId = ground.ImageId,
            InstanceType = request.InstanceType,
            MinCount = 1,
            MaxCount = 1,
            KeyName = ClusterNames.KeyPair(request.Cluster),
            ClientToken = ClientToken.For(node.Name, subnet.SubnetId, generation),
            UserData = UserData.Encode(UserData.Script(node.Name, request.User)),
            DisableApiTermination = request.TerminationProtection,
            // A hop limit of 1 keeps containers from reading the instance metadata.
            MetadataOptions = new InstanceMetadataOptionsRequest
            {
                HttpTokens = HttpTokensState.Required,
                HttpEndpoint = InstanceMetadataEndpointState.Enabled,
                HttpPutResponseHopLimit = 1,
            },
            BlockDeviceMappings = [RootVolume()],
            NetworkInterfaces = [Card(subnet)],
            TagSpecifications =
            [
                new TagSpecification { ResourceType = ResourceType.Instance, Tags = [.. tags, new Tag(ClusterTags.User, request.User)] },
                new TagSpecification { ResourceType = ResourceType.Volume, Tags = tags },
                new TagSpecification { ResourceType = ResourceType.NetworkInterface, Tags = tags },
            ],
        };
    }

    private BlockDeviceMapping RootVolume() =>
        new()
        {
            DeviceName = ground.RootDevice,
            Ebs = new EbsBlockDevice
            {
                Encrypted = true,
                VolumeSize = Math.Max(request.VolumeSizeGiB, ground.RootSizeGiB),
                VolumeType = VolumeType.Gp3,
                DeleteOnTermination = true,
            },
        };

    private InstanceNetworkInterfaceSpecification Card(Subnet subnet) =>
        new()
        {
            DeviceIndex = 0,
            SubnetId = subnet.SubnetId,
            Groups = [groupId],
            // If an Elastic IP address follows, a temporary public address would only disappear during the downloads of the first boot.
            AssociatePublicIpAddress = !request.ElasticIp,
            DeleteOnTermination = true,
        };
}
