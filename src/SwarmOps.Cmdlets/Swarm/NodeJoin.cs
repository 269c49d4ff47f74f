using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Swarm;

/// <summary>Brings one node into the swarm, however often an earlier attempt was cut short.</summary>
internal sealed class NodeJoin(IOperationContext context, JoinTicket ticket, NodeObservation before)
{
    /// <summary>How long the engine itself waits for a join before it says that it goes on in the background (moby, <c>swarmConnectTimeout</c>).</summary>
    private static readonly TimeSpan EarlierJoin = TimeSpan.FromSeconds(20);

    private readonly SwarmNode node = before.Node;
    private readonly INodeConnection connection = before.Connection;
    private readonly DateTime deadline = DateTime.UtcNow + ticket.Timeout;

    private CancellationToken Token => context.CancellationToken;

    private TimeSpan Left => deadline - DateTime.UtcNow is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Joins, reads the address back, waits until the swarm sees the node, and labels it.</summary>
    /// <exception cref="SwarmOpsException"><c>JoinFailed</c>, <c>JoinTimedOut</c>, <c>AdvertiseAddressDiffers</c>, <c>GossipPortHeld</c>, the transport's errors.</exception>
    public async Task<NodeObservation> RunAsync()
    {
        var joined = await FinishEarlierJoinAsync().ConfigureAwait(false) ?? await JoinThroughAnyManagerAsync().ConfigureAwait(false);
        if (joined.NodeAddress != node.AdvertiseAddress)
        {
            await SwarmMembership.LeaveAsync(connection, Token).ConfigureAwait(false);
            throw SwarmErrors.AdvertiseAddressDiffers(node, joined.NodeAddress);
        }

        await WaitUntilReadyAsync(joined.NodeId).ConfigureAwait(false);
        await NodeLabels.SetAsync(ticket.View.Manager, node, joined.NodeId, Token).ConfigureAwait(false);
        return joined;
    }

    /// <summary>A run that was killed may have left a join that the engine still brings to its end; one that does not end is left.</summary>
    private async Task<NodeObservation?> FinishEarlierJoinAsync()
    {
        if (before.LocalState == LocalNodeStates.Inactive)
            return null;
        var now = before.LocalState == LocalNodeStates.Error ? before : await Polling.UntilAsync(LookForEndOfJoinAsync, EarlierJoin < Left ? EarlierJoin : Left, Token).ConfigureAwait(false);
        if (now is { IsActive: true })
            return now;
        if (now?.LocalState == LocalNodeStates.Inactive)
            return null;
        context.WriteVerbose($"{node.Name} is half joined ({before.LocalState}{(before.Info.Swarm?.Error is { Length: > 0 } why ? $": {why}" : "")}): it leaves and joins again");
        await SwarmMembership.LeaveAsync(connection, Token).ConfigureAwait(false);
        return null;
    }

    private async Task<NodeObservation?> LookForEndOfJoinAsync()
    {
        var now = await NodeObservation.TakeAsync(node, connection, Token).ConfigureAwait(false);
        if (now.LocalState is LocalNodeStates.Error or LocalNodeStates.Inactive)
            return now;
        return now.IsActive && now.IsMemberOf(await ticket.View.RefreshAsync(Token).ConfigureAwait(false)) ? now : null;
    }

    private async Task<NodeObservation> JoinThroughAnyManagerAsync()
    {
        await GossipPort.WaitUntilFreeAsync(connection, Token).ConfigureAwait(false);
        var reasons = new List<string>();
        foreach (var remote in ticket.RemoteAddresses)
        {
            try
            {
                await SendJoinAsync(remote).ConfigureAwait(false);
                if (await WaitUntilActiveAsync().ConfigureAwait(false) is { } joined)
                    return joined;
                throw SwarmErrors.JoinTimedOut(node, ticket.Timeout, remote);
            }
            catch (SwarmOpsException error) when (error.InnerException is DockerApiException api)
            {
                reasons.Add($"{remote}: {TransportErrors.MessageOf(api)}");
                context.WriteVerbose($"{node.Name} could not join through {reasons[^1]}");
                await LeaveHalfJoinAsync().ConfigureAwait(false);
            }
        }

        throw SwarmErrors.JoinFailed(node, reasons);
    }

    private async Task SendJoinAsync(string remote)
    {
        try
        {
            await SendJoinAsync(remote, ListenAddressChooser.Choose(node)).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (ListenAddressChooser.IsAskedFor(error))
        {
            var own = await ListenAddressChooser.AskAsync(connection, Token).ConfigureAwait(false) ?? throw SwarmErrors.ListenAddressNeeded(node, error);
            await SendJoinAsync(remote, own).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (GoesOnInBackground(error))
        {
            context.WriteVerbose($"{node.Name}: the join goes on in the background");
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

    /// <summary>After 20 s the engine answers with an error that means "I go on" (moby, <c>errSwarmJoinTimeoutReached</c>).</summary>
    private static bool GoesOnInBackground(SwarmOpsException error) =>
        error.InnerException is DockerApiException api && api.ResponseBody?.Contains("continue in the background", StringComparison.OrdinalIgnoreCase) is true;

    private Task<NodeObservation?> WaitUntilActiveAsync() => Polling.UntilAsync(
        async () =>
        {
            var seen = await NodeObservation.TakeAsync(node, connection, Token).ConfigureAwait(false);
            if (seen.LocalState == LocalNodeStates.Error)
                throw SwarmErrors.JoinFailed(node, [seen.Info.Swarm?.Error ?? "the engine gives no reason"]);
            return seen.IsActive ? seen : null;
        },
        Left,
        Token);

    private async Task WaitUntilReadyAsync(string nodeId)
    {
        var manager = ticket.View.Manager;
        _ = await Polling.UntilAsync(
            async () =>
            {
                var member = await manager.AskAsync(engine => engine.Swarm.InspectNodeAsync(nodeId, Token), Token).ConfigureAwait(false);
                return member.Status?.State == "ready" ? member : null;
            },
            Left,
            Token).ConfigureAwait(false) ?? throw SwarmErrors.JoinTimedOut(node, ticket.Timeout, manager.Node.Name);
    }

    /// <summary>A half-joined engine takes no second join: it must leave first.</summary>
    private async Task LeaveHalfJoinAsync()
    {
        var now = await NodeObservation.TakeAsync(node, connection, Token).ConfigureAwait(false);
        if (now.LocalState is LocalNodeStates.Error or LocalNodeStates.Pending)
            await SwarmMembership.LeaveAsync(connection, Token).ConfigureAwait(false);
    }
}
