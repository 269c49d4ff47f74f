using Amazon.EC2.Model;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws;

/// <summary>
/// Removes instances of one cluster and what belongs to them: leaves the swarm, terminates, releases addresses, closes the other groups to them, and removes
/// groups and key pairs where the last node went. What is there is read from tags each time, so a run that was killed is finished by the next.
/// </summary>
internal sealed class RegionRemovalOperation(IOperationContext context, IEc2Clients clients, RemovalSelection selection, RegionRemovalOptions options)
{
    private const string Activity = "Remove-SwarmRegionNode";

    /// <summary>Runs it.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmLeave"/>; those of <see cref="Ec2Errors"/> when not even the regions can be listed.</exception>
    public async Task RunAsync()
    {
        var (found, unknown) = await ReadAsync().ConfigureAwait(false);
        var planned = found.Where(region => selection.Covers(region.Region)).Select(Plan).ToList();
        foreach (var region in planned.Where(_ => selection.Nodes is null))
            TellOfForeign(region);
        if (planned.All(region => region.Nodes.Count == 0 && !region.HasRest && region.Addresses.Count == 0))
        {
            context.WriteWarning($"Nothing of the cluster '{selection.Cluster}' that is to go is there{(unknown.Count == 0 ? "" : $", as far as regions could be asked: {string.Join(", ", unknown)} could not")}.");
            return;
        }

        var leave = new SwarmLeave(context, Staying(found, planned))
        {
            Whole = selection.IsWhole,
            Force = options.Force,
            Drain = options.Drain,
            Timeout = options.Timeout,
            Lock = options.Lock,
            ThrottleLimit = options.ThrottleLimit,
        };
        var steps = await leave.PlanAsync(Members(planned)).ConfigureAwait(false);
        planned = [.. planned.Select(region => Without(region, steps.Blocked))];
        var agreed = await AskAsync(planned, steps).ConfigureAwait(false);
        var stuck = await leave.RunAsync([.. Members(agreed).Where(node => steps.Steps.ContainsKey(node.ToString()))]).ConfigureAwait(false);
        agreed = [.. agreed.Select(region => Without(region, stuck))];
        await RemoveAsync(found, agreed, unknown).ConfigureAwait(false);
    }

    private async Task<(IReadOnlyList<RegionResources> Found, IReadOnlyList<string> Unknown)> ReadAsync()
    {
        Say("reads all regions");
        var regions = await clients.AllRegionsAsync(context.CancellationToken).ConfigureAwait(false);
        var outcomes = await RegionWork.InAllAsync(
            regions, options.ThrottleLimit, region => RegionResources.FindAsync(clients.In(region), selection.Cluster, context.CancellationToken), context.CancellationToken).ConfigureAwait(false);
        return (outcomes.Reported(context, clients.GivenRegions), outcomes.Unknown());
    }

    private RegionRemoval Plan(RegionResources found)
    {
        List<RemovedInstance> nodes = [.. found.Instances.Where(instance => selection.Holds(instance, found.Region)).Select(instance => new RemovedInstance(instance, NodeOf(instance, found.Region)))];
        var gone = (selection.Nodes ?? []).Where(node => node.Region == found.Region && nodes.All(live => live.Instance.InstanceId != node.InstanceId));
        return new RegionRemoval(found, nodes, [.. gone]);
    }

    /// <summary>What has the cluster's tag, or is ours and in use elsewhere, and stays all the same.</summary>
    private void TellOfForeign(RegionRemoval region)
    {
        if (region.Found.Foreign is { Count: > 0 } instances)
        {
            context.WriteWarning($"In {region.Region} {string.Join(", ", instances.Select(instance => instance.InstanceId))} stay, with the security group and the key pair: they have the tag of the cluster "
                + $"'{selection.Cluster}', but not {ClusterTags.Region}={region.Region}, which is on all that SwarmOps made.");
        }

        foreach (var address in region.AddressesInUse)
            context.WriteWarning($"The Elastic IP {address.PublicIp} ({address.AllocationId} in {region.Region}) stays: {address.InstanceId ?? address.NetworkInterfaceId ?? "something else"} uses it, which is not of the cluster '{selection.Cluster}'.");
    }

    /// <summary>As it was given, with its key; else as the tags describe it.</summary>
    private SwarmNode NodeOf(Instance instance, string region)
    {
        if (selection.Nodes?.FirstOrDefault(node => node.InstanceId == instance.InstanceId) is { } given)
            return given;
        var key = options.KeyFilePath ?? selection.Nodes?.Select(node => node.KeyFilePath).FirstOrDefault(path => path is not null)
            ?? (ClusterNames.KeyFile(selection.Cluster) is var own && File.Exists(own) ? own : null);
        return InstanceMapper.ToNode(instance, region, key, options.Credential ?? selection.Nodes?.Select(node => node.Credential).FirstOrDefault(secret => secret is not null));
    }

    /// <summary>The cluster's other nodes: there may be managers among them to go through.</summary>
    private IReadOnlyList<SwarmNode> Staying(IReadOnlyList<RegionResources> found, List<RegionRemoval> planned)
    {
        var going = planned.SelectMany(region => region.InstanceIds).ToHashSet();
        var others = found.SelectMany(region => region.Instances.Where(instance => !going.Contains(instance.InstanceId)).Select(instance => new RemovedInstance(instance, NodeOf(instance, region.Region))));
        return NodeSet.Union(options.Managers, [.. others.Where(other => other.MayBeMember).Select(other => other.Node)]);
    }

    private static List<SwarmNode> Members(IEnumerable<RegionRemoval> regions) => [.. regions.SelectMany(region => region.Nodes).Where(node => node.MayBeMember).Select(node => node.Node)];

