using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Archive;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Recovery.Restoring;

/// <summary>
/// Decides whether a swarm may be restored on a node set: only when every node answers, none is in another swarm, and no manager can bring the old swarm back, or the user says
/// that it may be lost.
/// </summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="request">The request.</param>
/// <param name="manifest">The backup.</param>
internal sealed class RestoreGuard(IOperationContext context, RestoreRequest request, BackupManifest manifest)
{
    /// <summary>The file that marks a state as put there by a restore, and not used by an engine yet.</summary>
    public const string Marker = ".swarmops-restored";

    /// <summary>Throws when the restore could lose or double a swarm.</summary>
    /// <param name="reports">The nodes, with their disks read.</param>
    /// <returns>False when the user does not want to go on.</returns>
    /// <exception cref="SwarmOpsException">
    /// <c>RestoreNodeSilent</c>, <c>RestoreNodeInAnotherSwarm</c>, <c>RestoreStateOnDisk</c>, <c>RestoreNotConfirmed</c>, the transport's errors.
    /// </exception>
    public async Task<bool> PassAsync(IReadOnlyList<NodeReport> reports)
    {
        var silent = reports.Where(report => report.Failure is not null).ToList();
        foreach (var report in silent)
            context.WriteError(report.Failure!);
        if (silent.Count > 0)
            throw RecoveryErrors.RestoreNodeSilent([.. silent.Select(report => report.Node)], manifest.SwarmId, silent[0].Failure);
        var holders = new List<NodeReport>();
        foreach (var report in reports.Where(report => report.HoldsSwarmState))
        {
            if (await IsOfEarlierRunAsync(report).ConfigureAwait(false))
                continue;
            if (!IsOfBackup(report))
                throw RecoveryErrors.RestoreNodeInAnotherSwarm(report.Node, report.Trace?.SwarmId ?? report.Observation?.SwarmId);
            if (HoldsRaft(report))
                holders.Add(report);
        }

        if (holders.Count > 0 && !request.Force)
            throw RecoveryErrors.RestoreStateOnDisk([.. holders.Select(report => report.Node)], manifest.SwarmId);
        return request.Force || await ConfirmUnseenAsync(reports).ConfigureAwait(false);
    }

    /// <summary>Whether a node holds the raft log of a swarm.</summary>
    public static bool HoldsRaft(NodeReport report) =>
        report.Trace?.HoldsRaft is true
        || report.Observation is { Info.Swarm.ControlAvailable: true } or { LocalState: LocalNodeStates.Locked };

    private bool IsOfBackup(NodeReport report) =>
        report.Trace?.SwarmId == manifest.SwarmId || manifest.Nodes.Any(node => node.Id == report.OwnNodeId);

    /// <summary>An interrupted restore leaves a copy of a backup, of which the engine has made nothing yet.</summary>
    private async Task<bool> IsOfEarlierRunAsync(NodeReport report)
    {
        if (report is not { Trace: { IsHeld: true } trace, Observation: { HoldsSwarmState: false } own })
            return false;
        var command = new NodeCommand($"[ -e {ShellCommand.Quote($"{trace.Path}/{Marker}")} ]") { AsRoot = true };
        return (await own.Connection.RunAsync(command, context.CancellationToken).ConfigureAwait(false)).Succeeded;
    }

    private async Task<bool> ConfirmUnseenAsync(IReadOnlyList<NodeReport> reports)
    {
        var unseen = manifest.Managers.Where(manager => !reports.Any(report => IsSame(report, manager))).Select(Name).ToList();
        if (unseen.Count == 0)
            return true;
        try
        {
            return await context
                .ShouldContinueAsync(
                    $"These managers of the backup are not in the node set: {string.Join(", ", unseen)}. If more than half of the old managers still run, there will be two swarms. Continue?",
                    "Restore a swarm whose managers were not all seen"
                )
                .ConfigureAwait(false);
        }
        catch (InvalidOperationException cause)
        {
            throw RecoveryErrors.RestoreNotConfirmed(unseen, cause);
        }
    }

    /// <summary>Whether a node of the set is, or stands in for, a node of the backup.</summary>
    public static bool IsSame(NodeReport report, BackedUpNode old) =>
        report.OwnNodeId == old.Id
        || (old.Address.Length > 0 && report.Node.AdvertiseAddress == old.Address)
        || string.Equals(report.Node.Name, old.Name, StringComparison.OrdinalIgnoreCase);

    private static string Name(BackedUpNode node) => $"'{node.Name}'{(node.Address.Length > 0 ? $" ({node.Address})" : "")}";
}
