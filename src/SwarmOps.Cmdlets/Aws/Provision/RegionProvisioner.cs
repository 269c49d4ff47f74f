using System.Collections.Concurrent;
using System.Diagnostics;
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
    private readonly RegionWatch watch = new(region, request, cancellationToken);

    /// <summary>The instances that were made, by id, with the addresses that EC2 may not list yet.</summary>
    private readonly ConcurrentDictionary<string, Instance> made = new(StringComparer.Ordinal);

    /// <summary>The cluster's security groups in the region, as last read.</summary>
    public IReadOnlyList<SecurityGroup> Groups { get; private set; } = plan.State.Groups;

    /// <summary>When the last security group of the region was created at the latest, as a timestamp of <see cref="Stopwatch"/>; 0 if none was in this run.</summary>
    public long GroupsCreatedAt { get; set; }

    /// <summary>Creates the resources that all nodes of the region share.</summary>
    /// <param name="publicKey">The cluster's public key.</param>
    /// <returns>False if the region was taken for empty and is not: its plan is to be made again from all that is there.</returns>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/>.</exception>
    public async Task<bool> PrepareAsync(string publicKey)
    {
        var importing = plan.ImportKeyPair ? ImportAsync(publicKey) : Task.FromResult(true);
        var making = plan.VpcsWithoutGroup.Select(MakeGroupAsync).ToList();
        await Task.WhenAll([importing, .. making]).ConfigureAwait(false);
        var created = making.Select(task => task.Result).ToList();
        Groups = [.. Groups, .. created.Select(group => group.Group)];
        if (created.Count > 0)
            GroupsCreatedAt = Stopwatch.GetTimestamp();
        return !plan.State.IsTakenForEmpty || (importing.Result && created.All(group => group.IsNew));
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
        instance = await UntilRunningAsync(node, instance, node.AssociateAddress ? null : own?.PublicIp, deadline).ConfigureAwait(false);
        if (node.AssociateAddress && own is not null)
            await AssociateAsync(node, instance, own).ConfigureAwait(false);
        if (node.Protect)
            await ProtectAsync(instance.InstanceId).ConfigureAwait(false);
        made[instance.InstanceId] = instance;
        // Only now: before it has its own address, another run may be about to associate one that looks surplus.
        if (own is not null && (addresses.MayHaveSurplus(node.Name) || node.Surplus.Count > 0))
            await addresses.ReleaseSurplusAsync(node.Name, own).ConfigureAwait(false);
        return instance;
    }

    /// <summary>What this run knows of the region, so that it need not be read again for the rules; null if that is too old.</summary>
    /// <param name="since">
    /// When the cluster's last security group was created. Another administrator's node that was read neither here nor, with that group, by its own run would be
    /// missing in the group: one of the two runs has to read what the other has written.
    /// </param>
    public RegionInventory? Inventory(long since)
    {
        var (instances, at) = watch.Last ?? new RegionWatch.Reading(plan.State.Instances, plan.State.ReadAt);
        if (at < since)
            return null;
        // EC2's word counts, unless it does not show the address of an instance of this run yet.
        var listed = instances.ToDictionary(instance => instance.InstanceId, StringComparer.Ordinal);
        foreach (var (id, instance) in made)
        {
            if (!listed.TryGetValue(id, out var found) || (found.PublicIpAddress is null && !InstanceStates.IsGoing(found)))
                listed[id] = instance;
        }

        return new RegionInventory(region.Name, [.. listed.Values.Where(instance => !ClusterInventory.IsTerminated(instance))], Groups);
    }

    /// <summary>Takes over what was read after a change of the rules. A group that EC2 does not list yet is kept.</summary>
    public void See(IReadOnlyList<SecurityGroup> groups) =>
        Groups = [.. groups, .. Groups.Where(known => groups.All(group => group.GroupId != known.GroupId))];

    /// <summary>EC2's response is the proof: the list of instances may show the address only later.</summary>
    private async Task AssociateAsync(NodePlan node, Instance instance, Address own)
    {
        tell(node.Name, "associating its Elastic IP address");
        var associate = new AssociateAddressRequest
        {
            AllocationId = own.AllocationId,
            InstanceId = instance.InstanceId,
            AllowReassociation = false,
        };
        await region.AskAsync(ec2 => ec2.AssociateAddressAsync(associate, cancellationToken), cancellationToken).ConfigureAwait(false);
        instance.PublicIpAddress = own.PublicIp;
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
            GroupIn(node.VpcId!),
            text => tell(node.Name, text),
            cancellationToken
        );
        return await launcher.LaunchAsync(node).ConfigureAwait(false);
    }

    private string GroupIn(string vpc) => Groups.First(group => group.VpcId == vpc).GroupId;

    /// <returns>False if the key pair existed.</returns>
    private async Task<bool> ImportAsync(string publicKey)
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
            return true;
        }
        catch (SwarmOpsException error) when (Ec2Errors.CodeOf(error) == "InvalidKeyPair.Duplicate")
        {
            // Another run created it first. If it has another key, the nodes reject ours and the next run reports that.
            return false;
        }
    }

    private async Task<(SecurityGroup Group, bool IsNew)> MakeGroupAsync(string vpc)
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
            var answer = await region
                .AskAsync(ec2 => ec2.CreateSecurityGroupAsync(make, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            return (
                new SecurityGroup
                {
                    GroupId = answer.GroupId,
                    GroupName = name,
                    VpcId = vpc,
                    Tags = tagged.Tags,
                },
                true
            );
        }
        catch (SwarmOpsException error) when (Ec2Errors.CodeOf(error) == "InvalidGroup.Duplicate")
        {
            // Another run created it first, or EC2's list was outdated. A group without our tag does not belong to the cluster.
            var present = await ClusterInventory.GroupsAsync(region, request.Cluster, cancellationToken).ConfigureAwait(false);
            if (present.FirstOrDefault(group => group.VpcId == vpc) is { } found)
                return (found, false);
            throw;
        }
    }

    private async Task<Address?> AllocateAsync(NodePlan node) => await addresses.AllocateAsync(node.Name).ConfigureAwait(false);

    private async Task AddGroupAsync(Instance instance)
    {
        var change = new ModifyInstanceAttributeRequest
        {
            InstanceId = instance.InstanceId,
            Groups = [.. (instance.SecurityGroups ?? []).Select(group => group.GroupId), GroupIn(instance.VpcId)],
        };
        await region.AskAsync(ec2 => ec2.ModifyInstanceAttributeAsync(change, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async Task StartAsync(NodePlan node, Instance instance, Deadline deadline)
    {
        tell(node.Name, "starting the stopped instance");
        if (instance.State?.Name == InstanceStateName.Stopping)
            await watch
                .UntilAsync(node.Name, instance.InstanceId, found => found.State?.Name == InstanceStateName.Stopped, deadline)
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

    /// <summary>Needs no call if it already is.</summary>
    private Task<Instance> UntilRunningAsync(NodePlan node, Instance instance, string? publicAddress, Deadline deadline)
    {
        if (IsSo(instance))
            return Task.FromResult(instance);
        tell(node.Name, "waiting for the instance to run");
        return watch.UntilAsync(node.Name, instance.InstanceId, IsSo, deadline);

        bool IsSo(Instance found) =>
            found.State?.Name == InstanceStateName.Running
            && (publicAddress is null || found.PublicIpAddress == publicAddress)
            && (!node.AddGroup || InstanceGroups.Of(found).Contains(GroupIn(found.VpcId)));
    }

    private TagSpecification Tagged(ResourceType type, string name) =>
        new() { ResourceType = type, Tags = ClusterTags.For(request.Cluster, region.Name, name) };
}
