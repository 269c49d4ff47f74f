using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Outage;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Formation;

/// <summary>Joins one node to the swarm, also after interrupted attempts.</summary>
internal sealed class NodeJoin(IOperationContext context, JoinTicket ticket, NodeReport report)
{
    /// <summary>How long the engine waits for a join before it continues in the background (moby, <c>swarmConnectTimeout</c>).</summary>
    private static readonly TimeSpan EarlierJoin = TimeSpan.FromSeconds(20);

    private readonly SwarmNode node = report.Node;
    private readonly NodeObservation before = report.Observation!;
    private readonly INodeConnection connection = report.Observation!.Connection;
    private readonly DateTime deadline = DateTime.UtcNow + ticket.Timeout;

    /// <summary>Whether the user has confirmed that the node loses the state of another swarm.</summary>
    public bool MayGiveUp { get; init; }

    /// <summary>Whether this run's own request made the node a member.</summary>
    private bool isOurs;

    /// <summary>Whether the swarm already lists it and its engine only has to become active: no join was requested, so nothing may be changed.</summary>
    private readonly bool isReturning = StandingJudge.Of(report, ticket.View) == JoinStanding.Returning;

    private CancellationToken Token => context.CancellationToken;

    private TimeSpan Left => deadline - DateTime.UtcNow is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Joins, reads the address back, waits until the swarm sees the node, and labels it.</summary>
    /// <exception cref="SwarmOpsException">
    /// <c>JoinFailed</c>, <c>JoinTimedOut</c>, <c>AdvertiseAddressDiffers</c>, <c>GossipPortHeld</c>, <c>MemberNotActive</c>, <c>NodeHoldsSwarmState</c>, <c>NodeLeftMeanwhile</c>, <c>SwarmStateOnDisk</c>,
    /// the transport's errors.
    /// </exception>
    public async Task<NodeObservation> RunAsync()
    {
        var earlier = await FinishEarlierJoinAsync().ConfigureAwait(false);
        var joined = earlier ?? await JoinThroughAnyManagerAsync().ConfigureAwait(false);
        if (joined.NodeAddress != node.AdvertiseAddress)
        {
            // Only a join that this run has requested may be undone.
            if (isOurs)
                await SwarmMembership.LeaveAsync(connection, Token).ConfigureAwait(false);
            throw SwarmErrors.AdvertiseAddressDiffers(node, joined.NodeAddress);
        }

        var member = await WaitUntilReadyAsync(joined.NodeId).ConfigureAwait(false);
        // No join was requested of an engine that becomes active by itself.
        if (isReturning)
            return joined;
        await NodeLabels.SetAsync(ticket.View.Manager, node, member, Token).ConfigureAwait(false);
        return joined;
    }

    /// <summary>
    /// An interrupted run may have left a join that the engine still completes, and a restarted member becomes active by itself. A node that does
    /// not leaves when that loses nothing, which is checked at the last moment.
    /// </summary>
    private async Task<NodeObservation?> FinishEarlierJoinAsync()
    {
        if (!before.HoldsSwarmState)
            return null;
        var patience = isReturning || EarlierJoin > Left ? Left : EarlierJoin;
        var mayChange =
            isReturning || (StandingJudge.Of(report, ticket.View) == JoinStanding.HalfJoined && before.LocalState != LocalNodeStates.Error);
        if (
            mayChange
            && await Polling.UntilAsync(LookForEndOfJoinAsync, patience, Token).ConfigureAwait(false) is { } ended
            && (ended.IsActive || !isReturning)
        )
            return ended.IsActive ? ended : null;
        return await LeaveWhatIsHeldAsync().ConfigureAwait(false);
    }