    private static RegionRemoval Without(RegionRemoval region, IReadOnlySet<string> names) => region with { Nodes = [.. region.Nodes.Where(node => !names.Contains(node.Node.Name))] };

    /// <summary>One question a node, one a region for what is left there then.</summary>
    private async Task<List<RegionRemoval>> AskAsync(List<RegionRemoval> planned, SwarmLeavePlan steps)
    {
        var agreed = new List<RegionRemoval>();
        foreach (var region in planned)
        {
            var nodes = new List<RemovedInstance>();
            foreach (var node in region.Nodes)
            {
                if (await context.ShouldProcessAsync(node.Node.ToString(), RemovalWords.Terminate(node, region, steps)).ConfigureAwait(false))
                    nodes.Add(node);
            }

            // Asked under -WhatIf, too, where every answer is no; done only where the answers left no node.
            var rest = region.HasRest && (nodes.Count == region.Nodes.Count || nodes.Count == 0)
                && await context.ShouldProcessAsync($"region {region.Region}", RemovalWords.Rest(region)).ConfigureAwait(false);
            var chosen = region with { Nodes = nodes, KeepRest = region.HasRest && !rest };
            if (nodes.Count > 0 || (rest && chosen.Ends) || await AgreesToAddressesAsync(region).ConfigureAwait(false))
                agreed.Add(chosen);
        }

        return agreed;
    }

    /// <summary>Addresses of a node whose instance an earlier, killed run terminated, where the region has others.</summary>
    private async Task<bool> AgreesToAddressesAsync(RegionRemoval region) =>
        !region.Ends && region.Nodes.Count == 0 && region.Addresses.Count > 0 && await context.ShouldProcessAsync($"region {region.Region}", RemovalWords.Addresses(region)).ConfigureAwait(false);

    private async Task RemoveAsync(IReadOnlyList<RegionResources> found, List<RegionRemoval> agreed, IReadOnlyList<string> unknown)
    {
        if (agreed.Count == 0)
            return;
        Say($"terminates {agreed.Sum(region => region.Nodes.Count)} instances");
        var teardowns = agreed.ToDictionary(region => region.Region, region => new RegionTeardown(clients.In(region.Region), options.Timeout, context.CancellationToken));
        var terminated = await EachAsync(agreed, async region =>
        {
            if (region.Nodes.Count > 0)
                await teardowns[region.Region].TerminateAsync(region.InstanceIds, options.Force).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await CloseOthersAsync(found, agreed, unknown).ConfigureAwait(false);
        Say("waits until they are terminated, and removes what belongs to them");
        var finished = await EachAsync(terminated, region => FinishAsync(teardowns[region.Region], region)).ConfigureAwait(false);
        await EachAsync(finished, VerifyAsync).ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, Activity, "done", 100, Completed: true));
    }

    /// <summary>Closes the groups that stay to the nodes that go.</summary>
    private async Task CloseOthersAsync(IReadOnlyList<RegionResources> found, List<RegionRemoval> agreed, IReadOnlyList<string> unknown)
    {
        var ending = agreed.Where(region => region.Ends).Select(region => region.Region).ToHashSet();
        var staying = found.Where(region => region.Groups.Count > 0 && !ending.Contains(region.Region)).Select(region => region.Region).ToHashSet();
        if (staying.Count == 0)
            return;
        var firewall = new FirewallOperation(context, clients, selection.Cluster)
        {
            Ask = false,
            Leaving = agreed.SelectMany(region => region.InstanceIds).ToHashSet(),
            Regions = staying,
            ThrottleLimit = options.ThrottleLimit,
        };
        await firewall.RunAsync(new ClusterSurvey([.. found.Select(region => region.Inventory)], unknown)).ConfigureAwait(false);
    }

    private static async Task FinishAsync(RegionTeardown teardown, RegionRemoval region)
    {
        await Task.WhenAll(region.Addresses.Select(teardown.ReleaseAsync)).ConfigureAwait(false);
        // Those that an earlier run has begun to terminate hold the group, too.
        var going = region.Found.Instances.Where(InstanceStates.IsGoing).Select(instance => instance.InstanceId);
        await teardown.WaitUntilTerminatedAsync([.. region.InstanceIds.Union(going)]).ConfigureAwait(false);
        if (!region.Ends)
            return;
        await Task.WhenAll([.. region.Found.Groups.Select(group => teardown.DeleteGroupAsync(group.GroupId)), .. region.Found.KeyPairs.Select(teardown.DeleteKeyPairAsync)]).ConfigureAwait(false);
    }

    /// <summary>Asks EC2 itself whether anything with the cluster's tag is left where all was to go.</summary>
    private async Task VerifyAsync(RegionRemoval region)
    {
        if (!region.Ends || !selection.Covers(region.Region))
            return;
        await new LeftoverCheck(clients.In(region.Region), options.Timeout, context.CancellationToken).RunAsync(selection.Cluster).ConfigureAwait(false);
    }

    private async Task<List<RegionRemoval>> EachAsync(IReadOnlyList<RegionRemoval> regions, Func<RegionRemoval, Task> work)
    {
        var byName = regions.ToDictionary(region => region.Region);
        var outcomes = await RegionWork.InAllAsync(
            [.. byName.Keys],
            options.ThrottleLimit,
            async name =>
            {
                await work(byName[name]).ConfigureAwait(false);
                return byName[name];
            },
            context.CancellationToken).ConfigureAwait(false);
        return [.. outcomes.Reported(context, [.. byName.Keys])];
    }

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, Activity, $"{selection.Cluster}: {status}"));
}
