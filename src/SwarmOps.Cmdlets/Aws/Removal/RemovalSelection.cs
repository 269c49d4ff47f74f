using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Removal;

/// <summary>What to remove of a cluster.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Nodes">The specified nodes; null for the whole cluster.</param>
/// <param name="Regions">The regions in which to remove the whole cluster; empty for all. Only without nodes.</param>
internal sealed record RemovalSelection(string Cluster, IReadOnlyList<SwarmNode>? Nodes, IReadOnlyCollection<string> Regions)
{
    /// <summary>Whether the whole cluster is removed in all regions.</summary>
    public bool IsWhole => Nodes is null && Regions.Count == 0;

    /// <summary>Whether anything may be removed in a region.</summary>
    public bool Covers(string region) =>
        Nodes is null ? Regions.Count == 0 || Regions.Contains(region) : Nodes.Any(node => node.Region == region);

    /// <summary>Whether to remove an instance: only if SwarmOps created it.</summary>
    public bool Holds(Instance instance, string region) =>
        Covers(region)
        && ClusterTags.IsOurs(instance.Tags, region)
        && (Nodes is null || Nodes.Any(node => node.InstanceId == instance.InstanceId));
}
