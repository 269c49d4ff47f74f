using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Locking;
using SwarmOps.Swarm.Outage;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Formation;

/// <summary>Initializes a swarm on one node of a node set, or uses the swarm that the set already has.</summary>
internal sealed class InitializeOperation(IOperationContext context, InitializeRequest request)
{
    /// <summary>How often the node set is read again when it changes meanwhile.</summary>
    private const int Looks = 3;

    /// <summary>Runs it and emits the set.</summary>
    public async Task RunAsync()
    {
        var first = ChooseFirst();
        RefuseWithoutAddress(first);
        // The hosts are locked: the port is asked about while the set is read again.
        var here = CallChain.Mark.Here();
        var freeing = context.Holds(HostsLock.Hosts)
            ? CallChain.BesideAsync(() => GossipPort.IsFreeAsync(context.Connection(first), context.CancellationToken), here)
            : null;
        var session = await CallChain.BesideAsync(LookAsync, here).ConfigureAwait(false);
        session.ReportSilent();
        if (session.IsFound)
        {
            RefuseWrongSwarm(session);
            await AdjustAsync(session).ConfigureAwait(false);
            Emit(session);
        }
        else if (session.Observations.Count > 0 && await MakeAsync(first, session, freeing).ConfigureAwait(false) is { } made)
        {
            Emit(made);
        }
    }

