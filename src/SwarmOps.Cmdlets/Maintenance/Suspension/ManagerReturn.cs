using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>Promotes a node again that was demoted while it was suspended.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="target">The node.</param>
/// <param name="timeout">How long the promotion may take.</param>
internal sealed class ManagerReturn(IOperationContext context, SwarmSession swarm, MaintenanceTarget target, TimeSpan timeout)
{
    /// <summary>Promotes it, unless it is a reachable manager.</summary>
    /// <exception cref="SwarmOpsException"><c>PromotionFailed</c>, the transport's errors.</exception>
    public async Task RunAsync()
    {
        var member = await swarm.FindMemberAsync(target.NodeId, timeout).ConfigureAwait(false) ?? target.Member;
        if (member.Spec?.Role == "manager" && ManagerTally.IsReachable(member))
            return;
        var relayed = new RelayedContext(context, answer: true);
        var promotion = new Promotion(relayed, swarm, timeout);
        var candidate = new SetMember(target.Report, member);
        var pending = await promotion.BeginAsync(candidate).ConfigureAwait(false);
        if (await pending.Verifying.ConfigureAwait(false) is not null)
            return;
        await promotion.RollBackAsync(candidate).ConfigureAwait(false);
        throw relayed.Errors[0];
    }
}
