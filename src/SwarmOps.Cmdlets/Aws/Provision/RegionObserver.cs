using System.Diagnostics;
using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Provision;

/// <summary>Reads a region before anything is changed: the cluster's resources and, if nodes are to be created, subnets and AMI.</summary>
internal sealed class RegionObserver(Ec2Region region, ProvisionRequest request, CancellationToken cancellationToken)
{
    /// <summary>Id prefixes of what an instance consists of. EC2 lists the tags of terminated instances for about an hour.</summary>
    private static readonly string[] PartsOfInstances = ["i-", "vol-", "eni-"];

    /// <summary>Reads the region.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/> and <see cref="ProvisionErrors"/>.</exception>
    public async Task<RegionState> ObserveAsync()
    {
        var began = Stopwatch.GetTimestamp();
        var state = await IsTakenForEmptyAsync().ConfigureAwait(false)
            ? new RegionState
            {
                Region = region.Name,
                ReadAt = began,
                IsTakenForEmpty = true,
            }
            : await ReadAsync().ConfigureAwait(false);
        return RegionPlan.Missing(request, state) == 0 ? state : state with { Ground = await GroundAsync().ConfigureAwait(false) };
    }

    /// <summary>Reads the cluster's resources, whatever EC2's list of tags contains.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/>.</exception>
    public async Task<RegionState> ReadAsync()
    {
        var began = Stopwatch.GetTimestamp();
        var inventory = ClusterInventory.ReadAsync(region, request.Cluster, cancellationToken);
        var addresses = new NodeAddresses(region, request.Cluster, cancellationToken).ReadAsync();
        var keyPair = KeyPairAsync();
        await Task.WhenAll(inventory, addresses, keyPair).ConfigureAwait(false);
        IReadOnlyList<Instance> instances = [.. inventory.Result.Instances.Where(instance => !InstanceStates.IsGoing(instance))];
        return new RegionState
        {
            Region = region.Name,
            ReadAt = began,
            Instances = instances,
            Protected = await ProtectedAsync(instances).ConfigureAwait(false),
            Groups = inventory.Result.Groups,
            Addresses = addresses.Result,
            KeyPair = keyPair.Result,
        };
    }

    /// <summary>One call instead of four for a region where the cluster has nothing, which is the rule when it is created.</summary>
    private async Task<bool> IsTakenForEmptyAsync()
    {
        var tagged = await ClusterInventory.TagsAsync(region, request.Cluster, cancellationToken).ConfigureAwait(false);
        return tagged.Count == 0
            || (
                tagged.All(tag => PartsOfInstances.Any(prefix => tag.ResourceId.StartsWith(prefix, StringComparison.Ordinal)))
                && (await ClusterInventory.InstancesAsync(region, request.Cluster, cancellationToken).ConfigureAwait(false)).Count == 0
            );
    }

    private async Task<IReadOnlySet<string>> ProtectedAsync(IReadOnlyList<Instance> instances)
    {
        var answers = await Task.WhenAll(
                (request.TerminationProtection ? instances : []).Select(async instance =>
                    (
                        instance.InstanceId,
                        Answer: await region
                            .AskAsync(
                                ec2 =>
                                    ec2.DescribeInstanceAttributeAsync(
                                        new DescribeInstanceAttributeRequest
                                        {
                                            InstanceId = instance.InstanceId,
                                            Attribute = InstanceAttributeName.DisableApiTermination,
                                        },
                                        cancellationToken
                                    ),
                                cancellationToken
                            )
                            .ConfigureAwait(false)
                    )
                )
            )
            .ConfigureAwait(false);
        return answers
            .Where(asked => asked.Answer.InstanceAttribute?.DisableApiTermination is true)
            .Select(asked => asked.InstanceId)
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Uses a filter instead of the name, because an unknown name would be an error.</summary>
    private async Task<KeyPairInfo?> KeyPairAsync()
    {
        var asked = new DescribeKeyPairsRequest
        {
            Filters = [new Filter("key-name", [ClusterNames.KeyPair(request.Cluster)])],
            IncludePublicKey = true,
        };
        var answer = await region
            .AskAsync(ec2 => ec2.DescribeKeyPairsAsync(asked, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return answer.KeyPairs?.FirstOrDefault();
    }

    private async Task<LaunchGround> GroundAsync()
    {
        var subnets = SubnetsAsync();
        var architectures = ArchitecturesAsync();
        await Task.WhenAll(subnets, architectures).ConfigureAwait(false);
        var image = await new ImageFinder(region, request, cancellationToken).FindAsync(architectures.Result).ConfigureAwait(false);
        var root = image.BlockDeviceMappings?.FirstOrDefault(mapping => mapping.DeviceName == image.RootDeviceName)?.Ebs;
        return new LaunchGround(
            subnets.Result,
            image.ImageId,
            image.Name ?? "no name",
            image.RootDeviceName ?? "/dev/sda1",
            root?.VolumeSize ?? 1
        );
    }

    private async Task<IReadOnlyList<Subnet>> SubnetsAsync()
    {
        var given = request.Subnets.GetValueOrDefault(region.Name);
        var asked = given is null
            ? new DescribeSubnetsRequest { Filters = [new Filter("default-for-az", ["true"]), new Filter("state", ["available"])] }
            : new DescribeSubnetsRequest { SubnetIds = [.. given] };
        var answer = await region
            .AskAsync(ec2 => ec2.DescribeSubnetsAsync(asked, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        var subnets = answer.Subnets ?? [];
        if (subnets.Count == 0)
            throw ProvisionErrors.RegionHasNoDefaultVpc(region.Name);
        var vpcs = subnets.Select(subnet => subnet.VpcId).Distinct(StringComparer.Ordinal).ToList();
        return vpcs.Count == 1
            ?
            [
                .. subnets
                    .OrderBy(subnet => subnet.AvailabilityZone, StringComparer.Ordinal)
                    .ThenBy(subnet => subnet.SubnetId, StringComparer.Ordinal),
            ]
            : throw ProvisionErrors.SubnetsInSeveralVpcs(region.Name, vpcs);
    }

    private async Task<IReadOnlyList<string>> ArchitecturesAsync()
    {
        var asked = new DescribeInstanceTypesRequest { InstanceTypes = [request.InstanceType] };
        var answer = await region
            .AskAsync(ec2 => ec2.DescribeInstanceTypesAsync(asked, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return answer.InstanceTypes?.FirstOrDefault()?.ProcessorInfo?.SupportedArchitectures ?? [];
    }
}