    /// <summary>Leaves when the node's join is unfinished according to its present state, or the user has confirmed the loss.</summary>
    /// <returns>The node when it has become a member in the meantime; null when it is in no swarm.</returns>
    private async Task<NodeObservation?> LeaveWhatIsHeldAsync()
    {
        var now = await LookAgainAsync().ConfigureAwait(false);
        var view = await ticket.View.RefreshAsync(Token).ConfigureAwait(false);
        var own = now.Observation!;
        switch (StandingJudge.Of(now, view))
        {
            case JoinStanding.Bare when isReturning:
                throw SwarmErrors.NodeLeftMeanwhile(node);
            case JoinStanding.HalfJoined when isReturning:
                throw OutageErrors.NodeHoldsSwarmState(node, view.SwarmId, own, now.Trace);
            case JoinStanding.Bare:
                return null;
            case JoinStanding.Member:
                return own;
            case JoinStanding.Returning:
                throw OutageErrors.MemberNotActive(node, StandingJudge.ListedId(now, view)!, view.SwarmId, own);
            case JoinStanding.Held when !MayGiveUp:
                throw OutageErrors.NodeHoldsSwarmState(node, view.SwarmId, own, now.Trace);
            case JoinStanding.Held:
                await SwarmStateCopy.MakeAsync(context, now).ConfigureAwait(false);
                break;
        }

        context.WriteVerbose(
            $"{node.Name}: its join is unfinished ({own.LocalState}{(own.Info.Swarm?.Error is { Length: > 0 } why ? $": {why}" : "")}); leaving and joining again"
        );
        await SwarmMembership.LeaveAsync(connection, Token).ConfigureAwait(false);
        return null;
    }

    private async Task<NodeReport> LookAgainAsync()
    {
        var now = new NodeReport(node, await NodeObservation.TakeAsync(node, connection, Token).ConfigureAwait(false), null);
        return now with { Trace = await SwarmTraceReader.ReadAsync(context, now).ConfigureAwait(false) };
    }

    private async Task<NodeObservation?> LookForEndOfJoinAsync()
    {
        var now = await NodeObservation.TakeAsync(node, connection, Token).ConfigureAwait(false);
        if (!now.HoldsSwarmState)
            return now;
        return now.IsActive && (await ticket.View.RefreshAsync(Token).ConfigureAwait(false)).Has(now) ? now : null;
    }

    private async Task<NodeObservation> JoinThroughAnyManagerAsync()
    {
        var here = CallChain.Mark.Here();
        await Task.WhenAll(
                CallChain.BesideAsync(() => GossipPort.WaitUntilFreeAsync(connection, Token), here),
                CallChain.BesideAsync(RefuseStateOnDiskAsync, here)
            )
            .ConfigureAwait(false);
        var reasons = new List<string>();
        foreach (var remote in ticket.RemoteAddresses)
        {
            try
            {
                await SendJoinAsync(remote).ConfigureAwait(false);
                if (await WaitUntilActiveAsync().ConfigureAwait(false) is { } joined)
                {
                    isOurs = true;
                    return joined;
                }

                throw SwarmErrors.JoinTimedOut(node, ticket.Timeout, remote);
            }
            catch (SwarmOpsException error) when (error.InnerException is DockerApiException api)
            {
                reasons.Add($"{remote}: {TransportErrors.MessageOf(api)}");
                context.WriteVerbose($"{node.Name}: could not join through {reasons[^1]}");
                // It was in no swarm a moment ago: another run has joined it in the meantime.
                if (api.ResponseBody?.Contains("already part of a swarm", StringComparison.OrdinalIgnoreCase) is true)
                    return await BecomeMemberAsync().ConfigureAwait(false);
                if (await LeaveHalfJoinAsync().ConfigureAwait(false) is { } member)
                    return member;
            }
        }

        throw SwarmErrors.JoinFailed(node, reasons);
    }

    /// <summary>An engine that reports no swarm would still load the state on its disk, so the disk decides.</summary>
    private async Task RefuseStateOnDiskAsync()
    {
        if (await SwarmTraceReader.ReadAsync(context, report).ConfigureAwait(false) is { IsHeld: true } trace)
            throw OutageErrors.SwarmStateOnDisk(node, trace);
    }

