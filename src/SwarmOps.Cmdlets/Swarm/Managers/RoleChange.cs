using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>Changes one member's role, and waits until both the leader and the node itself report it.</summary>
internal sealed class RoleChange(IOperationContext context, SwarmSession session, TimeSpan timeout)
{
    /// <summary>Time limit of one query of the node: an engine between two roles may not answer.</summary>
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(5);

    /// <summary>Sets a member's role to manager.</summary>
    public Task PromoteAsync(string nodeId) => session.UpdateMemberAsync(nodeId, spec => Set(spec, "manager"), timeout);

    /// <summary>Sets a member's role to worker.</summary>
    public Task DemoteAsync(string nodeId) => session.UpdateMemberAsync(nodeId, spec => Set(spec, "worker"), timeout);

    /// <summary>Waits until the leader reports the member as a Reachable manager and the node itself is active: it has control, knows its swarm, and has a leader.</summary>
    /// <returns>The swarm as the new manager lists it; null after the time limit.</returns>
    public Task<SwarmView?> UntilManagerAsync(string nodeId, NodeObservation? own) =>
        Polling.UntilAsync(
            async () =>
            {
                var said = own is null ? null : LookAsync(own);
                var member = await session.FindMemberAsync(nodeId, timeout).ConfigureAwait(false);
                var self = said is null ? null : await said.ConfigureAwait(false);
                if (member is null || member.Spec?.Role != "manager" || !ManagerTally.IsReachable(member))
                    return null;
                if (own is null)
                    return await session.ReadViewAsync(timeout).ConfigureAwait(false);
                return self is { IsManager: true, SwarmId: { } id } && id == session.SwarmId
                    ? await ListOnNodeAsync(self).ConfigureAwait(false)
                    : null;
            },
            timeout,
            context.CancellationToken
        );

    /// <summary>Waits until neither the leader nor the node itself reports it as a manager.</summary>
    /// <param name="nodeId">The member.</param>
    /// <param name="own">The node, when it answers.</param>
    /// <returns>The swarm afterwards; null after the time limit.</returns>
    public Task<SwarmView?> UntilWorkerAsync(string nodeId, NodeObservation? own) =>
        Polling.UntilAsync(
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
            context.CancellationToken
        );

    /// <summary>The node's own state now; null when it does not answer.</summary>
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
