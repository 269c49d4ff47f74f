using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Outage;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Formation;

/// <summary>Joins the nodes of a node set to its swarm.</summary>
internal sealed class JoinOperation(IOperationContext context, JoinRequest request)
{
    private const string Activity = "Join-SwarmAsWorker";

    /// <summary>Runs it and emits the members of the set.</summary>
    public async Task RunAsync()
    {
        var others = request.Managers.Where(manager => !request.Nodes.Any(node => node.DockerHost == manager.DockerHost)).ToList();
        var session = await SwarmSession
            .FindAsync(context, [.. request.Nodes, .. others], request.ThrottleLimit, request.Timeout)
            .ConfigureAwait(false);
        session.ReportSilent();
        var reports = await LookAsync(session).ConfigureAwait(false);
        var ready = reports.Where(report => IsJudgedWell(report, session.View)).ToList();

        var members = ready.Where(report => session.View.Has(report.Observation!)).Select(report => report.Observation!).ToList();
        var returning = ready.Where(report => StandingJudge.Of(report, session.View) == JoinStanding.Returning).ToList();
        var joining = ready.Where(report => !session.View.Has(report.Observation!)).Except(returning).ToList();
        var labelled = await LabelAsync(members, session.View).ConfigureAwait(false);
        // Confirmed, and the swarm locked, before the ports are tested: two runs that test at the same time would see each other's listeners.
        var agreed = await AskAsync(joining, session.View).ConfigureAwait(false);
        var here = CallChain.Mark.Here();
        var reading = returning.Count + agreed.Count > 0 ? CallChain.BesideAsync(() => ReadTokenAsync(session.View), here) : null;
        var reachable =
            request.TestReachability && joining.Count > 0
                ? await CallChain.BesideAsync(() => DropUnreachableAsync(joining, session), here).ConfigureAwait(false)
                : joining;
        var workerToken = reading is null ? "" : await reading.ConfigureAwait(false);
        var joined = await JoinAsync([.. returning, .. agreed.Where(reachable.Contains)], agreed, session, workerToken)
            .ConfigureAwait(false);
        members.AddRange(joined);
        if (joined.Where(member => returning.Exists(report => ReferenceEquals(report.Node, member.Node))).ToList() is { Count: > 0 } back)
            await LabelAsync(back, await session.View.RefreshAsync(context.CancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        // What was just read is what is written, unless this run has changed it.
        var view =
            labelled || joined.Count > 0 ? await session.View.RefreshAsync(context.CancellationToken).ConfigureAwait(false) : session.View;
        Emit(view, members);
    }

    private async Task<string> ReadTokenAsync(SwarmView view)
    {
        var token = context.CancellationToken;
        var swarm = await view.Manager.AskAsync(engine => engine.Swarm.InspectSwarmAsync(token), token).ConfigureAwait(false);
        return swarm.JoinTokens.Worker;
    }

    /// <summary>The nodes that answer; the disks of those that are neither members nor in no swarm are read too.</summary>
    private async Task<IReadOnlyList<NodeReport>> LookAsync(SwarmSession session) =>
        await Throttle
            .ForEachAsync(
                session.Observations.Where(observation => request.Nodes.Contains(observation.Node)),
                request.ThrottleLimit,
                async observation =>
                {
                    var report = new NodeReport(observation.Node, observation, null);
                    return session.View.Has(observation) || !observation.HoldsSwarmState
                        ? report
                        : report with
                        {
                            Trace = await SwarmTraceReader.ReadAsync(context, report).ConfigureAwait(false),
                        };
                },
                context.CancellationToken
            )
            .ConfigureAwait(false);

    /// <summary>Writes an error for a node whose state forbids the join; returns whether it may join.</summary>
    private bool IsJudgedWell(NodeReport report, SwarmView view)
    {
        var error = Judge(report, view);
        if (error is not null)
            context.WriteError(error);
        return error is null;
    }

    private SwarmOpsException? Judge(NodeReport report, SwarmView view)
    {
        var (node, observation) = (report.Node, report.Observation!);
        if (node.SwarmId is { Length: > 0 } id && id != view.SwarmId)
            return SwarmErrors.WrongSwarm(node, view.SwarmId);
        if (observation.LocalState == LocalNodeStates.Locked)
            return SwarmErrors.SwarmLocked(node);
        if (StandingJudge.Of(report, view) == JoinStanding.Held && !request.Rejoin)
        {
            return observation.IsActive
                ? SwarmErrors.NodeInAnotherSwarm(node, observation.Info.Swarm?.RemoteManagers)
                : OutageErrors.NodeHoldsSwarmState(node, view.SwarmId, observation, report.Trace);
        }

        if (string.IsNullOrEmpty(node.AdvertiseAddress))
            return view.Has(observation) ? null : SwarmErrors.AdvertiseAddressMissing(node);
        if (NodeAddress.TryParse(node.AdvertiseAddress) is null)
            return SwarmErrors.AdvertiseAddressNotAnAddress(node);
        return view.Has(observation) && observation.NodeAddress != node.AdvertiseAddress
            ? SwarmErrors.AdvertiseAddressDiffers(node, observation.NodeAddress)
            : null;
    }

    /// <summary>Members that an interrupted run joined but did not label.</summary>
    /// <returns>Whether there were any.</returns>
    private async Task<bool> LabelAsync(IEnumerable<NodeObservation> members, SwarmView view)
    {
        var changed = false;
        foreach (var member in members.Where(member => NodeLabels.AreMissing(member.Node, view.Find(member.NodeId)!)))
        {
            if (!await context.ShouldProcessAsync(member.Node.ToString(), "Set the labels region and zone").ConfigureAwait(false))
                continue;
            var listed = view.Find(member.NodeId)!;
            changed |= await NodeLabels.SetAsync(view.Manager, member.Node, listed, context.CancellationToken).ConfigureAwait(false);
        }

        return changed;
    }

    private async Task<List<NodeReport>> DropUnreachableAsync(List<NodeReport> joining, SwarmSession session)
    {
        var unreachable = await AdvertiseAddressTest
            .FindUnreachableAsync(context, [.. joining.Select(report => report.Node)], [session.View.Manager.Node])
            .ConfigureAwait(false);
        foreach (var error in unreachable.Values)
            context.WriteError(error);
        return [.. joining.Where(report => !unreachable.ContainsKey(report.Node))];
    }

    private async Task<IReadOnlyList<NodeReport>> AskAsync(IReadOnlyList<NodeReport> joining, SwarmView view)
    {
        var agreed = new List<NodeReport>();
        foreach (var report in joining)
        {
            var action = $"join swarm {view.SwarmId} as a worker, advertise address {report.Node.AdvertiseAddress}";
            var asked =
                StandingJudge.Of(report, view) == JoinStanding.Held
                    ? new RejoinConsent(context, request.Force).AskAsync(report, action)
                    : context.ShouldProcessAsync(report.Node.ToString(), action);
            if (await asked.ConfigureAwait(false))
                agreed.Add(report);
        }

        return agreed;
    }

    private async Task<IReadOnlyList<NodeObservation>> JoinAsync(
        IReadOnlyList<NodeReport> joining,
        IReadOnlyList<NodeReport> agreed,
        SwarmSession session,
        string workerToken
    )
    {
        if (joining.Count == 0)
            return [];
        var view = session.View;
        var ticket = new JoinTicket(
            view,
            workerToken,
            RemoteAddresses(view, session.Observations),
            request.DataPathAddress,
            request.Timeout
        );
        var done = 0;
        context.WriteProgress(new OperationProgress(0, Activity, $"Joining {joining.Count} nodes", 0));
        var joined = await NodeSet
            .ForEachAsync(
                context,
                [.. joining.Select(report => report.Node)],
                request.ThrottleLimit,
                async node =>
                {
                    var report = joining.First(candidate => ReferenceEquals(candidate.Node, node));
                    var member = await new NodeJoin(context, ticket, report)
                    {
                        MayGiveUp = request.Rejoin && agreed.Contains(report) && StandingJudge.Of(report, view) == JoinStanding.Held,
                    }
                        .RunAsync()
                        .ConfigureAwait(false);
                    var count = Interlocked.Increment(ref done);
                    context.WriteProgress(
                        new OperationProgress(0, Activity, $"{count} of {joining.Count} nodes joined", count * 100 / joining.Count)
                    );
                    return member;
                }
            )
            .ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
        return joined;
    }

    /// <summary>
    /// The addresses to join at: first the managers that the leader reaches. The engine itself tries only the first (moby/moby issue 24085). A manager that made a new cluster of its
    /// state at another address is listed at its old one (moby/moby issue 34306): then the one that its engine advertises comes first.
    /// </summary>
    public static List<string> RemoteAddresses(SwarmView view, IReadOnlyList<NodeObservation> observed)
    {
        var listed = view
            .Managers.OrderByDescending(manager => manager.ManagerStatus!.Leader is true)
            .ThenByDescending(manager => manager.ManagerStatus!.Reachability == "reachable")
            .Select(manager => manager.ManagerStatus!.Addr)
            .OfType<string>()
            .ToList();
        if (
            view.Managers is [var only]
            && observed.FirstOrDefault(node => node.NodeId == only.ID) is { } own
            && StaleManager.AddressOf(view, own) is not null
        )
            listed.Insert(0, $"{NodeAddress.ForUri(own.NodeAddress)}:{SwarmPorts.Control}");
        return listed;
    }

    private void Emit(SwarmView view, List<NodeObservation> members)
    {
        foreach (var node in request.Nodes)
        {
            if (members.Find(member => ReferenceEquals(member.Node, node)) is { } member)
                context.WriteObject(SwarmNodeMapper.Describe(member, view));
        }
    }
}
