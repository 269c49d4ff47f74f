using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Archive;
using SwarmOps.Recovery.Taking;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Formation;
using SwarmOps.Swarm.Keys;
using SwarmOps.Swarm.Managers;
using SwarmOps.Swarm.Outage;
using SwarmOps.Transport;

namespace SwarmOps.Recovery.Restoring;

/// <summary>
/// Brings the other nodes into a restored swarm: those that still have their membership come back by themselves, the others join, and get labels, availability and role of the node
/// that they stand in for, whose entry is then removed.
/// </summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="request">The request.</param>
/// <param name="manifest">The backup.</param>
internal sealed class RestoredMembers(IOperationContext context, MembersRequest request, BackupManifest manifest)
{
    /// <summary>A worker asks for its managers every some seconds (swarmkit, agent: back-off up to 8 s).</summary>
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromSeconds(60);

    /// <summary>A node that was lost a moment ago is Ready until it has missed three heartbeats of 5 s (swarmkit, dispatcher).</summary>
    private static readonly TimeSpan LossLimit = TimeSpan.FromSeconds(25);

    /// <summary>Names of the nodes whose joining, with the labels of a former node, the user has confirmed.</summary>
    private readonly HashSet<string> agreed = new(StringComparer.Ordinal);

    /// <summary>Runs it and emits the nodes.</summary>
    public async Task RunAsync()
    {
        var session = await FindAsync().ConfigureAwait(false);
        await CompareAsync(session).ConfigureAwait(false);
        session = await WaitForReturningAsync(session).ConfigureAwait(false);
        await JoinAsync(session).ConfigureAwait(false);
        session = await FindAsync().ConfigureAwait(false);
        // Without the entries that are gone since, lost managers among them.
        if (await InheritAsync(session).ConfigureAwait(false))
            session = await FindAsync().ConfigureAwait(false);
        await PromoteAsync(session).ConfigureAwait(false);
        session = await FindAsync().ConfigureAwait(false);
        if (StaleManager.Warning(session) is { } stale)
            context.WriteWarning(stale);
        await LockAsync(session).ConfigureAwait(false);
        TellOfLost(session);
        foreach (var node in session.Nodes.Where(node => node.NodeId is not null))
            context.WriteObject(node);
    }

    /// <summary>The managers of a swarm with autolock lock their keys some moments after they take part.</summary>
    private async Task LockAsync(SwarmSession session)
    {
        if (!manifest.AutoLock)
            return;
        context.WriteProgress(new OperationProgress(0, request.Activity, "Waiting until the managers' keys are locked"));
        var managers = session.Observations.Where(node => node.IsManager).ToList();
        var open = await KeyLocks.WaitAsync(context, managers, request.Timeout, request.ThrottleLimit).ConfigureAwait(false);
        if (open.Count > 0)
            context.WriteError(SwarmKeyErrors.ManagerKeyNotLocked(session.SwarmId, open, request.Timeout));
    }

