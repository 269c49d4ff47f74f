using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Archive;
using SwarmOps.Recovery.Hosts;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Formation;
using SwarmOps.Swarm.Locking;
using SwarmOps.Swarm.Outage;

namespace SwarmOps.Recovery.Restoring;

/// <summary>Restores a swarm from a backup, or completes a restore that was interrupted: a swarm that has a leader is not overwritten.</summary>
internal sealed class RestoreOperation(IOperationContext context, RestoreRequest request)
{
    private const string Activity = "Restore-Swarm";

    /// <summary>Runs it and emits the nodes of the swarm.</summary>
    public async Task RunAsync()
    {
        var (store, name) = await request.Place.FindAsync(context.CancellationToken).ConfigureAwait(false);
        using var state = new MemoryStream();
        BackupArchive archive;
        using (store)
        {
            context.WriteProgress(new OperationProgress(0, Activity, $"Reading {name}"));
            await using var file = await store.OpenAsync(name, context.CancellationToken).ConfigureAwait(false);
            archive = BackupArchive.Read(file, request.Passphrase, name, state);
        }

        context.WriteVerbose(
            $"{name}: swarm {archive.Manifest.SwarmId} at {archive.Manifest.CreatedAt:u}, engine {archive.Manifest.EngineVersion}"
        );
        if (!archive.Manifest.IsTried)
            context.WriteWarning($"{name} was never tried in a scratch engine (-SkipTrial).");
        var session = await SwarmSession.LookAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        if (session.IsFound)
            RefuseOther(session, archive.Manifest);
        else if (!await RestoreAsync(session, archive, state).ConfigureAwait(false))
            return;
        var members = new MembersRequest(request.Nodes, Activity)
        {
            ManagerCount = archive.Manifest.Managers.Count,
            MustBeComplete = request.Progress.IsRestored,
            TestReachability = request.TestReachability,
            Timeout = request.Timeout,
            ThrottleLimit = request.ThrottleLimit,
        };
        await new RestoredMembers(context, members, archive.Manifest).RunAsync().ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
    }

    private void RefuseOther(SwarmSession session, BackupManifest manifest)
    {
        if (session.SwarmId != manifest.SwarmId)
            throw RecoveryErrors.RestoreNodeInAnotherSwarm(session.View.Manager.Node, session.SwarmId);
        if (!request.Progress.IsRestored)
            context.WriteWarning(
                $"Swarm {session.SwarmId} has a leader, so nothing of the backup was put in its place. Only nodes that it lacks are added."
            );
    }

    /// <returns>False under -WhatIf, or when the user does not want to go on.</returns>
    private async Task<bool> RestoreAsync(SwarmSession looked, BackupArchive archive, MemoryStream state)
    {
        var session = await looked.WithTracesAsync(request.ThrottleLimit).ConfigureAwait(false);
        var manifest = archive.Manifest;
        if (!await new RestoreGuard(context, request, manifest).PassAsync(session.Reports).ConfigureAwait(false))
            return false;
        var target = Choose(session, manifest);
        RefuseUnable(target);
        WarnOlder(target, manifest);
        var holders = Holders(session.Reports, target);
        if (holders.FirstOrDefault(holder => holder.Trace is not { IsHeld: true }) is { } unseen)
            throw OutageErrors.NodeHoldsSwarmState(unseen.Node, manifest.SwarmId, unseen.Observation!, unseen.Trace);
        context.Guard(new HostsLock([.. session.Observations.Where(node => !node.IsActive)]));
        if (!await context.ShouldProcessAsync(target.Node.ToString(), ActionOf(target, manifest, holders)).ConfigureAwait(false))
            return false;
        // First: the restored manager tells them that they were removed, and then their engines delete their raft logs.
        foreach (var holder in holders)
        {
            await SwarmStateCopy.MakeAsync(context, holder).ConfigureAwait(false);
            await SwarmMembership.LeaveAsync(holder.Observation!.Connection, context.CancellationToken).ConfigureAwait(false);
        }

        state.Position = 0;
        await new FirstManager(context, archive, request.Timeout).MakeAsync(target, state).ConfigureAwait(false);
        request.Progress.IsRestored = true;
        return true;
    }

    /// <summary>The other nodes whose engines have a raft log of the swarm, which -Force gives up; a copy of each is kept.</summary>
    internal static IReadOnlyList<NodeReport> Holders(IReadOnlyList<NodeReport> reports, NodeObservation target) =>
        [
            .. reports.Where(report =>
                report.Observation is { HoldsSwarmState: true } own && own.Node != target.Node && RestoreGuard.HoldsRaft(report)
            ),
        ];

    private static string ActionOf(NodeObservation target, BackupManifest manifest, IReadOnlyList<NodeReport> holders) =>
        $"Restore swarm {manifest.SwarmId} as of {manifest.CreatedAt:u} with this node as its only manager, advertise address {target.Node.AdvertiseAddress}"
        + (target.HoldsSwarmState ? ": its present swarm state is moved aside" : "")
        + (
            holders.Count == 0
                ? ""
                : $"; the newer state of {string.Join(", ", holders.Select(holder => $"'{holder.Node.Name}'"))} is copied aside, and they leave it"
        );

    private NodeObservation Choose(SwarmSession session, BackupManifest manifest)
    {
        if (request.On is { } on)
            return session.Observations.FirstOrDefault(node => string.Equals(node.Node.Name, on, StringComparison.OrdinalIgnoreCase))
                ?? throw SwarmErrors.NodeNotInSet(on, request.Nodes);
        var able = session.Observations.Where(node => EngineHost.CanRun(node.Node)).ToList();
        // At a manager's old address, the workers that still have their state come back by themselves.
        return able.FirstOrDefault(node => HasAddressOf(node, manifest.Managers.Where(manager => manager.Id == manifest.NodeId)))
            ?? able.FirstOrDefault(node => HasAddressOf(node, manifest.Managers))
            ?? able.FirstOrDefault()
            ?? session.Observations[0];
    }

    private static bool HasAddressOf(NodeObservation node, IEnumerable<BackedUpNode> managers) =>
        managers.Any(manager => manager.Address.Length > 0 && manager.Address == node.Node.AdvertiseAddress);

    private static void RefuseUnable(NodeObservation target)
    {
        if (!EngineHost.CanRun(target.Node))
            throw RecoveryErrors.EngineCannotBeHeld(target.Node, "it is reached over TCP, where no commands can be run");
        if (string.IsNullOrEmpty(target.Node.AdvertiseAddress))
            throw SwarmErrors.AdvertiseAddressMissing(target.Node);
        if (NodeAddress.TryParse(target.Node.AdvertiseAddress) is null)
            throw SwarmErrors.AdvertiseAddressNotAnAddress(target.Node);
    }

    private void WarnOlder(NodeObservation target, BackupManifest manifest)
    {
        if (Release(target.Info.ServerVersion) is { } own && Release(manifest.EngineVersion) is { } theirs && own < theirs)
            context.WriteWarning(
                $"'{target.Node.Name}' has engine {target.Info.ServerVersion}, and the backup is of engine {manifest.EngineVersion}: an older engine may not read what a later one wrote."
            );
    }

    /// <summary>Major and minor version.</summary>
    private static Version? Release(string? version) =>
        version?.Split('.') is [var major, var minor, ..] && Version.TryParse($"{major}.{minor}", out var release) ? release : null;
}
