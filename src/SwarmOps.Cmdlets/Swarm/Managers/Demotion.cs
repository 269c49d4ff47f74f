using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>Demotes one manager and verifies that it is a worker and that the others have a leader and reach each other.</summary>
internal sealed class Demotion(IOperationContext context, SwarmSession session, TimeSpan timeout)
{
    /// <summary>Demotes a manager that is known to be safe to demote.</summary>
    /// <param name="target">The manager.</param>
    /// <param name="before">The swarm before: managers that were not reachable then need not be afterwards.</param>
    /// <returns>Null when all is verified; else the error.</returns>
    public async Task<SwarmOpsException?> RunAsync(SetMember target, SwarmView before)
    {
        if (target.Member.ManagerStatus is null)
            return await TakeBackAsync(target).ConfigureAwait(false);
        var change = new RoleChange(context, session, timeout);
        await change.DemoteAsync(target.NodeId).ConfigureAwait(false);
        if (await change.UntilWorkerAsync(target.NodeId, target.Own).ConfigureAwait(false) is null)
            return ManagerErrors.DemotionTimedOut(target.Node, timeout);
        var expected = before.Managers.Where(ManagerTally.IsReachable).Select(manager => manager.ID).ToHashSet();
        return await UntilOthersServeAsync(expected).ConfigureAwait(false) is null
            ? ManagerErrors.ManagersNotSettled(target.Node, timeout)
            : null;
    }

    /// <summary>An unfinished promotion cannot be undone by a demotion.</summary>
    private async Task<SwarmOpsException?> TakeBackAsync(SetMember target) =>
        await new PromotionRollback(context, session, timeout).RunAsync(target).ConfigureAwait(false) is null
            ? ManagerErrors.DemotionTimedOut(target.Node, timeout)
            : null;

    private Task<SwarmView?> UntilOthersServeAsync(HashSet<string> expected) =>
        Polling.UntilAsync(
            async () =>
            {
                var view = await session.ReadViewAsync(timeout).ConfigureAwait(false);
                var hasLeader = view.Managers.Any(manager => manager.ManagerStatus!.Leader is true);
                return hasLeader && view.Managers.Where(manager => expected.Contains(manager.ID)).All(ManagerTally.IsReachable)
                    ? view
                    : null;
            },
            timeout,
            context.CancellationToken
        );
}
