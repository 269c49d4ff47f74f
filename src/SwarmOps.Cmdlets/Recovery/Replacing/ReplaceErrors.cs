namespace SwarmOps.Recovery.Replacing;

/// <summary>Errors of giving a node a new instance (docs/errors/recovery.md).</summary>
internal static class ReplaceErrors
{
    public static SwarmOpsException ReplacedNameInvalid(string name, string cluster) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is not the name of a node that New-SwarmRegionNode made for the cluster '{cluster}': cluster, region and number, such as {cluster}-eu-central-1-1.",
            $"Get-SwarmRegionNode -Cluster {cluster} lists them.",
            name
        );

    public static SwarmOpsException ReplacedNameTwice(string name, IReadOnlyList<string> instances) =>
        new(
            ErrorKind.InvalidState,
            $"Several instances are named '{name}': {string.Join(", ", instances)}. It is not known which one to replace. Nothing was changed.",
            "Terminate the one that is not a member of the swarm, or correct its Name tag.",
            name
        );

    public static SwarmOpsException ReplacedRegionNotRead(string name, string region) =>
        new(
            ErrorKind.InvalidState,
            $"The region {region} of '{name}' was not read: it is excluded, or not enabled in the account. It is not known whether the node has an instance. Nothing was changed.",
            "Omit the region from -ExcludeRegion, or enable it in the account, then run the same command again.",
            name
        );

    public static SwarmOpsException ReplaceWouldBeNoticed(SwarmNode node, IReadOnlyList<string> reasons) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' cannot be replaced without a loss: {string.Join("; ", reasons)}. Nothing was changed.",
            "Move what the message names to other nodes, or bring databases and shared folders in sync first. -Force accepts the loss.",
            node
        );

    public static SwarmOpsException ReplaceNotConfirmed(SwarmNode node, Exception cause) =>
        new(
            ErrorKind.InvalidState,
            $"The instance of '{node.Name}' would be terminated with its disk, and this session is not interactive. Nothing was changed.",
            "Add -Force.",
            node,
            cause
        );
}
