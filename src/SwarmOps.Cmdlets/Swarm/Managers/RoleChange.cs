using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Managers;

/// <summary>Changes one member's role, and waits until both the leader and the node itself report it.</summary>
internal sealed class RoleChange(IOperationContext context, SwarmSession session, TimeSpan timeout)
{
    /// <summary>Time limit of one query of the node: an engine between two roles may not answer.</summary>
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(5);

    /// <summary>Sets a member's role to manager.</summary>
    /// <param name="member">The member as just read.</param>
    public Task PromoteAsync(NodeListResponse member) =>
        session.UpdateMemberAsync(member.ID, spec => Set(spec, "manager"), timeout, member);

    /// <summary>Sets a member's role to worker.</summary>
    public Task DemoteAsync(string nodeId) => session.UpdateMemberAsync(nodeId, spec => Set(spec, "worker"), timeout);

    /// <summary>Waits until the leader reports the member as a Reachable manager and the node itself is active: it has control, knows its swarm, and has a leader.</summary>
    /// <param name="nodeId">The member.</param>
    /// <param name="own">The node, when it answers.</param>
    /// <param name="voting">Called when the leader reports it as Reachable, so that it votes, whether or not the node itself is active yet.</param>
    /// <returns>The swarm as the new manager lists it; null after the time limit.</returns>
    public Task<SwarmView?> UntilManagerAsync(string nodeId, NodeObservation? own, Action? voting = null)
    {
        var wasVoter = false;
        return Polling.UntilAsync(
            async () =>
            {
                // Not before it votes: until then its engine is busy with the change.
                var here = CallChain.Mark.Here();
                var listing = own is not null && wasVoter ? CallChain.BesideAsync(() => ListOnNodeAsync(own), here) : null;
                var member = await CallChain.BesideAsync(() => session.FindMemberAsync(nodeId, timeout), here).ConfigureAwait(false);
                wasVoter = member is { Spec.Role: "manager" } && ManagerTally.IsReachable(member);
                if (wasVoter)
                    voting?.Invoke();
                else if (listing is null)
                    return null;
                if (own is null)
                    return await session.ReadViewAsync(timeout).ConfigureAwait(false);
                var view = await (listing ?? ListOnNodeAsync(own)).ConfigureAwait(false);
                return wasVoter && view is not null && await IsManagerAsync(own).ConfigureAwait(false) ? view : null;
            },
            timeout,
            context.CancellationToken
        );
    }

    /// <summary>Waits until neither the leader nor the node itself reports it as a manager.</summary>
    /// <param name="nodeId">The member.</param>
    /// <param name="own">The node, when it answers.</param>
    /// <returns>The swarm afterwards; null after the time limit.</returns>
    public Task<SwarmView?> UntilWorkerAsync(string nodeId, NodeObservation? own) =>
        Polling.UntilAsync(
            async () =>
            {
                var here = CallChain.Mark.Here();
                var said = own is null ? null : CallChain.BesideAsync(() => LookAsync(own), here);
                var view = await CallChain.BesideAsync(() => session.ReadViewAsync(timeout), here).ConfigureAwait(false);
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

    /// <summary>Whether the node itself is an active manager of this swarm.</summary>
    private async Task<bool> IsManagerAsync(NodeObservation own) =>
        await LookAsync(own).ConfigureAwait(false) is { IsManager: true, SwarmId: { } id } && id == session.SwarmId;

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
