namespace SwarmOps.Galera.Restart;

/// <summary>Why a rolling restart does not begin, or stops (docs/errors/galera.md).</summary>
internal static class RestartErrors
{
    public static SwarmOpsException GaleraLastUnknown(string last, IEnumerable<GaleraNode> nodes) => new(
        "GaleraLastUnknown",
        ErrorKind.InvalidArgument,
        $"No node of the cluster is in '{last}', or is called so: {string.Join(", ", nodes.Select(node => node.Node))}.",
        "Give -Last the region, or the host, that your applications write to.",
        last);

    public static SwarmOpsException GaleraNotWhole(GaleraCluster cluster, string when) => new(
        "GaleraNotWhole",
        ErrorKind.InvalidState,
        $"{when} '{cluster.Name}' is not whole, and one more node away could stop it: {(cluster.Findings.Count > 0 ? string.Join("; ", cluster.Findings) : $"{cluster.Size} of {cluster.ExpectedSize} nodes are Synced")}.",
        $"Get-GaleraCluster -Name {cluster.Name} shows it; Repair-GaleraCluster brings back what stays out. Then run the same line again.",
        cluster.Name);

    public static SwarmOpsException GaleraBelowQuorum(GaleraCluster cluster) => new(
        "GaleraBelowQuorum",
        ErrorKind.InvalidState,
        $"'{cluster.Name}' has {cluster.ExpectedSize} node(s): with one of them away the others have no majority.",
        "Add regions until there are three nodes or more: New-GaleraService, the same line again.",
        cluster.Name);

    public static SwarmOpsException GaleraLastNeedsServices(string cluster) => new(
        "GaleraLastNeedsServices",
        ErrorKind.InvalidArgument,
        $"The nodes of '{cluster}' are one global service: a change of it is one update, in which the swarm chooses the order.",
        "Leave -Last out; or change nothing, since without -Image and -MariaDbOption the order is kept; or use the layout PerRegion.",
        cluster);

    public static SwarmOpsException GaleraChangeUnfinished(string cluster, string service) => new(
        "GaleraChangeUnfinished",
        ErrorKind.InvalidState,
        $"A change of '{cluster}' was cut off half-way, and the service '{service}' is held back: each update of it would change one more node.",
        "Run Step-GaleraRestart with that change again (the same -Image and -MariaDbOption): it finishes it. Then restart as you like.",
        cluster);

    public static SwarmOpsException GaleraRestartStopped(string node, IReadOnlyList<string> left, SwarmOpsException why) => new(
        "GaleraRestartStopped",
        ErrorKind.InvalidState,
        $"The restart stopped at '{node}': {why.Message} {(left.Count > 0 ? $"Not touched: {string.Join(", ", left)}." : "It was the last.")}",
        $"{why.RecommendedAction} When Get-GaleraCluster is Healthy, run the same line again; where the change itself is at fault, run it with a better one, which this node gets first.",
        node,
        why);
}
