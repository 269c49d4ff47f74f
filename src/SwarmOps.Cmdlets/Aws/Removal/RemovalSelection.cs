using Amazon.EC2.Model;

namespace SwarmOps.Aws;

/// <summary>What of a cluster is to go.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Nodes">The nodes that were given; null means all of the cluster.</param>
/// <param name="Regions">Where all of the cluster is to go; empty means everywhere. Only with no nodes.</param>
internal sealed record RemovalSelection(string Cluster, IReadOnlyList<SwarmNode>? Nodes, IReadOnlyCollection<string> Regions)
{
    /// <summary>Whether nothing of the cluster is to be left anywhere.</summary>
    public bool IsWhole => Nodes is null && Regions.Count == 0;

    /// <summary>Whether anything may go in a region.</summary>
    public bool Covers(string region) => Nodes is null ? Regions.Count == 0 || Regions.Contains(region) : Nodes.Any(node => node.Region == region);

    /// <summary>Whether an instance is to go: never one that SwarmOps did not make.</summary>
    public bool Holds(Instance instance, string region) => Covers(region) && ClusterTags.IsOurs(instance.Tags, region) && (Nodes is null || Nodes.Any(node => node.InstanceId == instance.InstanceId));
}
