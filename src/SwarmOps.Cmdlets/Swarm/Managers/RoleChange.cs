using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>Changes one member's role and watches, from the leader and on the node itself, until it is so.</summary>
internal sealed class RoleChange(IOperationContext context, SwarmSession session, TimeSpan timeout)
{
    /// <summary>How long one look at the node may take: an engine between two roles may not answer.</summary>
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(5);

    /// <summary>Asks the swarm to make a member a manager.</summary>
    public Task PromoteAsync(string nodeId) => session.UpdateMemberAsync(nodeId, spec => Set(spec, "manager"), timeout);

    /// <summary>Asks the swarm to make a member a worker.</summary>
    public Task DemoteAsync(string nodeId) => session.UpdateMemberAsync(nodeId, spec => Set(spec, "worker"), timeout);

    /// <summary>Waits until the leader reaches the member as a manager and the node itself takes part: it has control, knows its swarm, and sees a leader.</summary>
    /// <returns>The swarm as the new manager sees it; null when the time was up.</returns>
    public Task<SwarmView?> UntilManagerAsync(string nodeId, NodeObservation? own) => Polling.UntilAsync(
        async () =>
        {
            var said = own is null ? null : LookAsync(own);
            var member = await session.FindMemberAsync(nodeId, timeout).ConfigureAwait(false);
            var self = said is null ? null : await said.ConfigureAwait(false);
            if (member is null || member.Spec?.Role != "manager" || !ManagerTally.IsReachable(member))
                return null;
            if (own is null)
                return await session.ReadViewAsync(timeout).ConfigureAwait(false);
            return self is { IsManager: true, SwarmId: { } id } && id == session.SwarmId ? await ListOnNodeAsync(self).ConfigureAwait(false) : null;
        },
        timeout,
        context.CancellationToken);

    /// <summary>Waits until the member is no manager any more, for the leader and for itself.</summary>
    /// <param name="nodeId">The member.</param>
    /// <param name="own">The node, where it can be asked.</param>
    /// <returns>The swarm afterwards; null when the time was up.</returns>
    public Task<SwarmView?> UntilWorkerAsync(string nodeId, NodeObservation? own) => Polling.UntilAsync(
        async () =>
        {
            var said = own is null ? null : LookAsync(own);
            var view = await session.ReadViewAsync(timeout).ConfigureAwait(false);
            var self = said is null ? null : await said.ConfigureAwait(false);
            var member = view.Find(nodeId);
            if (member is null || member.ManagerStatus is not null || member.Spec?.Role != "worker")
                return null;
            if (own is null)
                return view;
            return self is { IsActive: true, IsManager: false } && member.Status?.State == "ready" ? view : null;
        },
        timeout,
        context.CancellationToken);

    /// <summary>What the node says of itself now; null when it does not answer.</summary>
    public async Task<NodeObservation?> LookAsync(NodeObservation own)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        limit.CancelAfter(LookLimit);
        try
        {
            return await NodeObservation.TakeAsync(own.Node, own.Connection, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (SwarmOpsException error)
        {
            context.WriteVerbose($"{own.Node.Name}: {error.Message}");
            return null;
        }
    }

    private async Task<SwarmView?> ListOnNodeAsync(NodeObservation self)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        limit.CancelAfter(LookLimit);
        try
        {
            var view = await SwarmView.ReadAsync(self.Connection, session.SwarmId, limit.Token).ConfigureAwait(false);
            return view.Managers.Any(manager => manager.ManagerStatus!.Leader is true) ? view : null;
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (SwarmOpsException error) when (SwarmSession.IsPassing(error))
        {
            return null;
        }
    }

    private static bool Set(NodeUpdateParameters spec, string role)
    {
        if (spec.Role == role)
            return false;
        spec.Role = role;
        return true;
    }
}
