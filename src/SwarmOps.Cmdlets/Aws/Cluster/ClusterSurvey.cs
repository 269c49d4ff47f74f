using SwarmOps.Aws.Api;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Cluster;

/// <summary>The resources with a cluster's tag in all enabled or specified regions.</summary>
/// <param name="Regions">The regions that answered.</param>
/// <param name="Unknown">The regions that could not be queried: the cluster may have resources there.</param>
internal sealed record ClusterSurvey(IReadOnlyList<RegionInventory> Regions, IReadOnlyList<string> Unknown)
{
    /// <summary>Reads instances and security groups. A region that cannot be queried is reported.</summary>
    /// <param name="context">Where to report.</param>
    /// <param name="clients">EC2.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="throttleLimit">How many regions are read at the same time.</param>
    /// <param name="known">Regions that need not be read again.</param>
    public static Task<ClusterSurvey> TakeAsync(
        IOperationContext context,
        IEc2Clients clients,
        string cluster,
        int throttleLimit,
        IReadOnlyDictionary<string, RegionInventory> known
    ) =>
        TakeAsync(
            context,
            clients,
            throttleLimit,
            region =>
                known.TryGetValue(region.Name, out var read)
                    ? Task.FromResult(read)
                    : ClusterInventory.ReadAsync(region, cluster, context.CancellationToken)
        );

    /// <summary>Reads only the instances.</summary>
    public static Task<ClusterSurvey> OfInstancesAsync(IOperationContext context, IEc2Clients clients, string cluster, int throttleLimit) =>
        TakeAsync(
            context,
            clients,
            throttleLimit,
            async region => new RegionInventory(
                region.Name,
                await ClusterInventory.InstancesAsync(region, cluster, context.CancellationToken).ConfigureAwait(false),
                []
            )
        );

    /// <summary>Reads only the security groups, except in regions that were read before.</summary>
    public static Task<ClusterSurvey> OfGroupsAsync(
        IOperationContext context,
        IEc2Clients clients,
        string cluster,
        int throttleLimit,
        IReadOnlyDictionary<string, RegionInventory> known
    ) =>
        TakeAsync(
            context,
            clients,
            throttleLimit,
            async region =>
                known.TryGetValue(region.Name, out var read)
                    ? read
                    : new RegionInventory(
                        region.Name,
                        [],
                        await ClusterInventory.GroupsAsync(region, cluster, context.CancellationToken).ConfigureAwait(false)
                    )
        );

    private static async Task<ClusterSurvey> TakeAsync(
        IOperationContext context,
        IEc2Clients clients,
        int throttleLimit,
        Func<Ec2Region, Task<RegionInventory>> read
    )
    {
        var regions = await clients.AllRegionsAsync(context.CancellationToken).ConfigureAwait(false);
        var outcomes = await RegionWork
            .InAllAsync(regions, throttleLimit, region => read(clients.In(region)), context.CancellationToken)
            .ConfigureAwait(false);
        return new ClusterSurvey(outcomes.Reported(context, clients.GivenRegions), outcomes.Unknown());
    }
}
