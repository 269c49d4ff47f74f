namespace SwarmOps.Galera.Restart;

/// <summary>The errors of a rolling restart, each with its id and the next step (docs/errors/galera-care.md).</summary>
internal static class RestartErrors
{
    public static SwarmOpsException GaleraLastUnknown(string last, IEnumerable<GaleraNode> nodes) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{last}' is neither a region nor a host of the cluster. Its hosts: {string.Join(", ", nodes.Select(node => node.Node))}.",
            "Specify the region or host that your applications write to with -Last.",
            last
        );

    public static SwarmOpsException GaleraNotWhole(GaleraCluster cluster, string when) =>
        new(
            ErrorKind.InvalidState,
            $"{when} the cluster '{cluster.Name}' is not complete, and stopping one more node could stop it: {(cluster.Findings.Count > 0 ? string.Join("; ", cluster.Findings) : $"{cluster.Size} of {cluster.ExpectedSize} nodes are Synced")}.",
            $"Check it with Get-GaleraCluster -Name {cluster.Name} and repair it with Repair-GaleraCluster, then run the same command again.",
            cluster.Name
        );

    public static SwarmOpsException GaleraBelowQuorum(GaleraCluster cluster) =>
        new(
            ErrorKind.InvalidState,
            $"The cluster '{cluster.Name}' has {cluster.ExpectedSize} node(s): while one is stopped, the others have no quorum.",
            "Add regions until there are at least three nodes: run New-GaleraService again with nodes of more regions.",
            cluster.Name
        );

    public static SwarmOpsException GaleraLastNeedsServices(string cluster) =>
        new(
            ErrorKind.InvalidArgument,
            $"The nodes of the cluster '{cluster}' are one global service: a change of it is a single update, and the swarm decides the order.",
            "Omit -Last, or omit -Image and -MariaDbOption (a restart without a change supports -Last), or use the layout PerRegion.",
            cluster
        );

    public static SwarmOpsException GaleraChangeUnfinished(string cluster, string service) =>
        new(
            ErrorKind.InvalidState,
            $"An earlier change of the cluster '{cluster}' was interrupted, and the service '{service}' is held back: each update of it would change one more node.",
            "Run Step-GaleraRestart with the same -Image and -MariaDbOption again to complete that change, then run the new command.",
            cluster
        );

    public static SwarmOpsException GaleraRestartStopped(string node, IReadOnlyList<string> left, SwarmOpsException why) =>
        new(
            ErrorKind.InvalidState,
            $"The restart stopped at '{node}': {why.Message} {(left.Count > 0 ? $"Not restarted: {string.Join(", ", left)}." : "It was the last node.")}",
            $"{why.RecommendedAction} When Get-GaleraCluster reports Healthy, run the same command again. If the change itself is the cause, run the command with a corrected change, which this node gets first.",
            node,
            why
        );
}
