using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Archive;
using SwarmOps.Recovery.Hosts;
using SwarmOps.Recovery.Restoring;
using SwarmOps.Recovery.Taking;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Locking;
using SwarmOps.Swarm.Outage;
using SwarmOps.Transport;

namespace SwarmOps.Recovery.Repairing;

/// <summary>Lets a swarm that lost its quorum for good go on from one manager, or completes a repair that was interrupted: a swarm that has a leader keeps it.</summary>
internal sealed class RepairSwarmOperation(IOperationContext context, RepairSwarmRequest request)
{
    private const string Activity = "Repair-Swarm";

    /// <summary>Runs it and emits the nodes of the swarm.</summary>
    public async Task RunAsync()
    {
        context.WriteProgress(new OperationProgress(0, Activity, "Looking for the managers of the swarm"));
        var session = await SwarmSession.LookAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        if (session.IsFound)
            context.WriteVerbose($"Swarm {session.SwarmId} has a leader: only nodes that it lacks are brought back.");
        else if (!await GoOnAsync(session).ConfigureAwait(false))
            return;
        await BringBackAsync().ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
    }

    /// <returns>False under -WhatIf, or when the user does not want to go on.</returns>
    private async Task<bool> GoOnAsync(SwarmSession looked)
    {
        var session = await looked.WithTracesAsync(request.ThrottleLimit).ConfigureAwait(false);
        session.ReportSilent();
        var positions = await ReadPositionsAsync(session).ConfigureAwait(false);
        var decision = RepairDecision.Make(session.Reports, positions, request.On, request.Force);
        var target = decision.From.Observation!;
        if (string.IsNullOrEmpty(target.Node.AdvertiseAddress))
            throw SwarmErrors.AdvertiseAddressMissing(target.Node);
        foreach (var loss in decision.Losses)
            context.WriteWarning(loss);
        var state = await DiskAsync(decision.From).ConfigureAwait(false);
        context.Guard(new HostsLock([.. session.Observations.Where(node => !node.IsActive)]));
        var action =
            $"Go on with swarm {decision.From.Trace!.SwarmId} from this manager only, at {decision.Position?.ToString() ?? "an unknown index"} of its raft log, advertise address {target.Node.AdvertiseAddress}";
        if (!await context.ShouldProcessAsync(target.Node.ToString(), action).ConfigureAwait(false))
            return false;
        await SwarmStateCopy.MakeAsync(context, decision.From).ConfigureAwait(false);
        if (target.LocalState is LocalNodeStates.Error or LocalNodeStates.Locked)
            await UnstartAsync(target, state).ConfigureAwait(false);
        await new ForcedCluster(context, Activity, state.Settings, request.Timeout).MakeAsync(target).ConfigureAwait(false);
        return true;
    }

    private async Task<IReadOnlyDictionary<string, RaftPosition?>> ReadPositionsAsync(SwarmSession session)
    {
        var read = await Throttle
            .ForEachAsync(
                session.Reports,
                request.ThrottleLimit,
                async report => (report.Node.Name, Position: await RaftPosition.ReadAsync(context, report).ConfigureAwait(false)),
                context.CancellationToken
            )
            .ConfigureAwait(false);
        foreach (var (name, position) in read.Where(one => one.Position is not null))
            context.WriteVerbose($"{name}: its raft log ends at {position}, committed up to {position!.Commit}");
        return read.ToDictionary(one => one.Name, one => one.Position, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What the engine was started with, and the manager's key.</summary>
    private async Task<Disk> DiskAsync(NodeReport report)
    {
        var host = new EngineHost(context, report.Observation!);
        var path = report.Trace!.Path;
        const string what = "reading the swarm directory";
        var start = await host.RequireAsync(
                $"cd {ShellCommand.Quote(path)} && {{ cat docker-state.json || cat docker-state.json.before-repair; }} 2>/dev/null; true",
                null,
                what
            )
            .ConfigureAwait(false);
        var pem = await host.RequireAsync($"cat {ShellCommand.Quote(path)}/certificates/swarm-node.key", null, what).ConfigureAwait(false);
        var isLocked = LockedNodeKey.IsLocked(pem);
        if (isLocked && request.UnlockKey is null)
            throw RecoveryErrors.RepairKeyLocked(report.Node);
        return new Disk(Settings(start, isLocked || request.UnlockKey is not null), isLocked ? Unlocked(report.Node, pem) : null);
    }

    private static ClusterSettings Settings(string start, bool autoLock)
    {
        try
        {
            // An engine from before the setting, or a lost file, has the usual values.
            var state = JsonNode.Parse(start) as JsonObject ?? [];
            return new ClusterSettings(
                (uint?)state["DataPathPort"] ?? 0,
                [.. (state["DefaultAddressPool"] as JsonArray ?? []).Select(pool => (string?)pool).OfType<string>()],
                (uint?)state["SubnetSize"] ?? 0,
                autoLock
            );
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return new ClusterSettings(0, [], 0, autoLock);
        }
    }

    private string Unlocked(SwarmNode node, string pem)
    {
        try
        {
            return LockedNodeKey.Unlock(pem, request.UnlockKey!);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            throw RecoveryErrors.UnlockKeyDoesNotFit(node, exception);
        }
    }

    /// <summary>An engine whose swarm is in error or locked cannot make a new cluster: it must come up without starting its swarm.</summary>
    private async Task UnstartAsync(NodeObservation target, Disk state)
    {
        context.WriteProgress(new OperationProgress(0, Activity, $"Restarting the engine of {target.Node.Name} without its swarm"));
        var host = new EngineHost(context, target);
        try
        {
            if (state.Key is { } key)
                await host.RequireAsync(
                        $"umask 077; mkdir -p {ShellCommand.Quote(host.Folder)} && cat >{ShellCommand.Quote(host.Folder)}/key",
                        key,
                        "writing the manager's key"
                    )
                    .ConfigureAwait(false);
            await host.HoldAsync(SwarmBackupMethod.Stop, EmbeddedText.Read("UnstartState.sh"), "restarting the engine without its swarm")
                .ConfigureAwait(false);
        }
        finally
        {
            await host.CleanAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The other nodes, with the roles and labels that the swarm's own list has.</summary>
    private async Task BringBackAsync()
    {
        var session = await SwarmSession.FindAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        var inventory = await SwarmInventory.ReadAsync(session).ConfigureAwait(false);
        var members = inventory.Nodes;
        var active = session.Observations.Where(session.View.Has).Select(node => node.NodeId).ToHashSet(StringComparer.Ordinal);
        var gone = members.Where(node => !active.Contains(node.Id)).Select(node => node.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // A node that an earlier run brought back, and whose former entry is still there, inherits from that one.
        IReadOnlyList<BackedUpNode> before = [.. members.Where(node => !active.Contains(node.Id) || !gone.Contains(node.Name))];
        var managers = before.Count(node => node.IsManager);
        await new RestoredMembers(
            context,
            new MembersRequest(request.Nodes, Activity)
            {
                ManagerCount = managers,
                TestReachability = request.TestReachability,
                Timeout = request.Timeout,
                ThrottleLimit = request.ThrottleLimit,
            },
            new BackupManifest
            {
                SwarmId = session.SwarmId,
                Nodes = before,
                AutoLock = inventory.AutoLock,
            }
        ).RunAsync().ConfigureAwait(false);
    }

    /// <summary>What a manager's swarm directory says.</summary>
    private sealed record Disk(ClusterSettings Settings, string? Key);
}