    /// <summary>Reads the node set, and its disks when no swarm is found. When another run has initialized a swarm in between, the set is read again.</summary>
    private async Task<SwarmSession> LookAsync()
    {
        // A set whose hosts are locked had no swarm a moment ago: its disks will be needed.
        var here = CallChain.Mark.Here();
        var reading = context.Holds(HostsLock.Hosts) ? CallChain.BesideAsync(ReadDisksAsync, here) : null;
        for (var attempt = 1; ; attempt++)
        {
            var session = await CallChain
                .BesideAsync(
                    () => SwarmSession.LookAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout),
                    attempt == 1 ? here : null
                )
                .ConfigureAwait(false);
            if (session.IsFound || session.Observations.Count == 0)
                return session;
            var early = reading is null || attempt > 1 ? null : await reading.ConfigureAwait(false);
            var seen = await session.WithTracesAsync(request.ThrottleLimit, early).ConfigureAwait(false);
            if (
                attempt == Looks
                || !seen
                    .Reports.Zip(session.Reports)
                    .Any(pair => pair is { First.Observation.HoldsSwarmState: true, Second.Observation.HoldsSwarmState: false })
            )
                return seen;
        }
    }

    private async Task<IReadOnlyDictionary<SwarmNode, SwarmTrace>> ReadDisksAsync()
    {
        var disks = await Throttle
            .ForEachAsync(
                request.Nodes,
                request.ThrottleLimit,
                async node =>
                    (Node: node, Trace: await SwarmTraceReader.ReadAsync(context, new NodeReport(node, null, null)).ConfigureAwait(false)),
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return disks
            .Where(disk => disk.Trace is not null)
            .ToDictionary(disk => disk.Node, disk => disk.Trace!, (IEqualityComparer<SwarmNode>)ReferenceEqualityComparer.Instance);
    }

    private SwarmNode ChooseFirst() =>
        request.On is null
            ? request.Nodes[0]
            : request.Nodes.FirstOrDefault(node => string.Equals(node.Name, request.On, StringComparison.OrdinalIgnoreCase))
                ?? throw SwarmErrors.NodeNotInSet(request.On, request.Nodes);

    private static void RefuseWithoutAddress(SwarmNode node)
    {
        if (string.IsNullOrEmpty(node.AdvertiseAddress))
            throw SwarmErrors.AdvertiseAddressMissing(node);
        if (NodeAddress.TryParse(node.AdvertiseAddress) is null)
            throw SwarmErrors.AdvertiseAddressNotAnAddress(node);
    }

    private void RefuseWrongSwarm(SwarmSession session)
    {
        if (request.Nodes.FirstOrDefault(node => node.SwarmId is { Length: > 0 } id && id != session.SwarmId) is { } stray)
            throw SwarmErrors.WrongSwarm(stray, session.SwarmId);
    }

    private async Task<SwarmSession?> MakeAsync(SwarmNode first, SwarmSession session, Task<bool>? freeing)
    {
        FoundingGuard.Refuse(session, first, request.Rejoin);
        var report = session.Reports.First(report => ReferenceEquals(report.Node, first));
        var start = report.Observation!;
        var action = $"Initialize a swarm, advertise address {first.AdvertiseAddress}";
        context.Guard(new HostsLock([.. session.Reports.Select(seen => seen.Observation!).Where(seen => !seen.IsActive)]));
        // Confirmed, and the hosts locked, before the ports are tested: two runs that test at the same time would see each other's listeners.
        var agreed = start.HoldsSwarmState || await context.ShouldProcessAsync(first.ToString(), action).ConfigureAwait(false);
        if (request.TestReachability)
            await AdvertiseAddressTest.RefuseUnreachableAsync(context, first, request.Nodes).ConfigureAwait(false);
        if (
            !start.HoldsSwarmState
            && !await (freeing ?? GossipPort.IsFreeAsync(start.Connection, context.CancellationToken)).ConfigureAwait(false)
        )
            throw SwarmErrors.GossipPortHeld(first);
        if (!agreed || (start.HoldsSwarmState && !await GiveUpAsync(report, session, action).ConfigureAwait(false)))
            return null;

        await InitAsync(start.Connection).ConfigureAwait(false);
        var (made, view) = await VerifyAsync(start).ConfigureAwait(false);
        if (await NodeLabels.SetAsync(view.Manager, made.Node, view.Find(made.NodeId)!, context.CancellationToken).ConfigureAwait(false))
            view = await view.RefreshAsync(context.CancellationToken).ConfigureAwait(false);
        return session.Founded(made, view);
    }

    /// <summary>Makes the first node leave a swarm without quorum, after confirmation; reads the state again, since the answer may have taken long.</summary>
    private async Task<bool> GiveUpAsync(NodeReport report, SwarmSession session, string action)
    {
        var others = session
            .Reports.Where(other => other.HoldsSwarmState && !ReferenceEquals(other, report))
            .Select(other => $"'{other.Node.Name}'")
            .ToList();
        var warning = others.Count == 0 ? null : $"The swarm state of {string.Join(", ", others)} is kept.";
        if (
            !await new RejoinConsent(context, request.Force)
                .AskAsync(report, $"{char.ToLowerInvariant(action[0])}{action[1..]}", warning)
                .ConfigureAwait(false)
        )
            return false;
        if (
            await SwarmSession.LookAsync(context, request.Nodes, request.ThrottleLimit, TimeSpan.Zero).ConfigureAwait(false) is
            { IsFound: true } back
        )
            throw OutageErrors.SwarmIsBack(report.Node, back.SwarmId);
        await SwarmStateCopy.MakeAsync(context, report).ConfigureAwait(false);
        var connection = report.Observation!.Connection;
        await SwarmMembership.LeaveAsync(connection, context.CancellationToken).ConfigureAwait(false);
        await GossipPort.WaitUntilFreeAsync(connection, context.CancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task InitAsync(INodeConnection connection)
    {
        context.WriteProgress(new OperationProgress(0, "Initialize-Swarm", $"Initializing a swarm on {connection.Node}"));
        try
        {
            await SendInitAsync(connection, request.Options.ListenAddress ?? ListenAddressChooser.Choose(connection.Node))
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (request.Options.ListenAddress is null && ListenAddressChooser.IsAskedFor(error))
        {
            var own =
                await ListenAddressChooser.AskAsync(connection, context.CancellationToken).ConfigureAwait(false)
                ?? throw SwarmErrors.ListenAddressNeeded(connection.Node, error);
            await SendInitAsync(connection, own).ConfigureAwait(false);
        }
    }

    private Task SendInitAsync(INodeConnection connection, string listenAddress)
    {
        var spec = new Spec { Labels = new Dictionary<string, string>() };
        request.Options.ApplyTo(spec);
        var parameters = new SwarmInitParameters
        {
            AdvertiseAddr = connection.Node.AdvertiseAddress!,
            ListenAddr = listenAddress,
            DataPathAddr = request.Options.DataPathAddress ?? "",
            DataPathPort = (uint)(request.Options.DataPathPort ?? 0),
            DefaultAddrPool = [.. request.Options.AddressPool ?? []],
            SubnetSize = (uint)(request.Options.SubnetSize ?? 0),
            AutoLockManagers = request.Options.AutoLock ?? false,
            Spec = spec,
        };
        return connection.TellAsync(
            engine => engine.Swarm.InitSwarmAsync(parameters, context.CancellationToken),
            context.CancellationToken
        );
    }

    /// <summary>Waits until the node is a manager that lists itself, which takes a leader.</summary>
    private async Task<(NodeObservation Made, SwarmView View)> VerifyAsync(NodeObservation start)
    {
        var verified =
            await Polling.UntilAsync(() => LookAtFounderAsync(start), request.Timeout, context.CancellationToken).ConfigureAwait(false)
            ?? throw SwarmErrors.InitializeTimedOut(start.Node, request.Timeout);
        if (verified.Made.NodeAddress != start.Node.AdvertiseAddress)
            throw SwarmErrors.AdvertiseAddressDiffers(start.Node, verified.Made.NodeAddress);
        return (verified.Made, verified.View);
    }

    private async Task<Founded?> LookAtFounderAsync(NodeObservation start)
    {
        var here = CallChain.Mark.Here();
        var listing = CallChain.BesideAsync(() => TryListAsync(start.Connection), here);
        var seen = await CallChain
            .BesideAsync(() => NodeObservation.TakeAsync(start.Node, start.Connection, context.CancellationToken), here)
            .ConfigureAwait(false);
        return
            seen is { IsManager: true, SwarmId: { } id }
            && seen.Info.Swarm!.Managers > 0
            && await listing.ConfigureAwait(false) is { } view
            && view.Find(seen.NodeId) is not null
            ? new Founded(seen, view with { SwarmId = id })
            : null;
    }

    private async Task<SwarmView?> TryListAsync(INodeConnection connection)
    {
        try
        {
            return await SwarmView.ReadAsync(connection, "", context.CancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (SwarmSession.IsPassing(error))
        {
            return null;
        }
    }

    /// <summary>Applies the options that can be changed, and throws for those that cannot.</summary>
    private async Task AdjustAsync(SwarmSession session)
    {
        if (request.Options == new SwarmOptions())
            return;
        var token = context.CancellationToken;
        var swarm = await session.View.Manager.AskAsync(engine => engine.Swarm.InspectSwarmAsync(token), token).ConfigureAwait(false);
        var first = ChooseFirst();
        var start = session.Observations.FirstOrDefault(observation => observation.Node.Name == first.Name);
        IReadOnlyList<string> differences =
        [
            .. request.Options.FixedDifferences(swarm),
            .. await StartAddresses.DifferencesAsync(context, request.Options, first, start, session.View).ConfigureAwait(false),
        ];
        if (differences.Count > 0)
            throw SwarmErrors.SwarmOptionsDiffer(session.SwarmId, differences);
        if (request.Options.ApplyTo(swarm.Spec) is not { Count: > 0 } changes)
            return;
        if (!await context.ShouldProcessAsync($"swarm {session.SwarmId}", $"Set {string.Join(", ", changes)}").ConfigureAwait(false))
            return;
        var update = new SwarmUpdateParameters { Spec = swarm.Spec, Version = (long)(swarm.Version?.Index ?? 0) };
        await session.View.Manager.TellAsync(engine => engine.Swarm.UpdateSwarmAsync(update, token), token).ConfigureAwait(false);
    }

    /// <summary>Writes the node set: members as the swarm lists them, the others with the id of the swarm to join.</summary>
    private void Emit(SwarmSession session)
    {
        foreach (var observation in session.Observations)
        {
            if (observation.IsActive && !session.View.Has(observation) && !session.View.IsStray(observation))
                context.WriteError(SwarmErrors.NodeInAnotherSwarm(observation.Node, observation.Info.Swarm?.RemoteManagers));
            else
                context.WriteObject(session.Describe(observation));
        }
    }

    /// <summary>The first node as a manager, and the swarm as it lists it.</summary>
    private sealed record Founded(NodeObservation Made, SwarmView View);
}
