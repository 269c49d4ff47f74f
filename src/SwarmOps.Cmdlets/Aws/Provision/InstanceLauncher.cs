using Amazon.EC2;
using Amazon.EC2.Model;

namespace SwarmOps.Aws.Provision;

/// <summary>Runs one instance, in the first zone that has room for it.</summary>
internal sealed class InstanceLauncher(Ec2Region region, ProvisionRequest request, LaunchGround ground, string groupId, Action<string> say, CancellationToken cancellationToken)
{
    /// <summary>How often a name can have been used and terminated within the days that EC2 remembers tokens.</summary>
    private const int Generations = 50;

    /// <summary>EC2's words for "not here": another zone can do it.</summary>
    private static readonly HashSet<string> ZoneIsFull = ["InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientCapacity", "InsufficientFreeAddressesInSubnet", NotOffered];

    private const string NotOffered = "Unsupported";

    /// <summary>Runs it.</summary>
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
                say($"{node.Name}: {subnet.AvailabilityZone} answers {code}; trying the next zone.");
                refusals.Add(error);
            }
        }

        throw refusals.All(refusal => Ec2Errors.CodeOf(refusal) == NotOffered)
            ? refusals[^1]
            : ProvisionErrors.NoZoneHasCapacity(node.Name, region.Name, request.InstanceType, [.. node.Subnets.Select(subnet => subnet.AvailabilityZone).Distinct()], refusals[^1]);
    }

    private async Task<Instance> LaunchAsync(NodePlan node, Subnet subnet)
    {
        for (var generation = 0; ; generation++)
        {
            try
            {
                var answer = await region.AskAsync(ec2 => ec2.RunInstancesAsync(Describe(node, subnet, generation), cancellationToken), cancellationToken).ConfigureAwait(false);
                var instance = answer.Reservation.Instances[0];
                if (!IsGone(instance) || generation == Generations)
                    return instance;
            }
            catch (SwarmOpsException error) when (generation < Generations && Ec2Errors.CodeOf(error) is ("IdempotentInstanceTerminated" or "IdempotentParameterMismatch"))
            {
                // The token was used for this name before: by an instance that lives and was not listed yet, or by one that is gone.
                if (await FindAsync(node.Name).ConfigureAwait(false) is { } living)
                    return living;
            }
        }
    }

    private static bool IsGone(Instance instance) => instance.State?.Name == InstanceStateName.Terminated || instance.State?.Name == InstanceStateName.ShuttingDown;

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
            // A hop limit of 1 keeps containers away from the instance's metadata.
            MetadataOptions = new InstanceMetadataOptionsRequest { HttpTokens = HttpTokensState.Required, HttpEndpoint = InstanceMetadataEndpointState.Enabled, HttpPutResponseHopLimit = 1 },
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

    private BlockDeviceMapping RootVolume() => new()
    {
        DeviceName = ground.RootDevice,
        Ebs = new EbsBlockDevice { Encrypted = true, VolumeSize = Math.Max(request.VolumeSizeGiB, ground.RootSizeGiB), VolumeType = VolumeType.Gp3, DeleteOnTermination = true },
    };

    private InstanceNetworkInterfaceSpecification Card(Subnet subnet) => new()
    {
        DeviceIndex = 0,
        SubnetId = subnet.SubnetId,
        Groups = [groupId],
        // With an Elastic IP on its way a second public address would only be taken from under the first boot's downloads.
        AssociatePublicIpAddress = !request.ElasticIp,
        DeleteOnTermination = true,
    };
}
