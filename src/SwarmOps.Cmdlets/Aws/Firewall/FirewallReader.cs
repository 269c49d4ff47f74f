using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Firewall;

/// <summary>Compares the security groups of a cluster with its nodes, in all regions at once. Changes nothing.</summary>
/// <param name="context">Where to report regions that could not be read.</param>
/// <param name="clients">EC2.</param>
/// <param name="throttleLimit">How many regions are read at the same time.</param>
internal sealed class FirewallReader(IOperationContext context, IEc2Clients clients, int throttleLimit)
{
    /// <summary>Reads the cluster.</summary>
    /// <exception cref="SwarmOpsException"><c>FirewallNotFound</c>; those of <see cref="Ec2Errors"/> if the regions cannot be listed.</exception>
    public async Task<FirewallReading> ReadAsync(string cluster)
    {
        var survey = await ClusterSurvey
            .TakeAsync(context, clients, cluster, throttleLimit, new Dictionary<string, RegionInventory>())
            .ConfigureAwait(false);
        var view = new FirewallView(cluster, survey, new HashSet<string>());
        var unknown = view.Unknown(clients.ExcludedRegions);
        if (view.Groups.Count == 0 && unknown.Count == 0)
            throw FirewallErrors.FirewallNotFound(cluster);
        return new FirewallReading(cluster, [.. view.Groups.Select(entry => Compare(entry.Region, entry.Group, view))])
        {
            Peers = view.Peers,
            Outside = view.Outside,
            Others = await OthersAsync(survey, view).ConfigureAwait(false),
            UnknownRegions = unknown,
        };
    }

    private static GroupReading Compare(string region, Amazon.EC2.Model.SecurityGroup group, FirewallView view)
    {
        var wanted = FirewallPlan.Wanted(group.GroupId, view.Peers, FirewallIntent.Of(group, view.Inherited));
        return new GroupReading(region, group, FirewallPlan.Compare(wanted, FirewallRules.Of(group)))
        {
            UnreadableTag = FirewallIntent.Unreadable(group),
        };
    }

    /// <summary>A hole in a group that somebody else attached to a node is a hole, too.</summary>
    private async Task<IReadOnlyList<GroupReading>> OthersAsync(ClusterSurvey survey, FirewallView view)
    {
        var outcomes = await Task.WhenAll(
                survey
                    .Regions.Select(region =>
                        (
                            region.Region,
                            Ids: region.Instances.SelectMany(InstanceGroups.Of).Distinct().Where(id => !view.GroupIds.Contains(id)).ToList()
                        )
                    )
                    .Where(entry => entry.Ids.Count > 0)
                    .Select(async entry =>
                        (
                            entry.Region,
                            Groups: await ClusterInventory
                                .GroupsOfAsync(clients.In(entry.Region), entry.Ids, context.CancellationToken)
                                .ConfigureAwait(false)
                        )
                    )
            )
            .ConfigureAwait(false);
        return
        [
            .. outcomes.SelectMany(outcome =>
                outcome.Groups.Select(group => new GroupReading(outcome.Region, group, new FirewallDrift([], FirewallRules.Of(group))))
            ),
        ];
    }
}
