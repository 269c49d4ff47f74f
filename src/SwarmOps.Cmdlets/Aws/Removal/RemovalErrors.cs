using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Removal;

/// <summary>The errors of removing instances (docs/errors/aws.md).</summary>
internal static class RemovalErrors
{
    public static SwarmOpsException NodeNotAnInstance(SwarmNode node) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{node.Name}' has no instance id and AWS region, so its instance is unknown.",
            $"Get the nodes with Get-SwarmRegionNode. To remove '{node.Name}' only from its swarm: $node | Remove-SwarmNode.",
            node
        );

    public static SwarmOpsException RegionWithNodes() =>
        new(
            ErrorKind.InvalidArgument,
            "-Region requires -Cluster: nodes from the pipeline have their own regions. Nothing was changed.",
            "Select the nodes with Get-SwarmRegionNode -Region, or specify -Cluster and -Region."
        );

    public static SwarmOpsException InstanceNotOfACluster(SwarmNode node) =>
        new(
            ErrorKind.Security,
            $"The instance {node.InstanceId} in {node.Region} lacks the tag {ClusterTags.Cluster}, or the tag {ClusterTags.Region}={node.Region}: it was not created by SwarmOps, or its tags were changed. It was not changed.",
            $"To remove it, terminate it in the EC2 console, or add both tags: {ClusterTags.Cluster} with the cluster's name, and {ClusterTags.Region} with {node.Region}.",
            node
        );

    public static SwarmOpsException InstanceNotTerminated(string region, IEnumerable<string> instances, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"Instances in {region} were not terminated within {timeout.TotalSeconds:0} s: {string.Join(", ", instances)}.",
            "EC2 is still terminating them. Run the same command again in a few minutes to remove the remaining resources.",
            region
        );

    public static SwarmOpsException ClusterNotGone(string cluster, string region, IEnumerable<string> left) =>
        new(
            ErrorKind.InvalidState,
            $"Resources with the tag of the cluster '{cluster}' still exist in {region}: {string.Join(", ", left)}.",
            "Run the same command again in a few minutes. A resource that still remains is in use: remove it in the EC2 console.",
            region
        );
}
