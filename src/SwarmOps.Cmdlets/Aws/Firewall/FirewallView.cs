using Amazon.EC2;
using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Firewall;

/// <summary>The nodes and the security groups of a cluster, as they were read. Asks nobody.</summary>
internal sealed class FirewallView
{
    private readonly string cluster;
    private readonly ClusterSurvey survey;

    /// <summary>Evaluates what was read.</summary>
    /// <param name="cluster">Name of the cluster.</param>
    /// <param name="survey">What was read.</param>
    /// <param name="leaving">Instances to ignore, because they are about to be terminated.</param>
    public FirewallView(string cluster, ClusterSurvey survey, IReadOnlySet<string> leaving)
    {
        (this.cluster, this.survey) = (cluster, survey);
        Groups = [.. survey.Regions.SelectMany(region => region.Groups.Select(group => (region.Region, group)))];
        GroupIds = Groups.Select(entry => entry.Group.GroupId).ToHashSet(StringComparer.Ordinal);
        Inherited = FirewallIntent.OfAll(Groups.Select(entry => entry.Group));
        var staying = survey
            .Regions.SelectMany(region => region.Instances.Select(instance => (region.Region, Instance: instance)))
            .Where(entry =>
                entry.Instance.PublicIpAddress is not null
                && !leaving.Contains(entry.Instance.InstanceId)
                && !InstanceStates.IsGoing(entry.Instance)
            )
            .Select(entry => (Node: InstanceMapper.ToNode(entry.Instance, entry.Region, null), entry.Instance))
            .ToList();
        Peers =
        [
            .. staying.Select(entry => new FirewallPeer(entry.Node.Name, entry.Instance.PublicIpAddress, InstanceGroups.Of(entry.Instance))
            {
                IsRunning = entry.Instance.State?.Name == InstanceStateName.Running,
            }),
        ];
        Outside = [.. staying.Where(entry => !InstanceGroups.Of(entry.Instance).Any(GroupIds.Contains)).Select(entry => entry.Node)];
    }

    /// <summary>The cluster's security groups.</summary>
    public IReadOnlyList<(string Region, SecurityGroup Group)> Groups { get; }

    /// <summary>The ids of these groups.</summary>
    public IReadOnlySet<string> GroupIds { get; }

    /// <summary>What applies to a group whose tags are missing.</summary>
    public FirewallIntent Inherited { get; }

    /// <summary>All nodes with a public address that stay.</summary>
    public IReadOnlyList<FirewallPeer> Peers { get; }

    /// <summary>Those of them that are in none of the groups: they are not protected, and still allowed by the others.</summary>
    public IReadOnlyList<SwarmNode> Outside { get; }

    /// <summary>
    /// Regions that could not be read, and regions of nodes that appear only in rules: a region that was disabled after nodes were created there is
    /// not in EC2's list, but its nodes are still running.
    /// </summary>
    /// <param name="excluded">Regions that hold nothing of the cluster, as the user declared.</param>
    public IReadOnlyList<string> Unknown(IEnumerable<string> excluded)
    {
        var answered = survey.Regions.Select(region => region.Region).ToHashSet(StringComparer.Ordinal);
        var named = Groups
            .SelectMany(entry => FirewallRules.Of(entry.Group))
            .Select(rule => ClusterNames.RegionOfNode(cluster, rule.Purpose))
            .OfType<string>();
        return [.. survey.Unknown.Union(named.Where(region => !answered.Contains(region))).Except(excluded).Order(StringComparer.Ordinal)];
    }
}
