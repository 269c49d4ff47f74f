using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Formation;
using SwarmOps.Swarm.Members;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Managers;

/// <summary>
/// Undoes a promotion that was not completed. A node that has joined the raft is demoted. One that has not cannot be demoted: the
/// engine returns "can't find manager in raft memberlist" (swarmkit, <c>controlapi.UpdateNode</c>), and the node's engine stays in error.
/// It is removed from the list, leaves, and joins again as a worker at the same address, with its labels and availability.
/// </summary>
internal sealed class PromotionRollback(IOperationContext context, SwarmSession session, TimeSpan timeout)
{
    /// <summary>A new join needs its own time, however short the limit of the promotion was.</summary>
    private static readonly TimeSpan ShortestJoin = TimeSpan.FromSeconds(60);

    private readonly TimeSpan joinTimeout = timeout > ShortestJoin ? timeout : ShortestJoin;

    /// <summary>Undoes the promotion.</summary>
    /// <returns>The node's own state as a worker; null when it did not become one in time.</returns>
    /// <exception cref="SwarmOpsException">Those of joining and leaving, the transport's errors.</exception>
    public async Task<NodeObservation?> RunAsync(SetMember candidate)
    {
        var change = new RoleChange(context, session, timeout);
        if (!await TryDemoteAsync(change, candidate.NodeId).ConfigureAwait(false))
            return await JoinAgainAsync(candidate).ConfigureAwait(false);
        if (await change.UntilWorkerAsync(candidate.NodeId, candidate.Own).ConfigureAwait(false) is null)
            return null;
        return candidate.Own is { } own ? await change.LookAsync(own).ConfigureAwait(false) : null;
    }

    private static async Task<bool> TryDemoteAsync(RoleChange change, string nodeId)
    {
        try
        {
            await change.DemoteAsync(nodeId).ConfigureAwait(false);
            return true;
        }
        catch (SwarmOpsException error)
            when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound } api
                && api.ResponseBody?.Contains("raft memberlist", StringComparison.OrdinalIgnoreCase) is true
            )
        {
            return false;
        }
    }

    private async Task<NodeObservation?> JoinAgainAsync(SetMember candidate)
    {
        if (candidate.Own is not { } own)
            return null;
        context.WriteVerbose($"{candidate.Node.Name}: is not a raft member and cannot be demoted; leaving and joining again as a worker");
        var spec = (await session.FindMemberAsync(candidate.NodeId, timeout).ConfigureAwait(false))?.Spec ?? candidate.Member.Spec!;
        var view = await session.ReadViewAsync(timeout).ConfigureAwait(false);
        var workerToken = await session.AskManagerAsync(ReadWorkerTokenAsync, timeout).ConfigureAwait(false);

        // Removed from the list first: from then on it cannot become a raft member any more.
        await session.AskManagerAsync((manager, token) => RemoveAsync(manager, candidate.NodeId, token), timeout).ConfigureAwait(false);
        await NodeLeave.LeaveAsync(context, own, force: true, joinTimeout).ConfigureAwait(false);

        var node = candidate.Node with { AdvertiseAddress = own.NodeAddress };
        var bare = await NodeObservation.TakeAsync(node, own.Connection, context.CancellationToken).ConfigureAwait(false);
        var ticket = new JoinTicket(view, workerToken, JoinOperation.RemoteAddresses(view, session.Observations), null, joinTimeout);
        var joined = await new NodeJoin(context, ticket, new NodeReport(node, bare, null)).RunAsync().ConfigureAwait(false);
        await session.UpdateMemberAsync(joined.NodeId, now => Restore(spec, now), timeout).ConfigureAwait(false);
        return joined with { Node = candidate.Node };
    }

    private static async Task<string> ReadWorkerTokenAsync(INodeConnection manager, CancellationToken cancellationToken)
    {
        var swarm = await manager
            .AskAsync(engine => engine.Swarm.InspectSwarmAsync(cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return swarm.JoinTokens.Worker;
    }

    private static async Task<bool> RemoveAsync(INodeConnection manager, string nodeId, CancellationToken cancellationToken)
    {
        await manager
            .TellAsync(engine => engine.Swarm.RemoveNodeAsync(nodeId, force: true, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return true;
    }

    private static bool Restore(NodeUpdateParameters before, NodeUpdateParameters now)
    {
        now.Name = before.Name;
        now.Availability = before.Availability;
        foreach (var (name, value) in before.Labels ?? new Dictionary<string, string>())
            now.Labels[name] = value;
        return true;
    }
}
