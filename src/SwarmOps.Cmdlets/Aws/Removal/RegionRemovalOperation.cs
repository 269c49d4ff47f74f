using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Removal;

/// <summary>
/// Removes instances of one cluster and their resources: leaves the swarm, terminates instances, releases addresses, revokes rules in the other groups, and deletes
/// groups and key pairs in regions without nodes. All state is read from tags, so the next run completes an interrupted one.
/// </summary>
internal sealed class RegionRemovalOperation(IOperationContext context, IEc2Clients clients, RegionRemovalRequest request)
{
    private const string Activity = "Remove-SwarmRegionNode";

    private readonly RemovalSelection selection = request.Selection;
    private readonly RegionRemovalOptions options = request.Options;

    /// <summary>Runs the removal.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmLeave"/>; those of <see cref="Ec2Errors"/> if the regions cannot be listed.</exception>
    public async Task RunAsync()
    {
        var (found, unknown) = await ReadAsync().ConfigureAwait(false);
        var planned = found.Where(region => selection.Covers(region.Region)).Select(Plan).ToList();
        foreach (var region in planned.Where(_ => selection.Nodes is null))
            TellOfForeign(region);
        if (planned.All(region => region.Nodes.Count == 0 && !region.HasRest && region.Addresses.Count == 0))
        {
            context.WriteWarning(
                $"The cluster '{selection.Cluster}' has nothing to remove{(unknown.Count == 0 ? "" : $" in the regions that could be queried; {string.Join(", ", unknown)} could not be queried")}."
            );
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
        var stuck = await leave
            .RunAsync([.. Members(agreed).Where(node => steps.Steps.ContainsKey(node.ToString()))])
            .ConfigureAwait(false);
        agreed = [.. agreed.Select(region => Without(region, stuck))];
        await RemoveAsync(found, agreed, unknown).ConfigureAwait(false);
    }

    private async Task<(IReadOnlyList<RegionResources> Found, IReadOnlyList<string> Unknown)> ReadAsync()
    {
        Say("Reading all regions");
        var regions = await clients.AllRegionsAsync(context.CancellationToken).ConfigureAwait(false);
        var outcomes = await RegionWork
            .InAllAsync(
                regions,
                options.ThrottleLimit,
                region => RegionResources.FindAsync(clients.In(region), selection.Cluster, context.CancellationToken),
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return (outcomes.Reported(context, clients.GivenRegions), outcomes.Unknown());
    }

    private RegionRemoval Plan(RegionResources found)
    {
        List<RemovedInstance> nodes =
        [
            .. found
                .Instances.Where(instance => selection.Holds(instance, found.Region))
                .Select(instance => new RemovedInstance(instance, NodeOf(instance, found.Region))),
        ];
        var gone = (selection.Nodes ?? []).Where(node =>
            node.Region == found.Region && nodes.All(live => live.Instance.InstanceId != node.InstanceId)
        );
        return new RegionRemoval(found, nodes, [.. gone]);
    }

    /// <summary>Warns of resources that are kept: not created by SwarmOps, or in use by others.</summary>
    private void TellOfForeign(RegionRemoval region)
    {
        if (region.Found.Foreign is { Count: > 0 } instances)
        {
            context.WriteWarning(
                $"In {region.Region} {string.Join(", ", instances.Select(instance => instance.InstanceId))} are kept, with the security group and the key pair: they have the tag of the cluster "
                    + $"'{selection.Cluster}', but not {ClusterTags.Region}={region.Region}, which SwarmOps sets on everything that it creates."
            );
        }

        foreach (var address in region.AddressesInUse)
            context.WriteWarning(
                $"The Elastic IP address {address.PublicIp} ({address.AllocationId} in {region.Region}) is kept: it is in use by {address.InstanceId ?? address.NetworkInterfaceId ?? "another resource"}, which does not belong to the cluster '{selection.Cluster}'."
            );
    }

    /// <summary>The specified node, with its key; else the node as described by the tags.</summary>
    private SwarmNode NodeOf(Instance instance, string region)
    {
        if (selection.Nodes?.FirstOrDefault(node => node.InstanceId == instance.InstanceId) is { } given)
            return given;
        var key =
            options.KeyFilePath
            ?? selection.Nodes?.Select(node => node.KeyFilePath).FirstOrDefault(path => path is not null)
            ?? (ClusterNames.KeyFile(selection.Cluster) is var own && File.Exists(own) ? own : null);
        return InstanceMapper.ToNode(
            instance,
            region,
            key,
            options.Credential ?? selection.Nodes?.Select(node => node.Credential).FirstOrDefault(secret => secret is not null)
        );
    }

    /// <summary>The cluster's other nodes, which may include managers for contacting the swarm.</summary>
    private IReadOnlyList<SwarmNode> Staying(IReadOnlyList<RegionResources> found, List<RegionRemoval> planned)
    {
        var going = planned.SelectMany(region => region.InstanceIds).ToHashSet();
        var others = found.SelectMany(region =>
            region
                .Instances.Where(instance => !going.Contains(instance.InstanceId))
                .Select(instance => new RemovedInstance(instance, NodeOf(instance, region.Region)))
        );
        return NodeSet.Union(options.Managers, [.. others.Where(other => other.MayBeMember).Select(other => other.Node)]);
    }

    private static List<SwarmNode> Members(IEnumerable<RegionRemoval> regions) =>
        [.. regions.SelectMany(region => region.Nodes).Where(node => node.MayBeMember).Select(node => node.Node)];

    private static RegionRemoval Without(RegionRemoval region, IReadOnlySet<string> names) =>
        region with
        {
            Nodes = [.. region.Nodes.Where(node => !names.Contains(node.Node.Name))],
        };

    /// <summary>One confirmation per node, and one per region for the remaining resources.</summary>
    private async Task<List<RegionRemoval>> AskAsync(List<RegionRemoval> planned, SwarmLeavePlan steps)
    {
        var agreed = new List<RegionRemoval>();
        foreach (var region in planned)
        {
            var nodes = new List<RemovedInstance>();
            foreach (var node in region.Nodes)
            {
                if (
                    await context
                        .ShouldProcessAsync(node.Node.ToString(), RemovalWords.Terminate(node, region, steps))
                        .ConfigureAwait(false)
                )
                    nodes.Add(node);
            }

            // Also shown with -WhatIf; done only if no node is left.
            var rest =
                region.HasRest
                && (nodes.Count == region.Nodes.Count || nodes.Count == 0)
                && await context.ShouldProcessAsync($"region {region.Region}", RemovalWords.Rest(region)).ConfigureAwait(false);
            var chosen = region with { Nodes = nodes, KeepRest = region.HasRest && !rest };
            if (nodes.Count > 0 || (rest && chosen.Ends) || await AgreesToAddressesAsync(region).ConfigureAwait(false))
                agreed.Add(chosen);
        }

        return agreed;
    }

    /// <summary>Addresses of a node whose instance an interrupted run terminated, in a region with other nodes.</summary>
    private async Task<bool> AgreesToAddressesAsync(RegionRemoval region) =>
        !region.Ends
        && region.Nodes.Count == 0
        && region.Addresses.Count > 0
        && await context.ShouldProcessAsync($"region {region.Region}", RemovalWords.Addresses(region)).ConfigureAwait(false);

    private async Task RemoveAsync(IReadOnlyList<RegionResources> found, List<RegionRemoval> agreed, IReadOnlyList<string> unknown)
    {
        if (agreed.Count == 0)
            return;
        Say($"Terminating {agreed.Sum(region => region.Nodes.Count)} instances");
        var teardowns = agreed.ToDictionary(
            region => region.Region,
            region => new RegionTeardown(clients.In(region.Region), options.Timeout, context.CancellationToken)
        );
        var terminated = await EachAsync(
                agreed,
                async region =>
                {
                    if (region.Nodes.Count > 0)
                        await teardowns[region.Region].TerminateAsync(region.InstanceIds, options.Force).ConfigureAwait(false);
                }
            )
            .ConfigureAwait(false);
        await CloseOthersAsync(found, agreed, unknown).ConfigureAwait(false);
        Say("Waiting for termination and removing their resources");
        var finished = await EachAsync(terminated, region => FinishAsync(teardowns[region.Region], region)).ConfigureAwait(false);
        await EachAsync(finished, VerifyAsync).ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
    }

    /// <summary>Revokes the rules for removed nodes in the remaining groups.</summary>
    private async Task CloseOthersAsync(IReadOnlyList<RegionResources> found, List<RegionRemoval> agreed, IReadOnlyList<string> unknown)
    {
        var ending = agreed.Where(region => region.Ends).Select(region => region.Region).ToHashSet();
        var staying = found
            .Where(region => region.Groups.Count > 0 && !ending.Contains(region.Region))
            .Select(region => region.Region)
            .ToHashSet();
        if (staying.Count == 0)
            return;
        var firewall = new FirewallOperation(
            context,
            clients,
            new FirewallRequest(selection.Cluster)
            {
                Ask = false,
                Leaving = agreed.SelectMany(region => region.InstanceIds).ToHashSet(),
                Regions = staying,
                Survey = new ClusterSurvey([.. found.Select(region => region.Inventory)], unknown),
                ThrottleLimit = options.ThrottleLimit,
            }
        );
        await firewall.RunAsync().ConfigureAwait(false);
    }

    private static async Task FinishAsync(RegionTeardown teardown, RegionRemoval region)
    {
        // Instances that an earlier run is terminating still use the group, too.
        var going = region.Found.Instances.Where(InstanceStates.IsGoing).Select(instance => instance.InstanceId);
        await teardown.WaitUntilTerminatedAsync([.. region.InstanceIds.Union(going)]).ConfigureAwait(false);
        // A terminated instance has lost its address, which saves a call for each; a run that is interrupted before finds them by their tags.
        await Task.WhenAll(region.Addresses.Select(teardown.ReleaseAsync)).ConfigureAwait(false);
        if (!region.Ends)
            return;
        await Task.WhenAll([
                .. region.Found.Groups.Select(group => teardown.DeleteGroupAsync(group.GroupId)),
                .. region.Found.KeyPairs.Select(teardown.DeleteKeyPairAsync),
            ])
            .ConfigureAwait(false);
    }

    /// <summary>Checks with EC2 whether anything with the cluster's tag is left in regions where all was to be removed.</summary>
    private async Task VerifyAsync(RegionRemoval region)
    {
        if (!region.Ends || !selection.Covers(region.Region))
            return;
        await new LeftoverCheck(clients.In(region.Region), options.Timeout, context.CancellationToken)
            .RunAsync(selection.Cluster)
            .ConfigureAwait(false);
    }

    private async Task<List<RegionRemoval>> EachAsync(IReadOnlyList<RegionRemoval> regions, Func<RegionRemoval, Task> work)
    {
        var byName = regions.ToDictionary(region => region.Region);
        var outcomes = await RegionWork
            .InAllAsync(
                [.. byName.Keys],
                options.ThrottleLimit,
                async name =>
                {
                    await work(byName[name]).ConfigureAwait(false);
                    return byName[name];
                },
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return [.. outcomes.Reported(context, [.. byName.Keys])];
    }

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, Activity, $"{selection.Cluster}: {status}"));
}
