using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Pipeline;

namespace SwarmOps.Recovery.Replacing;

/// <summary>
/// Gives a node of a cluster a new instance: the old one leaves the swarm and is terminated, its Elastic IP address stays, the new one takes name and address, joins, and is what the old one was.
/// Runs under the swarm's lock. What was the old instance is in the labels of its entry in the swarm, so the same command completes a run that was interrupted.
/// </summary>
internal sealed class ReplaceOperation(IOperationContext context, IEc2Clients clients, ReplaceRequest request)
{
    /// <summary>Runs it and emits the node.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="ReplaceErrors"/>, of leaving, EC2, joining and promoting, and the transport's.</exception>
    public async Task RunAsync()
    {
        var cluster = request.Provision.Cluster;
        var region = ClusterNames.RegionOfNode(cluster, request.Name) ?? throw ReplaceErrors.ReplacedNameInvalid(request.Name, cluster);
        await ChangeScope
            .RunAsync(
                context,
                request.Lock,
                async scope =>
                {
                    var instances = await ReadAsync(scope, region).ConfigureAwait(false);
                    await new Replacement(scope, clients, request, region, instances).RunAsync().ConfigureAwait(false);
                }
            )
            .ConfigureAwait(false);
    }

    /// <summary>The cluster's instances in all regions; what is there in a region that cannot be read is told as a warning or an error.</summary>
    private async Task<IReadOnlyList<(Instance Instance, string Region)>> ReadAsync(IOperationContext scope, string region)
    {
        scope.WriteProgress(new OperationProgress(0, Replacement.Activity, "Reading all regions"));
        var outcomes = await RegionWork
            .InAllAsync(
                await clients.AllRegionsAsync(scope.CancellationToken).ConfigureAwait(false),
                request.Provision.ThrottleLimit,
                async name => new RegionInventory(
                    name,
                    await ClusterInventory
                        .InstancesAsync(clients.In(name), request.Provision.Cluster, scope.CancellationToken)
                        .ConfigureAwait(false),
                    []
                ),
                scope.CancellationToken
            )
            .ConfigureAwait(false);
        RequireRegion(outcomes, request.Name, region);
        return
        [
            .. outcomes
                .Reported(scope, clients.GivenRegions)
                .SelectMany(found =>
                    found.Instances.Where(instance => !InstanceStates.IsGoing(instance)).Select(instance => (instance, found.Region))
                ),
        ];
    }

    /// <summary>Refuses to go on without the node's own region: an instance that could not be read is not one that does not exist.</summary>
    internal static void RequireRegion(IReadOnlyList<RegionOutcome<RegionInventory>> outcomes, string name, string region)
    {
        var own = outcomes.FirstOrDefault(outcome => outcome.Region == region) ?? throw ReplaceErrors.ReplacedRegionNotRead(name, region);
        if (own.Error is { } error)
            throw error;
    }
}