    private async Task SendJoinAsync(string remote)
    {
        try
        {
            await SendJoinAsync(remote, ListenAddressChooser.Choose(node)).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (ListenAddressChooser.IsAskedFor(error))
        {
            var own =
                await ListenAddressChooser.AskAsync(connection, Token).ConfigureAwait(false)
                ?? throw SwarmErrors.ListenAddressNeeded(node, error);
            await SendJoinAsync(remote, own).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (GoesOnInBackground(error))
        {
            context.WriteVerbose($"{node.Name}: the join continues in the background");
        }
    }

    private Task SendJoinAsync(string remote, string listenAddress)
    {
        var parameters = new SwarmJoinParameters
        {
            AdvertiseAddr = node.AdvertiseAddress!,
            ListenAddr = listenAddress,
            DataPathAddr = ticket.DataPathAddress ?? "",
            RemoteAddrs = [remote],
            JoinToken = ticket.Token,
        };
        return connection.TellAsync(engine => engine.Swarm.JoinSwarmAsync(parameters, Token), Token);
    }

    /// <summary>After 20 s the engine returns an error although it continues the join (moby, <c>errSwarmJoinTimeoutReached</c>).</summary>
    private static bool GoesOnInBackground(SwarmOpsException error) =>
        error.InnerException is DockerApiException api
        && api.ResponseBody?.Contains("continue in the background", StringComparison.OrdinalIgnoreCase) is true;

    private Task<NodeObservation?> WaitUntilActiveAsync() =>
        Polling.UntilAsync(
            async () =>
            {
                var seen = await NodeObservation.TakeAsync(node, connection, Token).ConfigureAwait(false);
                if (seen.LocalState == LocalNodeStates.Error)
                    throw SwarmErrors.JoinFailed(node, [seen.Info.Swarm?.Error ?? "the engine reported no reason"]);
                return seen.IsActive ? seen : null;
            },
            Left,
            Token
        );

    private async Task<NodeListResponse> WaitUntilReadyAsync(string nodeId)
    {
        var manager = ticket.View.Manager;
        return await Polling
                .UntilAsync(
                    async () =>
                    {
                        var member = await manager
                            .AskAsync(engine => engine.Swarm.InspectNodeAsync(nodeId, Token), Token)
                            .ConfigureAwait(false);
                        return member.Status?.State == "ready" ? member : null;
                    },
                    Left,
                    Token
                )
                .ConfigureAwait(false)
            ?? throw SwarmErrors.JoinTimedOut(node, ticket.Timeout, manager.Node.Name);
    }

    /// <summary>An engine with an unfinished join accepts no second one: it must leave first. It was in no swarm when this run requested the join, but if it is listed by now it is a member.</summary>
    /// <returns>The node when it became a member after all; null when it is in no swarm.</returns>
    private async Task<NodeObservation?> LeaveHalfJoinAsync()
    {
        var now = await NodeObservation.TakeAsync(node, connection, Token).ConfigureAwait(false);
        if (!now.HoldsSwarmState)
            return null;
        var view = await ticket.View.RefreshAsync(Token).ConfigureAwait(false);
        if (view.Find(now.NodeId) is not null)
            return await BecomeMemberAsync().ConfigureAwait(false);
        await SwarmMembership.LeaveAsync(connection, Token).ConfigureAwait(false);
        return null;
    }

    /// <summary>Waits for the end of a join that this run did not request, or whose answer was lost.</summary>
    /// <exception cref="SwarmOpsException"><c>MemberNotActive</c>, <c>NodeLeftMeanwhile</c>; <c>NodeInAnotherSwarm</c> when it is another swarm's.</exception>
    private async Task<NodeObservation> BecomeMemberAsync()
    {
        if (await Polling.UntilAsync(LookForEndOfJoinAsync, Left, Token).ConfigureAwait(false) is { IsActive: true } member)
            return member;
        var now = await NodeObservation.TakeAsync(node, connection, Token).ConfigureAwait(false);
        var view = await ticket.View.RefreshAsync(Token).ConfigureAwait(false);
        if (!now.HoldsSwarmState)
            throw SwarmErrors.NodeLeftMeanwhile(node);
        throw view.Find(now.NodeId) is not null
            ? OutageErrors.MemberNotActive(node, now.NodeId, view.SwarmId, now)
            : SwarmErrors.NodeInAnotherSwarm(node, now.Info.Swarm?.RemoteManagers);
    }
}
