namespace SwarmOps.Aws;

/// <summary>What can be wrong with the removal of instances (docs/errors/aws.md).</summary>
internal static class RemovalErrors
{
    public static SwarmOpsException NotAnInstance(SwarmNode node) => new(
        "NodeNotAnInstance",
        ErrorKind.InvalidArgument,
        $"'{node.Name}' has no instance id and AWS region: it is not known which instance it is.",
        $"Take the nodes from Get-SwarmRegionNode. To take '{node.Name}' out of its swarm only: $node | Remove-SwarmNode.",
        node);

    public static SwarmOpsException RegionWithNodes() => new(
        "RegionWithNodes",
        ErrorKind.InvalidArgument,
        "-Region goes with -Cluster: nodes that are piped in know their regions. Nothing was changed.",
        "Choose the nodes with Get-SwarmRegionNode -Region, or give -Cluster and -Region.");

    public static SwarmOpsException NotOfACluster(SwarmNode node) => new(
        "InstanceNotOfACluster",
        ErrorKind.Security,
        $"The instance {node.InstanceId} in {node.Region} lacks the tag {ClusterTags.Cluster}, or the tag {ClusterTags.Region}={node.Region}: it was not made by SwarmOps, or its tags were changed. It was left alone.",
        $"Terminate it in the EC2 console, if that is meant; or give it back both tags: {ClusterTags.Cluster} with the cluster's name, and {ClusterTags.Region} with {node.Region}.",
        node);

    public static SwarmOpsException InstanceNotTerminated(string region, IEnumerable<string> instances, TimeSpan timeout) => new(
        "InstanceNotTerminated",
        ErrorKind.Timeout,
        $"Instances in {region} are not terminated after {timeout.TotalSeconds:0} s: {string.Join(", ", instances)}.",
        "EC2 goes on terminating them: run the same command again in some minutes, it removes what is left then.",
        region);

    public static SwarmOpsException ClusterNotGone(string cluster, string region, IEnumerable<string> left) => new(
        "ClusterNotGone",
        ErrorKind.InvalidState,
        $"In {region} there still is something with the tag of the cluster '{cluster}': {string.Join(", ", left)}.",
        "Run the same command again: EC2 may take some minutes. What still stays then is used by something else: remove it in the EC2 console.",
        region);
}
