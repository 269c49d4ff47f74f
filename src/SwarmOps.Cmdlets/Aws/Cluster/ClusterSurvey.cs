using SwarmOps.Pipeline;

namespace SwarmOps.Aws;

/// <summary>What carries a cluster's tag, wherever it is.</summary>
/// <param name="Regions">The regions that answered.</param>
/// <param name="IsComplete">Whether every region did that may hold nodes: only then is what is not listed not there.</param>
internal sealed record ClusterSurvey(IReadOnlyList<RegionInventory> Regions, bool IsComplete)
{
    /// <summary>Asks every enabled region for instances and security groups, and those given. A region that cannot be asked is reported.</summary>
    public static async Task<ClusterSurvey> TakeAsync(IOperationContext context, IEc2Clients clients, string cluster, int throttleLimit)
    {
        var regions = await clients.AllRegionsAsync(context.CancellationToken).ConfigureAwait(false);
        var outcomes = await RegionWork.InAllAsync(
            regions, throttleLimit, region => ClusterInventory.ReadAsync(clients.In(region), cluster, context.CancellationToken), context.CancellationToken).ConfigureAwait(false);
        var answered = outcomes.Reported(context, clients.GivenRegions);
        return new ClusterSurvey(answered, outcomes.All(outcome => outcome.Error is null || RegionWork.IsClosed(outcome.Error)));
    }
}
