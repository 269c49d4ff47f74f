using System.Globalization;

namespace SwarmOps.Recovery.Databases;

/// <summary>Errors of backups of databases and of their return, each with its id and recommended action (docs/errors/recovery.md).</summary>
internal static class DatabaseErrors
{
    public static SwarmOpsException DatabaseNoNodeToBackUp(string cluster, IReadOnlyList<string> reasons) =>
        new(
            ErrorKind.InvalidState,
            $"No node of the Galera cluster '{cluster}' can be backed up now: {(reasons.Count == 0 ? "it has none" : string.Join("; ", reasons))}. Nothing was changed.",
            "A node must be Synced in the Primary Component, and its host must be in the node set: check with Get-GaleraCluster, and run the same command again. -GaleraNode may name another node.",
            cluster
        );

    public static SwarmOpsException DatabaseBackupFailed(string cluster, string node, string problem, Exception? cause = null) =>
        new(
            ErrorKind.InvalidState,
            $"The database of '{cluster}' could not be backed up on '{node}': {problem.TrimEnd('.')}. The node is back in sync, and no backup of the database was made.",
            "Fix the reported problem, then run the same command again, or back up another node (-GaleraNode). If root's password was changed by SQL, pass an account that may back up and desync with -RootCredential.",
            cluster,
            cause
        );

    public static SwarmOpsException DatabaseBackupTimedOut(string cluster, string node, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"The backup of the database of '{cluster}' on '{node}' was not complete after {timeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s. It was ended, and no backup of the database was made.",
            "Allow more time with -GaleraTimeoutSeconds, or back up a node with a faster disk (-GaleraNode).",
            cluster
        );

    public static SwarmOpsException DatabaseNotResynced(string cluster, string node, string state, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"The database of '{cluster}' was backed up on '{node}', but {timeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s later the node is {state} and not Synced.",
            $"It applies what it missed and is then Synced by itself: watch it with Get-GaleraCluster -Name {cluster}. If it stays so, look at wsrep_desync and at the node's log (node '{node}').",
            cluster
        );

    public static SwarmOpsException BackupHasNoDatabase(string place) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{place}' is no backup of a database.",
            "Specify the folder or s3://bucket/prefix that Backup-Swarm -Galera wrote to, or a file whose name ends with .galera-<cluster>.swarmbackup.",
            place
        );

    public static SwarmOpsException BackupIsOfDatabase(string place) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{place}' is the backup of a database, not of a swarm. Nothing was changed.",
            "Restore the database with Restore-GaleraCluster. For the swarm specify the folder, or a file whose name has no .galera- part.",
            place
        );

    public static SwarmOpsException DatabaseIsRunning(string cluster, IReadOnlyList<string> nodes) =>
        new(
            ErrorKind.InvalidState,
            $"The Galera cluster '{cluster}' has nodes that run, or may run, with data: {string.Join(", ", nodes)}. A restored database would be a second history beside it. Nothing was changed.",
            $"If its data is to be replaced by the backup, remove its services first, which keeps the data on the hosts: $nodes | Remove-GaleraService -Name {cluster}. Then run the same command again with -Force, and New-GaleraService afterwards.",
            cluster
        );

    public static SwarmOpsException DatabaseHostMissing(string cluster, IReadOnlyList<string> services) =>
        new(
            ErrorKind.NotFound,
            $"The node set has no host for {string.Join(", ", services.Select(service => $"'{service}'"))} of the Galera cluster '{cluster}': neither a node with the name of the former one, nor exactly one of its region. Nothing was changed.",
            "Pass all nodes, with the names of the nodes that they stand in for.",
            cluster
        );

    public static SwarmOpsException DatabaseDataPresent(string cluster, IReadOnlyList<string> directories) =>
        new(
            ErrorKind.InvalidState,
            $"There is data where the Galera cluster '{cluster}' would be restored: {string.Join("; ", directories)}. Nothing was changed.",
            "If it is the cluster's newest data, do not restore: Repair-GaleraCluster starts it. -Force moves it aside on its host, where it is kept, and restores the backup.",
            cluster
        );

    public static SwarmOpsException DatabaseDirectoryInUse(string cluster, string node, string path) =>
        new(
            ErrorKind.InvalidState,
            $"A container on '{node}' uses {path}, whose data would be moved aside for the Galera cluster '{cluster}'. Nothing was changed on this host.",
            $"Remove the cluster's services, which keeps the data: $nodes | Remove-GaleraService -Name {cluster}. Then run the same command again (node '{node}').",
            cluster
        );

    public static SwarmOpsException DatabaseNotRestored(string cluster, string node, string problem) =>
        new(
            ErrorKind.InvalidState,
            $"The backup did not become a database of '{cluster}' on '{node}': {problem.TrimEnd('.')}. No node was started with it.",
            "Fix the reported problem, such as a full disk, then run the same command again (with -Force if it left files in the data directory), or restore on another host (-On).",
            cluster
        );
}
