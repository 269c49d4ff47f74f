using SwarmOps.Aws.Api;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Cluster;

/// <summary>The resources with a cluster's tag in all regions.</summary>
/// <param name="Regions">The regions that answered.</param>
/// <param name="Unknown">The regions that could not be queried: the cluster may have resources there.</param>
internal sealed record ClusterSurvey(IReadOnlyList<RegionInventory> Regions, IReadOnlyList<string> Unknown)
{
    /// <summary>Reads instances and security groups in every enabled or specified region. A region that cannot be queried is reported.</summary>
    public static async Task<ClusterSurvey> TakeAsync(IOperationContext context, IEc2Clients clients, string cluster, int throttleLimit)
    {
        var regions = await clients.AllRegionsAsync(context.CancellationToken).ConfigureAwait(false);
        var outcomes = await RegionWork
            .InAllAsync(
                regions,
                throttleLimit,
                region => ClusterInventory.ReadAsync(clients.In(region), cluster, context.CancellationToken),
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return new ClusterSurvey(outcomes.Reported(context, clients.GivenRegions), outcomes.Unknown());
    }
}
