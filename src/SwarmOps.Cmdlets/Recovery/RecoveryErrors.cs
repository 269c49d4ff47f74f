using System.Globalization;

namespace SwarmOps.Recovery;

/// <summary>Errors of backups, restores and repairs, each with its id and recommended action (docs/errors/recovery.md).</summary>
internal static class RecoveryErrors
{
    public static SwarmOpsException BackupPassphraseTooShort(int shortest) =>
        new(
            ErrorKind.InvalidArgument,
            $"The passphrase has fewer than {shortest} characters: whoever has the backup could find it. Nothing was changed.",
            $"Specify a SecureString of at least {shortest} characters, such as one of six random words from a vault: -Passphrase (Get-Secret swarm-backup)."
        );

    public static SwarmOpsException BackupDestinationInvalid(string place, string problem) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{place}' cannot hold backups: {problem}. Nothing was changed.",
            "Specify a folder, or s3://bucket/prefix with the bucket's region (-BucketRegion) and, for a server other than AWS, -EndpointUrl.",
            place
        );

    public static SwarmOpsException BackupDestinationUnusable(string place, string problem, Exception cause) =>
        new(
            ErrorKind.Permission,
            $"'{place}' could not be read or written: {problem.TrimEnd('.')}.",
            "Check that it exists, has room, and that your account may write, read, list and delete there. Then run the same command again.",
            place,
            cause
        );

    public static SwarmOpsException NoManagerToBackUp(string swarmId, IReadOnlyList<string> reasons) =>
        new(
            ErrorKind.InvalidState,
            $"No manager of swarm {swarmId} can be backed up now: {(reasons.Count == 0 ? "none was passed" : string.Join("; ", reasons))}. Nothing was changed.",
            "Start the managers that are down (Get-Swarm lists them), or use -Method Freeze, which stops no engine. A manager's state can be copied only over SSH, or on the machine itself, as root.",
            swarmId
        );

    public static SwarmOpsException EngineCannotBeHeld(SwarmNode node, string problem) =>
        new(
            ErrorKind.InvalidState,
            $"The engine of '{node.Name}' cannot be stopped and started safely: {problem}. Nothing was changed.",
            "Its host must run the engine as the systemd unit docker.service, so that the host itself starts it again whatever happens. Use another manager (-On), or try again when the other run has ended.",
            node
        );

    public static SwarmOpsException EngineWorkFailed(SwarmNode node, string what, string problem) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}': {what} failed: {(problem.Length == 0 ? "no reason was given" : problem.TrimEnd('.'))}. Its engine is running.",
            "Fix the reported problem, for example a full disk, then run the same command again.",
            node
        );

    public static SwarmOpsException EngineStayedStopped(SwarmNode node, string problem) =>
        new(
            ErrorKind.InvalidState,
            $"The engine of '{node.Name}' was stopped and could not be started again: {(problem.Length == 0 ? "systemctl start docker failed" : problem.TrimEnd('.'))}. Its host tries again every 15 s.",
            $"Check the engine's log on the node (journalctl -u docker), and start it: systemctl reset-failed docker docker.socket; systemctl start docker.socket docker (node '{node.Name}').",
            node
        );

    public static SwarmOpsException BackupManagerNotBack(SwarmNode node, string state, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"The state of '{node.Name}' was backed up, but {timeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s after its engine was started it is {state} and not a reachable manager.",
            "Check it with Get-Swarm: it continues by itself when it reaches the other managers on 2377/tcp. A locked engine needs Unlock-Swarm.",
            node
        );

    public static SwarmOpsException BackupTrialFailed(SwarmNode node, string problem) =>
        new(
            ErrorKind.InvalidData,
            $"The copied state of '{node.Name}' did not become a swarm in a scratch engine: {problem.TrimEnd('.')}. No backup was made.",
            "Run the same command again, or back up another manager (-On). If its host cannot run a scratch engine, -SkipTrial makes a backup that nobody has tried.",
            node
        );

    public static SwarmOpsException BackupTrialIncomplete(SwarmNode node, IReadOnlyList<string> missing) =>
        new(
            ErrorKind.InvalidData,
            $"A swarm made of the copied state of '{node.Name}' lacks what the swarm has: {string.Join(", ", missing.Take(5))}{(missing.Count > 5 ? $" and {missing.Count - 5} more" : "")}. No backup was made.",
            "Its raft log is behind: see whether the leader reaches it (Get-Swarm), then run the same command again or back up another manager (-On).",
            node
        );

    public static SwarmOpsException BackupNotVerified(string place) =>
        new(
            ErrorKind.InvalidData,
            $"The backup that was read back from '{place}' is not the one that was written. It was deleted.",
            "Check the storage, then run the same command again.",
            place
        );

    public static SwarmOpsException BackupNotFound(string place) =>
        new(
            ErrorKind.NotFound,
            $"'{place}' is no backup and holds none.",
            "Specify the file, or the folder or s3://bucket/prefix that Backup-Swarm wrote to. Names are swarm-<id>-<time>.swarmbackup.",
            place
        );

    public static SwarmOpsException SeveralSwarmsInPlace(string place, IReadOnlyList<string> swarms) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{place}' holds backups of {swarms.Count} swarms: {string.Join(", ", swarms)}.",
            "Specify one backup by its full name.",
            place
        );

    public static SwarmOpsException NotABackup(string place) =>
        new(ErrorKind.InvalidData, $"'{place}' is not a backup that Backup-Swarm made.", "Specify a .swarmbackup file.", place);

    public static SwarmOpsException BackupTooNew(string place, int version) =>
        new(
            ErrorKind.InvalidData,
            $"'{place}' was written in version {version} of the format, by a later version of this module.",
            "Update the module: Update-Module SwarmOps.",
            place
        );

    public static SwarmOpsException BackupPassphraseWrong(string place) =>
        new(
            ErrorKind.InvalidArgument,
            $"The passphrase does not open '{place}'. Nothing was changed.",
            "Specify the passphrase that was valid when the backup was made. Without it the content is lost: nobody can recover it.",
            place
        );

    public static SwarmOpsException BackupTruncated(string place) =>
        new(
            ErrorKind.InvalidData,
            $"'{place}' ends too early, or its end is damaged. Nothing was changed.",
            "Copy the file again from where it was kept, and compare it with its .sha256 file: sha256sum -c. Otherwise use an older backup.",
            place
        );

    public static SwarmOpsException BackupDamaged(string place, Exception? cause = null) =>
        new(
            ErrorKind.InvalidData,
            $"'{place}' is damaged. Nothing was changed.",
            "Copy the file again from where it was kept, and compare it with its .sha256 file: sha256sum -c. Otherwise use an older backup.",
            place,
            cause
        );

    public static SwarmOpsException UnlockKeyDoesNotFit(SwarmNode node, Exception cause) =>
        new(
            ErrorKind.InvalidData,
            $"The managers' keys are locked, and the lock of the state of '{node.Name}' could not be opened: {cause.Message.TrimEnd('.')}. Nothing was changed.",
            "Its manager may not have taken the current unlock key over when the state was copied: use another backup.",
            node,
            cause
        );

    public static SwarmOpsException RestoreNodeSilent(IReadOnlyList<SwarmNode> silent, string swarmId, Exception? cause) =>
        new(
            ErrorKind.InvalidState,
            $"{Names(silent)} did not answer and may still run swarm {swarmId}: a restore now could make a second one. Nothing was changed.",
            $"Fix the preceding errors, then run the same command again. Nodes that are gone for good are to be omitted from the node set: {Names(silent)}.",
            silent[0],
            cause
        );

    public static SwarmOpsException RestoreStateOnDisk(IReadOnlyList<SwarmNode> holders, string swarmId) =>
        new(
            ErrorKind.InvalidState,
            $"{Names(holders)} still {(holders.Count == 1 ? "has" : "have")} the raft log of swarm {swarmId}, which is newer than any backup. Nothing was changed.",
            "Do not restore: if more than half of the managers can come back, start them, and the swarm goes on. If not, docs/disaster-recovery.md tells how one of these nodes becomes the swarm again. -Force moves their state aside and restores the backup.",
            holders[0]
        );

    public static SwarmOpsException RestoreNodeInAnotherSwarm(SwarmNode node, string? swarmId) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' is in {(swarmId is null ? "a swarm that is not the one of the backup" : $"swarm {swarmId}, not in the one of the backup")}. Nothing was changed.",
            $"Remove it from that swarm first, if it is not needed there: $node | Remove-SwarmNode (node '{node.Name}'), or omit the node.",
            node
        );

    public static SwarmOpsException RestoreNotConfirmed(IReadOnlyList<string> unseen, Exception cause) =>
        new(
            ErrorKind.InvalidState,
            $"These managers of the backup are not in the node set: {string.Join(", ", unseen)}. If more than half of the old managers still run, a restore makes a second swarm. This session is not interactive, so nothing was changed.",
            "If you know that they are gone for good, add -Force.",
            unseen,
            cause
        );

    public static SwarmOpsException NewClusterFailed(SwarmNode node, string problem, Exception? cause = null) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' has the swarm's state, but its engine made no swarm of it: {problem.TrimEnd('.')}.",
            $"Check the engine's log on the node (journalctl -u docker), then run the same command again. What was there before is beside it on the node, as swarm.before-restore-<time> or swarm.left-<time> (node '{node.Name}').",
            node,
            cause
        );

    public static SwarmOpsException RestoreIncomplete(string swarmId, IReadOnlyList<string> missing) =>
        new(
            ErrorKind.InvalidData,
            $"Swarm {swarmId} was restored, but it lacks what its backup lists: {string.Join(", ", missing.Take(5))}{(missing.Count > 5 ? $" and {missing.Count - 5} more" : "")}.",
            "The objects may have been removed since, if the swarm was restored by an earlier run. Otherwise create them again; the backup has their documents (docs/disaster-recovery.md).",
            swarmId
        );

    public static SwarmOpsException RepairNoManagerLeft(IReadOnlyList<SwarmNode> nodes) =>
        new(
            ErrorKind.NotFound,
            $"None of the nodes has the raft log of a swarm on its disk: {Names(nodes)}. Nothing was changed.",
            "Pass the managers of the swarm, reached over SSH as root. If all of them have lost their disks, restore a backup: $nodes | Restore-Swarm.",
            nodes
        );

    public static SwarmOpsException RepairMajorityMayComeBack(
        string swarmId,
        int managers,
        int needed,
        IReadOnlyList<string> mayComeBack
    ) =>
        new(
            ErrorKind.InvalidState,
            $"Swarm {swarmId} has {managers} managers and needs {needed}, and so many may still come back: {string.Join(", ", mayComeBack)}. Nothing was changed.",
            "Start them and open 2377/tcp between them: the swarm then goes on by itself, with nothing lost. If those that do not answer are gone for good, add -Force: it names what may be lost.",
            swarmId
        );

    public static SwarmOpsException RepairPositionUnknown(IReadOnlyList<SwarmNode> nodes) =>
        new(
            ErrorKind.InvalidState,
            $"How much the raft log of {Names(nodes)} has could not be read, so it may have more than the others. Nothing was changed.",
            "Their hosts must be reached over SSH as root, and have perl. -Verbose tells what failed; -Force goes on from the manager that has most of those that are known.",
            nodes[0]
        );

    public static SwarmOpsException RepairOtherHasMore(SwarmNode chosen, SwarmNode other, string positions) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{other.Name}' has more of the swarm's raft log than '{chosen.Name}': {positions}. Nothing was changed.",
            $"Go on from the one that has most: -On {other.Name}, or omit -On. With -Force what only '{other.Name}' has is lost.",
            chosen
        );

    public static SwarmOpsException RepairKeyLocked(SwarmNode node) =>
        new(
            ErrorKind.InvalidArgument,
            $"The key of '{node.Name}' is locked: its swarm has autolock. Nothing was changed.",
            "Specify the swarm's unlock key: -UnlockKey (Get-Secret swarm-unlock-key).",
            node
        );

    public static SwarmOpsException OnlyManagerMoved(SwarmNode node, string address) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' is the only manager, at {address}: while it leaves to change its address there would be no swarm. Nothing was changed.",
            "Promote other nodes first (Step-SwarmPromotion), if they reach it. If they do not, back the swarm up (Backup-Swarm), and restore it on this host, which takes the new address: Remove-SwarmNode on this node, then Restore-Swarm with all nodes.",
            node
        );

    public static SwarmOpsException MovedTasksMissing(SwarmNode node, IReadOnlyList<string> missing, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"'{node.Name}' is back in the swarm, but not everything runs there again after {timeout.TotalSeconds:0} s: {string.Join("; ", missing)}.",
            "Fix what the message names (Get-SwarmServiceLog); Wait-SwarmService waits for a service.",
            node
        );

    public static SwarmOpsException NamesStillLost(string service, IReadOnlyList<string> from, IReadOnlyList<string> on) =>
        new(
            ErrorKind.InvalidState,
            $"The tasks of '{service}' were replaced, and on {string.Join(", ", from.Select(name => $"'{name}'"))} their names still do not resolve, although packets arrive. They run on {string.Join(", ", on.Select(name => $"'{name}'"))}.",
            $"The other nodes do not count {string.Join(", ", on.Select(name => $"'{name}'"))} among those of the network: take it out of service, restart its engine, and let it return: Suspend-SwarmNode, systemctl restart docker, Resume-SwarmNode.",
            service
        );

    private static string Names(IEnumerable<SwarmNode> nodes) => string.Join(", ", nodes.Select(node => $"'{node.Name}'"));
}
