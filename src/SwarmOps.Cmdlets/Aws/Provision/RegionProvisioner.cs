using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Provision;

/// <summary>Creates the missing resources of a region's plan. Every resource is tagged in the call that creates it, so that a later run finds it after any interruption.</summary>
internal sealed class RegionProvisioner(
    Ec2Region region,
    ProvisionRequest request,
    RegionPlan plan,
    FirewallIntent intent,
    Action<string, string> tell,
    CancellationToken cancellationToken
)
{
    private const string GroupDescription = "Nodes of a Docker swarm; the rules are made by SwarmOps";

    private readonly NodeAddresses addresses = new(region, request.Cluster, cancellationToken);

    private readonly Dictionary<string, string> groups = plan
        .State.Groups.GroupBy(group => group.VpcId)
        .ToDictionary(group => group.Key, group => group.First().GroupId);

    /// <summary>Creates the resources that all nodes of the region share.</summary>
    /// <param name="publicKey">The cluster's public key.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/>.</exception>
    public async Task PrepareAsync(string publicKey)
    {
        var importing = plan.ImportKeyPair ? ImportAsync(publicKey) : Task.CompletedTask;
        var making = plan.VpcsWithoutGroup.Select(async vpc => (Vpc: vpc, Id: await MakeGroupAsync(vpc).ConfigureAwait(false))).ToList();
        await Task.WhenAll([importing, .. making]).ConfigureAwait(false);
        foreach (var (vpc, id) in making.Select(made => made.Result))
            groups[vpc] = id;
    }

    /// <summary>Creates one node, until it runs with its final address.</summary>
    /// <exception cref="SwarmOpsException"><c>InstanceEnded</c>, <c>InstanceNotRunning</c>, <c>NoZoneHasCapacity</c>; those of <see cref="Ec2Errors"/>.</exception>
    public async Task<Instance> MakeAsync(NodePlan node, Deadline deadline)
    {
        var address = node.AllocateAddress ? AllocateAsync(node) : Task.FromResult(node.Address);
        var instance = node.Instance ?? await LaunchAsync(node, address).ConfigureAwait(false);
        if (node.AddGroup)
            await AddGroupAsync(instance).ConfigureAwait(false);
        if (node.Start)
            await StartAsync(node, instance, deadline).ConfigureAwait(false);
        var own = await address.ConfigureAwait(false);
        if (node.AssociateAddress && own is not null)
        {
            await UntilRunningAsync(node, instance.InstanceId, null, deadline).ConfigureAwait(false);
            tell(node.Name, "associating its Elastic IP address");
            var associate = new AssociateAddressRequest
            {
                AllocationId = own.AllocationId,
                InstanceId = instance.InstanceId,
                AllowReassociation = false,
            };
            await region.AskAsync(ec2 => ec2.AssociateAddressAsync(associate, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        if (node.Protect)
            await ProtectAsync(instance.InstanceId).ConfigureAwait(false);
        var running = await UntilRunningAsync(node, instance.InstanceId, own?.PublicIp, deadline).ConfigureAwait(false);
        // Only now: before it has its own address, another run may be about to associate one that looks surplus.
        if (own is not null && (node.AllocateAddress || node.Surplus.Count > 0))
            await addresses.ReleaseSurplusAsync(node.Name, own).ConfigureAwait(false);
        return running;
    }

    /// <summary>The address is allocated first, so that an account without free addresses does not end up with an unreachable instance.</summary>
    private async Task<Instance> LaunchAsync(NodePlan node, Task<Address?> address)
    {
        await address.ConfigureAwait(false);
        tell(node.Name, "launching the instance");
        var launcher = new InstanceLauncher(
            region,
            request,
            plan.State.Ground!,
            groups[node.VpcId!],
            text => tell(node.Name, text),
            cancellationToken
        );
        return await launcher.LaunchAsync(node).ConfigureAwait(false);
    }

    private async Task ImportAsync(string publicKey)
    {
        var name = ClusterNames.KeyPair(request.Cluster);
        var import = new ImportKeyPairRequest
        {
            KeyName = name,
            PublicKeyMaterial = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(publicKey)),
            TagSpecifications = [Tagged(ResourceType.KeyPair, name)],
        };
        try
        {
            await region.AskAsync(ec2 => ec2.ImportKeyPairAsync(import, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (Ec2Errors.CodeOf(error) == "InvalidKeyPair.Duplicate")
        {
            // Another run created it first. If it has another key, the nodes reject ours and the next run reports that.
        }
    }

    private async Task<string> MakeGroupAsync(string vpc)
    {
        var name = ClusterNames.SecurityGroup(request.Cluster);
        var tagged = Tagged(ResourceType.SecurityGroup, name);
        tagged.Tags.AddRange(intent.ToTags());
        var make = new CreateSecurityGroupRequest
        {
            GroupName = name,
            Description = GroupDescription,
            VpcId = vpc,
            TagSpecifications = [tagged],
        };
        try
        {
            return (
                await region.AskAsync(ec2 => ec2.CreateSecurityGroupAsync(make, cancellationToken), cancellationToken).ConfigureAwait(false)
            ).GroupId;
        }
        catch (SwarmOpsException error) when (Ec2Errors.CodeOf(error) == "InvalidGroup.Duplicate")
        {
            // Another run created it first, or EC2's list was outdated. A group without our tag does not belong to the cluster.
            var present = await ClusterInventory.GroupsAsync(region, request.Cluster, cancellationToken).ConfigureAwait(false);
            if (present.FirstOrDefault(group => group.VpcId == vpc) is { } found)
                return found.GroupId;
            throw;
        }
    }

    private async Task<Address?> AllocateAsync(NodePlan node) => await addresses.AllocateAsync(node.Name).ConfigureAwait(false);

    private async Task AddGroupAsync(Instance instance)
    {
        var change = new ModifyInstanceAttributeRequest
        {
            InstanceId = instance.InstanceId,
            Groups = [.. (instance.SecurityGroups ?? []).Select(group => group.GroupId), groups[instance.VpcId]],
        };
        await region.AskAsync(ec2 => ec2.ModifyInstanceAttributeAsync(change, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async Task StartAsync(NodePlan node, Instance instance, Deadline deadline)
    {
        tell(node.Name, "starting the stopped instance");
        if (instance.State?.Name == InstanceStateName.Stopping)
            await UntilAsync(node, instance.InstanceId, found => found.State?.Name == InstanceStateName.Stopped, deadline)
                .ConfigureAwait(false);
        await region
            .AskAsync(
                ec2 => ec2.StartInstancesAsync(new StartInstancesRequest { InstanceIds = [instance.InstanceId] }, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>Checks first: an existing instance may lack it, and so may a new one on a partial implementation of EC2.</summary>
    private async Task ProtectAsync(string instanceId)
    {
        var look = new DescribeInstanceAttributeRequest
        {
            InstanceId = instanceId,
            Attribute = InstanceAttributeName.DisableApiTermination,
        };
        var answer = await region
            .AskAsync(ec2 => ec2.DescribeInstanceAttributeAsync(look, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        if (answer.InstanceAttribute?.DisableApiTermination is true)
            return;
        var protect = new ModifyInstanceAttributeRequest { InstanceId = instanceId, DisableApiTermination = true };
        await region.AskAsync(ec2 => ec2.ModifyInstanceAttributeAsync(protect, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private Task<Instance> UntilRunningAsync(NodePlan node, string instanceId, string? publicAddress, Deadline deadline)
    {
        tell(node.Name, "waiting for the instance to run");
        return UntilAsync(
            node,
            instanceId,
            found => found.State?.Name == InstanceStateName.Running && (publicAddress is null || found.PublicIpAddress == publicAddress),
            deadline
        );
    }

    private async Task<Instance> UntilAsync(NodePlan node, string instanceId, Func<Instance, bool> isSo, Deadline deadline)
    {
        Instance? last = null;
        var pauses = new Pauses(deadline, cancellationToken);
        do
        {
            last = await LookAsync(instanceId).ConfigureAwait(false) ?? last;
            if (last is not null && isSo(last))
                return last;
            if (last is not null && InstanceStates.IsGoing(last))
                throw ProvisionErrors.InstanceEnded(node.Name, instanceId, last.State.Name, last.StateReason?.Message);
        } while (await pauses.NextAsync().ConfigureAwait(false));
        throw ProvisionErrors.InstanceNotRunning(node.Name, instanceId, last?.State?.Name.Value ?? "unknown", request.Timeout);
    }

    /// <summary>A new instance may not be listed yet.</summary>
    private async Task<Instance?> LookAsync(string instanceId)
    {
        try
        {
            var look = new DescribeInstancesRequest { InstanceIds = [instanceId] };
            var answer = await region
                .AskAsync(ec2 => ec2.DescribeInstancesAsync(look, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            return answer.Reservations?.FirstOrDefault()?.Instances?.FirstOrDefault();
        }
        catch (SwarmOpsException error) when (Ec2Errors.CodeOf(error) == "InvalidInstanceID.NotFound")
        {
            return null;
        }
    }

    private TagSpecification Tagged(ResourceType type, string name) =>
        new() { ResourceType = type, Tags = ClusterTags.For(request.Cluster, region.Name, name) };
}
