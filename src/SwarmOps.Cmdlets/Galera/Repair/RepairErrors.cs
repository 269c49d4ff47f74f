using System.Globalization;
using SwarmOps.Galera.State;

namespace SwarmOps.Galera.Repair;

/// <summary>The errors of a repair, each with its id and the next step (docs/errors/galera-care.md).</summary>
internal static class RepairErrors
{
    public static SwarmOpsException GaleraPositionUnknown(
        string cluster,
        IReadOnlyList<NodePosition> unknown,
        IReadOnlyList<NodePosition> all
    ) =>
        new(
            ErrorKind.InvalidState,
            $"The cluster '{cluster}' has no Primary Component, and the position of these nodes is unknown: {string.Join("; ", unknown)}. Known positions: {Known(all)}.",
            $"Start {string.Join(", ", unknown.Select(position => position.Node))} or add them to the node set; if a node is still recovering, specify a longer -TimeoutSeconds. Repair-GaleraCluster -Force continues without these nodes: transactions that only they committed are then lost.",
            cluster
        );

    public static SwarmOpsException GaleraNothingToKeep(string cluster, IReadOnlyList<NodePosition> positions) =>
        new(
            ErrorKind.InvalidState,
            $"No data directory of the cluster '{cluster}' contains data to bootstrap from: {string.Join("; ", positions)}.",
            "To create an empty cluster, run New-GaleraService with the same parameters again. To use a backup, restore it into one node's data directory first.",
            cluster
        );

    public static SwarmOpsException GaleraHistoriesDiffer(string cluster, IEnumerable<NodePosition> positions) =>
        new(
            ErrorKind.InvalidState,
            $"The nodes of the cluster '{cluster}' have different state UUIDs: {string.Join("; ", positions)}. Only one can be kept; the data of the others is moved aside.",
            "Find out which one your applications wrote to, then specify it: Repair-GaleraCluster -Uuid <state UUID>.",
            cluster
        );

    public static SwarmOpsException GaleraHistoryUnknown(string wanted, IEnumerable<NodePosition> positions) =>
        new(
            ErrorKind.NotFound,
            $"No node has data of '{wanted}': {string.Join("; ", positions)}.",
            "Specify one of these state UUIDs with -Uuid, or one of these nodes with -From.",
            wanted
        );

    public static SwarmOpsException GaleraNodeBehind(NodePosition chosen, NodePosition furthest) =>
        new(
            ErrorKind.InvalidState,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{chosen} is behind {furthest}: transactions {chosen.Seqno + 1} to {furthest.Seqno} would be lost."
            ),
            "Omit -From to bootstrap from the node with the highest seqno. To accept the loss, specify -Force.",
            chosen.Node
        );

    public static SwarmOpsException GaleraRevived(string cluster, string nodes) =>
        new(
            ErrorKind.InvalidState,
            $"The cluster '{cluster}' recovered by itself in the meantime: {nodes} in a Primary Component. Nodes that were stopped for the repair are started again.",
            $"Run Repair-GaleraCluster -Name {cluster} again for nodes that are still missing.",
            cluster
        );

    public static SwarmOpsException GaleraHistoryMissing(string cluster, IEnumerable<string> nodes) =>
        new(
            ErrorKind.InvalidState,
            $"The Primary Component of the cluster '{cluster}' ({string.Join(", ", nodes)}) has no state UUID (all zeros): a node that joins it, or a restart, would lose data. Its nodes were not changed.",
            "Dump the data of these nodes now (mariadb-dump --all-databases), then restore it into a new cluster (docs/galera.md, 'Restoring a backup').",
            cluster
        );

    public static SwarmOpsException GaleraRecoveryTimeout(string node, TimeSpan limit) =>
        new(
            ErrorKind.Timeout,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{node}': recovering the position of its data (mariadbd --wsrep-recover) was not completed within {limit.TotalSeconds:0} s."
            ),
            "Run the same command again with a longer -TimeoutSeconds: recovery with a large redo log takes long.",
            node
        );

    public static SwarmOpsException GaleraNodeOutOfReach(string node) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{node}' runs a Galera node, but is not in the node set or did not answer.",
            "Pass all nodes of the swarm that run the cluster, with their credentials.",
            node
        );

    public static SwarmOpsException GaleraComponentsDiffer(string cluster, IEnumerable<string> components) =>
        new(
            ErrorKind.InvalidState,
            $"The cluster '{cluster}' is split into Primary Components with the same state UUID: {string.Join("; ", components)}. Each may have accepted different writes. Only one can be kept; the data of the others is moved aside. None of them was stopped.",
            "Find out which one your applications wrote to, then specify one of its nodes: Repair-GaleraCluster -From <node>.",
            cluster
        );

    public static SwarmOpsException GaleraTransferInProgress(GaleraCluster cluster)
    {
        var joiner =
            cluster.GaleraNodes.FirstOrDefault(node => node.StateTransfer is not null && node.ClusterStatus is null)
            ?? cluster.GaleraNodes.First(node => node.StateTransfer is not null);
        return new(
            ErrorKind.Timeout,
            $"'{cluster.Name}': a state transfer to '{joiner.Node}' is in progress ({GaleraTransfer.Words(joiner, cluster.GaleraNodes)}) and was not stopped, because it would start from the beginning.",
            $"Run Repair-GaleraCluster again later, or with a longer -TimeoutSeconds. To see the progress, run Get-GaleraCluster. If there is no more progress, restart the node with Update-SwarmService -Name {joiner.Service} -Force.",
            cluster.Name
        );
    }

    public static SwarmOpsException GaleraCannotSetAside(string node, string path, string why, string then) =>
        new(
            ErrorKind.InvalidState,
            $"'{node}': the data in {path} must be moved aside, but cannot be: {why}. The data was not changed.",
            then,
            node
        );

    public static SwarmOpsException GaleraDiskTooSmall(string node, DiskState disk, long needed) =>
        new(
            ErrorKind.InvalidState,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{node}': {disk.FreeKilobytes / 1024} MiB are free for {disk.Real}, but a full state transfer needs {needed / 1024} MiB in addition to the data that is moved aside. Nothing was moved."
            ),
            disk.Copies.Length == 0
                ? "Free or add disk space on that host, then run Repair-GaleraCluster again."
                : $"There are copies from earlier repairs: {disk.Copies}. Delete those that are no longer needed, or add disk space, then run Repair-GaleraCluster again.",
            node
        );

    public static SwarmOpsException GaleraNodeDoesNotStop(string node, TimeSpan limit) =>
        new(
            ErrorKind.Timeout,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The database container on '{node}' was still running {limit.TotalSeconds:0} s after it was told to stop. Its data was not changed."
            ),
            "Check the engine on that host (journalctl -u docker), then run Repair-GaleraCluster again.",
            node
        );

    private static string Known(IEnumerable<NodePosition> all) =>
        string.Join("; ", all.Where(position => position.Unknown is null)) is { Length: > 0 } words ? words : "none";
}
