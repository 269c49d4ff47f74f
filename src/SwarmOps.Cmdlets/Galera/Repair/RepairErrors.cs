using System.Globalization;
using SwarmOps.Galera.State;

namespace SwarmOps.Galera.Repair;

/// <summary>Why a cluster is not repaired, or not yet (docs/errors/galera.md).</summary>
internal static class RepairErrors
{
    public static SwarmOpsException GaleraPositionUnknown(string cluster, IReadOnlyList<NodePosition> unknown, IReadOnlyList<NodePosition> all) => new(
        "GaleraPositionUnknown",
        ErrorKind.InvalidState,
        $"'{cluster}' has no Primary component, and it is not known how far {string.Join("; ", unknown)}. Of the others: {Known(all)}.",
        $"Bring {string.Join(", ", unknown.Select(position => position.Node))} back, or give its node in the node set; one that still recovers needs time (-TimeoutSeconds). Repair-GaleraCluster -Force begins without it: what it alone committed is lost then.",
        cluster);

    public static SwarmOpsException GaleraNothingToKeep(string cluster, IReadOnlyList<NodePosition> positions) => new(
        "GaleraNothingToKeep",
        ErrorKind.InvalidState,
        $"No data directory of '{cluster}' holds anything that a cluster could begin from: {string.Join("; ", positions)}.",
        "To found an empty cluster: New-GaleraService, the same line again. To go on from a backup: restore it into one node's directory first.",
        cluster);

    public static SwarmOpsException GaleraHistoriesDiffer(string cluster, IEnumerable<NodePosition> positions) => new(
        "GaleraHistoriesDiffer",
        ErrorKind.InvalidState,
        $"The nodes of '{cluster}' hold different histories: {string.Join("; ", positions)}. Only one can go on; the others' data is moved aside.",
        "Look which one your applications wrote to, and name it: Repair-GaleraCluster -Uuid <history>.",
        cluster);

    public static SwarmOpsException GaleraHistoryUnknown(string wanted, IEnumerable<NodePosition> positions) => new(
        "GaleraHistoryUnknown",
        ErrorKind.NotFound,
        $"No node holds '{wanted}': {string.Join("; ", positions)}.",
        "Give -Uuid one of these histories, or -From one of these nodes.",
        wanted);

    public static SwarmOpsException GaleraNodeBehind(NodePosition chosen, NodePosition furthest) => new(
        "GaleraNodeBehind",
        ErrorKind.InvalidState,
        string.Create(CultureInfo.InvariantCulture, $"{chosen} is behind {furthest}: the transactions {chosen.Seqno + 1} to {furthest.Seqno} would be lost."),
        "Leave -From away to begin from the furthest; -Force begins from the one that was named all the same.",
        chosen.Node);

    public static SwarmOpsException GaleraRevived(string cluster, string nodes) => new(
        "GaleraRevived",
        ErrorKind.InvalidState,
        $"'{cluster}' came back by itself while this was decided: {nodes} in a Primary component. What was stopped for it is started again.",
        $"Run Repair-GaleraCluster -Name {cluster} again for what is still missing.",
        cluster);

    public static SwarmOpsException GaleraHistoryMissing(string cluster, IEnumerable<string> nodes) => new(
        "GaleraHistoryMissing",
        ErrorKind.InvalidState,
        $"The Primary component of '{cluster}' ({string.Join(", ", nodes)}) has no history (uuid 0): a node that joins it, and a restart, would lose data. Its nodes were left as they are.",
        "Dump the data of these nodes now (mariadb-dump --all-databases), and restore it into a fresh cluster (docs/galera.md, 'Restoring a backup').",
        cluster);

    public static SwarmOpsException GaleraRecoveryTimeout(string node, TimeSpan limit) => new(
        "GaleraRecoveryTimeout",
        ErrorKind.Timeout,
        string.Create(CultureInfo.InvariantCulture, $"'{node}': finding out how far its data is (mariadbd --wsrep-recover) was not over within {limit.TotalSeconds:0} s."),
        "Run again with a longer -TimeoutSeconds: a big redo log takes long.",
        node);

    public static SwarmOpsException GaleraNodeOutOfReach(string node) => new(
        "GaleraNodeOutOfReach",
        ErrorKind.InvalidArgument,
        $"'{node}' runs a node of the cluster and is not in the node set, or does not answer.",
        "Pass all nodes of the swarm that run it, with their credentials.",
        node);

    public static SwarmOpsException GaleraComponentsDiffer(string cluster, IEnumerable<string> components) => new(
        "GaleraComponentsDiffer",
        ErrorKind.InvalidState,
        $"'{cluster}' is split into Primary components that have one history, so no uuid tells them apart: {string.Join("; ", components)}. Each has taken writes of its own. Only one can go on; the data of the others is moved aside. None of them was stopped.",
        "Look which one your applications wrote to, and name one of its nodes: Repair-GaleraCluster -From <node>.",
        cluster);

    public static SwarmOpsException GaleraTransferInProgress(GaleraCluster cluster)
    {
        var joiner = cluster.GaleraNodes.FirstOrDefault(node => node.StateTransfer is not null && node.ClusterStatus is null) ?? cluster.GaleraNodes.First(node => node.StateTransfer is not null);
        return new(
            "GaleraTransferInProgress",
            ErrorKind.Timeout,
            $"'{cluster.Name}': a state transfer to '{joiner.Node}' is in progress ({GaleraTransfer.Words(joiner, cluster.GaleraNodes)}), and was left alone; stopped, it would begin again from nothing.",
            $"Run Repair-GaleraCluster again later, or with a longer -TimeoutSeconds; Get-GaleraCluster shows how far it is. One that makes no progress any more: Update-SwarmService -Name {joiner.Service} -Force begins it again.",
            cluster.Name);
    }

    public static SwarmOpsException GaleraCannotSetAside(string node, string path, string why, string then) => new(
        "GaleraCannotSetAside",
        ErrorKind.InvalidState,
        $"'{node}': the data in {path} has to be moved aside, and cannot be: {why}. Its data was not touched.",
        then,
        node);

    public static SwarmOpsException GaleraDiskTooSmall(string node, DiskState disk, long needed) => new(
        "GaleraDiskTooSmall",
        ErrorKind.InvalidState,
        string.Create(CultureInfo.InvariantCulture, $"'{node}': {disk.FreeKilobytes / 1024} MiB are free for {disk.Real}, and the data of the others needs {needed / 1024} MiB beside the data that has to be moved aside. Nothing was moved."),
        disk.Copies.Length == 0 ? "Free or add disk space on that host, and run Repair-GaleraCluster again." : $"Copies of earlier repairs are there: {disk.Copies}. Remove those that nobody needs, or add disk space, and run Repair-GaleraCluster again.",
        node);

    public static SwarmOpsException GaleraNodeDoesNotStop(string node, TimeSpan limit) => new(
        "GaleraNodeDoesNotStop",
        ErrorKind.Timeout,
        string.Create(CultureInfo.InvariantCulture, $"The database container on '{node}' still runs {limit.TotalSeconds:0} s after it was told to stop; its data was not touched."),
        "Look at the engine on that host, and run Repair-GaleraCluster again.",
        node);

    private static string Known(IEnumerable<NodePosition> all) => string.Join("; ", all.Where(position => position.Unknown is null)) is { Length: > 0 } words ? words : "nothing";
}
