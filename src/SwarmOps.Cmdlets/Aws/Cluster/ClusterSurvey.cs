using SwarmOps.Pipeline;

namespace SwarmOps.Aws;

/// <summary>What carries a cluster's tag, wherever it is.</summary>
/// <param name="Regions">The regions that answered.</param>
/// <param name="Unknown">The regions that could not be asked, for whatever reason: what the cluster has there is unknown, not nothing.</param>
internal sealed record ClusterSurvey(IReadOnlyList<RegionInventory> Regions, IReadOnlyList<string> Unknown)
{
    /// <summary>Asks every enabled region for instances and security groups, and those given. A region that cannot be asked is reported.</summary>
    public static async Task<ClusterSurvey> TakeAsync(IOperationContext context, IEc2Clients clients, string cluster, int throttleLimit)
    {
        var regions = await clients.AllRegionsAsync(context.CancellationToken).ConfigureAwait(false);
        var outcomes = await RegionWork.InAllAsync(
            regions, throttleLimit, region => ClusterInventory.ReadAsync(clients.In(region), cluster, context.CancellationToken), context.CancellationToken).ConfigureAwait(false);
        return new ClusterSurvey(outcomes.Reported(context, clients.GivenRegions), outcomes.Unknown());
    }
}