    private Task<SwarmSession> FindAsync() => SwarmSession.FindAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout);

    /// <summary>Whether everything that the backup lists is there.</summary>
    private async Task CompareAsync(SwarmSession session)
    {
        if (!request.MustBeComplete)
            return;
        var now = await SwarmInventory.ReadAsync(session).ConfigureAwait(false);
        var missing = manifest
            .Objects.SelectMany(kind =>
                kind.Value.Where(item => !now.Objects[kind.Key].Any(found => found.Id == item.Id))
                    .Select(item => $"{kind.Key} '{item.Name}'")
            )
            .ToList();
        if (missing.Count > 0)
            context.WriteError(RecoveryErrors.RestoreIncomplete(session.SwarmId, missing));
    }

    /// <summary>Waits for workers that know the restored manager's address.</summary>
    private async Task<SwarmSession> WaitForReturningAsync(SwarmSession session)
    {
        if (!IsAtOldAddress(session) || !Returning(session).Any())
            return session;
        context.WriteProgress(new OperationProgress(0, request.Activity, "Waiting for the workers that still have their membership"));
        await Polling
            .UntilAsync(
                async () =>
                {
                    session = await FindAsync().ConfigureAwait(false);
                    return Returning(session).Any() ? null : session;
                },
                request.Timeout < ReturnLimit ? request.Timeout : ReturnLimit,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return session;
    }

    /// <summary>By what the managers themselves advertise: the swarm may list one at an address that it no longer has.</summary>
    private bool IsAtOldAddress(SwarmSession session) =>
        session.Observations.Any(node =>
            node.IsManager && node.NodeAddress.Length > 0 && manifest.Managers.Any(old => old.Address == node.NodeAddress)
        );

    /// <summary>Nodes whose engines hold a membership of this swarm, and which it does not see yet.</summary>
    private static IEnumerable<NodeReport> Returning(SwarmSession session) =>
        session.Reports.Where(report =>
            report.Observation is { HoldsSwarmState: true, NodeId.Length: > 0 } own
            && session.View.Find(own.NodeId) is { } member
            && member.Status?.State != "ready"
            && !RestoreGuard.HoldsRaft(report)
        );

    private async Task JoinAsync(SwarmSession session)
    {
        session.ReportSilent();
        var joining = new List<NodeReport>();
        foreach (var report in session.Reports.Where(report => report.Observation is not null))
        {
            var own = report.Observation!;
            // A manager that takes part is what the swarm goes on from, whatever it says of its own state as a node.
            if (
                session.View.Find(own.NodeId) is { } member
                && own.IsActive
                && (member.Status?.State == "ready" || member.ManagerStatus is not null)
            )
                continue;
            var seen = own.HoldsSwarmState
                ? report with
                {
                    Trace = await SwarmTraceReader.ReadAsync(context, report).ConfigureAwait(false),
                }
                : report;
            if (Obstacle(seen, session.View, manifest) is { } obstacle)
            {
                context.WriteError(obstacle);
                continue;
            }

            var old = manifest.Nodes.FirstOrDefault(node => RestoreGuard.IsSame(report, node));
            var role = old is { IsManager: true } ? "manager" : "worker";
            var action =
                $"Join swarm {session.SwarmId} as a {role}"
                + (old is null ? "" : $", with the labels of the former '{old.Name}'")
                + (
                    !own.HoldsSwarmState ? ""
                    : seen.Trace is { IsHeld: true } ? ": its present swarm state is copied aside"
                    : ": its present membership ends"
                );
            if (await context.ShouldProcessAsync(report.Node.ToString(), action).ConfigureAwait(false))
            {
                joining.Add(seen);
                agreed.Add(report.Node.Name);
            }
        }

        if (joining.Count == 0)
            return;
        foreach (var report in joining.Where(report => report.Observation!.HoldsSwarmState))
            await LeaveAsync(report).ConfigureAwait(false);
        var relay = new RelayedContext(context, answer: true);
        await new JoinOperation(
            relay,
            new JoinRequest([.. joining.Select(report => Forget(report.Node))])
            {
                Managers = [.. session.Nodes.Where(node => node.Role == SwarmNodeRole.Manager)],
                TestReachability = request.TestReachability,
                Timeout = request.Timeout,
                ThrottleLimit = request.ThrottleLimit,
            }
        ).RunAsync().ConfigureAwait(false);
        Pass(relay);
    }

    /// <summary>
    /// Why a node must not leave the swarm whose state it holds; null when it may. A worker does not say which swarm it is in, so what nothing tells may be another one; and a raft log is
    /// not given up where it cannot be copied.
    /// </summary>
    internal static SwarmOpsException? Obstacle(NodeReport seen, SwarmView view, BackupManifest manifest)
    {
        var standing = StandingJudge.Of(seen, view);
        if (standing is JoinStanding.Bare or JoinStanding.HalfJoined)
            return null;
        var isOfThisSwarm =
            standing is JoinStanding.Member or JoinStanding.Returning
            || seen.Trace?.SwarmId == view.SwarmId
            || manifest.Nodes.Any(node => node.Id == seen.OwnNodeId);
        return isOfThisSwarm && (!RestoreGuard.HoldsRaft(seen) || seen.Trace is { IsHeld: true })
            ? null
            : OutageErrors.NodeHoldsSwarmState(seen.Node, view.SwarmId, seen.Observation!, seen.Trace);
    }

    /// <summary>A membership that the restored swarm does not continue; the state is kept beside it.</summary>
    private async Task LeaveAsync(NodeReport report)
    {
        await SwarmStateCopy.MakeAsync(context, report).ConfigureAwait(false);
        await SwarmMembership.LeaveAsync(report.Observation!.Connection, context.CancellationToken).ConfigureAwait(false);
    }

    private static SwarmNode Forget(SwarmNode node) => SwarmNodeMapper.ForgetMembership(node);

    /// <summary>Gives each node that joined the labels and availability of the one that it stands in for, and removes that one's entry.</summary>
    /// <returns>Whether an entry was removed.</returns>
    private async Task<bool> InheritAsync(SwarmSession session)
    {
        var removed = false;
        foreach (var report in session.Reports.Where(report => report.Observation is { IsActive: true }))
        {
            var own = report.Observation!;
            if (
                session.View.Find(own.NodeId) is not { } member
                || manifest.Nodes.Any(node => node.Id == own.NodeId)
                || manifest.Nodes.FirstOrDefault(node => RestoreGuard.IsSame(report, node)) is not { } old
            )
                continue;
            var entry = session.Observations.Any(node => node.NodeId == old.Id) ? null : session.View.Find(old.Id);
            if ((entry is null && !Differs(old, member)) || !await AgreesAsync(report.Node, old, entry).ConfigureAwait(false))
                continue;
            await session.UpdateMemberAsync(member.ID, spec => Apply(old, spec), request.Timeout, member).ConfigureAwait(false);
            if (entry is not null)
            {
                if (await StaysReadyAsync(session, entry, LossLimit, context.CancellationToken).ConfigureAwait(false))
                {
                    context.WriteWarning(
                        $"'{old.Name}' (node id {old.Id}), which '{report.Node.Name}' stands in for, is still Ready, so it was not removed from the swarm. If it is gone for good, stop its engine and run the same command again. If it is another node, give one of them another name."
                    );
                    continue;
                }

                await DemoteAsync(session, report.Node, entry).ConfigureAwait(false);
                await RemoveAsync(session, entry).ConfigureAwait(false);
                removed = true;
            }
        }

        return removed;
    }

    /// <summary>Asks about a node that joined in an earlier run; it was asked about one that joined in this run.</summary>
    private async Task<bool> AgreesAsync(SwarmNode node, BackedUpNode old, NodeListResponse? entry) =>
        agreed.Contains(node.Name)
        || await context
            .ShouldProcessAsync(
                node.ToString(),
                $"Give it the labels and the availability of the former '{old.Name}'"
                    + (entry is null ? "" : $", and remove that one's entry ({old.Id})")
            )
            .ConfigureAwait(false);

    /// <summary>Whether a node lacks something of the one that it stands in for.</summary>
    internal static bool Differs(BackedUpNode old, NodeListResponse member) =>
        member.Spec?.Availability != old.Availability || old.Labels.Keys.Any(key => member.Spec?.Labels?.ContainsKey(key) is not true);

    /// <summary>Whether a node of which the node set has another one in its place is there all the same.</summary>
    internal static async Task<bool> StaysReadyAsync(
        SwarmSession session,
        NodeListResponse entry,
        TimeSpan limit,
        CancellationToken cancellationToken
    ) =>
        entry.Status?.State == "ready"
        && await Polling
            .UntilAsync(
                async () => await session.FindMemberAsync(entry.ID).ConfigureAwait(false) is { Status.State: "ready" } ? null : entry,
                limit,
                cancellationToken
            )
            .ConfigureAwait(false)
            is null;

    /// <summary>The entry of a lost manager that is still a member of the raft cannot be removed.</summary>
    private async Task DemoteAsync(SwarmSession session, SwarmNode node, NodeListResponse entry)
    {
        if (entry.ManagerStatus is null)
            return;
        DemotionPlan.RefuseUnsafe([new SetMember(new NodeReport(node, null, null), entry)], ManagerTally.Of(session.View));
        var change = new RoleChange(context, session, request.Timeout);
        await change.DemoteAsync(entry.ID).ConfigureAwait(false);
        if (await change.UntilWorkerAsync(entry.ID, own: null).ConfigureAwait(false) is null)
            throw ManagerErrors.DemotionTimedOut(node, request.Timeout);
    }

    private static bool Apply(BackedUpNode old, NodeUpdateParameters spec)
    {
        var changed = spec.Availability != old.Availability;
        spec.Availability = old.Availability;
        foreach (var (key, value) in old.Labels)
        {
            if (spec.Labels.TryGetValue(key, out var present) && present == value)
                continue;
            // A label that the node set says otherwise, such as its region, stays as it is.
            changed |= spec.Labels.TryAdd(key, value);
        }

        return changed;
    }

    private static async Task RemoveAsync(SwarmSession session, NodeListResponse entry) =>
        await session
            .AskManagerAsync(
                async (manager, token) =>
                {
                    try
                    {
                        await manager.TellAsync(engine => engine.Swarm.RemoveNodeAsync(entry.ID, true, token), token).ConfigureAwait(false);
                    }
                    catch (SwarmOpsException error)
                        when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
                    {
                        // Removed in the meantime.
                    }

                    return true;
                }
            )
            .ConfigureAwait(false);

    /// <summary>As many managers as the swarm had, as far as there are nodes for an odd number.</summary>
    private async Task PromoteAsync(SwarmSession session)
    {
        // A second manager could not answer the first one, and the swarm would have no leader.
        if (StaleManager.Warning(session) is not null)
            return;
        var active = session.Observations.Count(session.View.Has);
        var wanted = Math.Min(request.ManagerCount, active);
        wanted -= wanted > 1 && wanted % 2 == 0 ? 1 : 0;
        if (wanted <= session.View.Managers.Count)
            return;
        if (
            !await context
                .ShouldProcessAsync($"swarm {session.SwarmId}", $"Promote workers until there are {wanted} managers, as before")
                .ConfigureAwait(false)
        )
            return;
        var relay = new RelayedContext(context, answer: true);
        await new PromotionOperation(
            relay,
            new PromotionRequest([.. session.Nodes.Where(node => node.NodeId is not null)])
            {
                ManagerCount = wanted,
                TestReachability = request.TestReachability,
                Timeout = request.Timeout,
                ThrottleLimit = request.ThrottleLimit,
            }
        ).RunAsync().ConfigureAwait(false);
        Pass(relay);
    }

    private void Pass(RelayedContext relay)
    {
        foreach (var warning in relay.Warnings)
            context.WriteWarning(warning);
        foreach (var error in relay.Errors)
            context.WriteError(error);
    }

    private void TellOfLost(SwarmSession session)
    {
        var lost = session
            .View.Members.Where(member => member.Status?.State != "ready" && !session.Observations.Any(node => node.NodeId == member.ID))
            .Select(member => $"'{session.Place(member.ID)?.Name ?? member.ID}'")
            .ToList();
        if (lost.Count > 0)
            context.WriteWarning(
                $"No node of the set stands in for these nodes, which are still listed: {string.Join(", ", lost)}. Remove them when they are gone for good: Remove-SwarmNode -Force."
            );
    }
}
