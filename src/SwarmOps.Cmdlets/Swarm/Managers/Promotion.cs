using SwarmOps.Nodes;
using SwarmOps.Nodes.Reachability;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>One promotion: verified from the leader and on the node itself, else taken back and explained.</summary>
internal sealed class Promotion(IOperationContext context, SwarmSession session, RoleChange change, TimeSpan timeout)
{
    /// <summary>Promotes a member and waits until it is a manager for both sides. One that does not become it is reported and made a worker again.</summary>
    /// <returns>Null when it is a manager; else what came of taking it back.</returns>
    public async Task<PromotionFailure?> RunAsync(SetMember candidate)
    {
        await change.PromoteAsync(candidate.NodeId).ConfigureAwait(false);
        if (await change.UntilManagerAsync(candidate.NodeId, candidate.Own).ConfigureAwait(false) is not null)
            return null;
        return await RollBackAsync(candidate).ConfigureAwait(false);
    }

    /// <summary>Finds out why a promotion failed, takes it back, and reports both.</summary>
    public async Task<PromotionFailure> RollBackAsync(SetMember candidate)
    {
        Say($"{candidate.Node} did not become a reachable manager: diagnosing");
        var why = await DiagnoseAsync(candidate).ConfigureAwait(false);
        Say($"Demoting {candidate.Node} to a worker again");
        try
        {
            var back = await new PromotionRollback(context, session, timeout).RunAsync(candidate).ConfigureAwait(false);
            context.WriteError(ManagerErrors.PromotionFailed(candidate.Node, timeout, why, back is not null, null));
            return new PromotionFailure(back is null ? null : candidate with { Report = candidate.Report with { Observation = back } });
        }
        catch (SwarmOpsException error)
        {
            context.WriteError(ManagerErrors.PromotionFailed(candidate.Node, timeout, why, isBack: false, error));
            return new PromotionFailure(null);
        }
    }

    /// <summary>What the leader of the swarm says of itself; null when it is not in the set.</summary>
    public NodeObservation? LeaderOf(SwarmView view) =>
        view.Managers.FirstOrDefault(manager => manager.ManagerStatus!.Leader is true) is { } leader ? session.Observation(leader.ID) : null;

    /// <summary>Which address and port failed from where, and what the node itself says.</summary>
    private async Task<string> DiagnoseAsync(SetMember candidate)
    {
        var own = await change.LookAsync(candidate.Own!).ConfigureAwait(false);
        var view = await session.ReadViewAsync(timeout).ConfigureAwait(false);
        var address = own?.NodeAddress is { Length: > 0 } now ? now : candidate.Own!.NodeAddress;
        var leader = LeaderOf(view);
        var tried = leader is null ? null : await ProbeAsync(leader.Node, candidate.Node, address).ConfigureAwait(false);
        var leaderName = leader?.Node.ToString() ?? view.Managers.FirstOrDefault(manager => manager.ManagerStatus!.Leader is true)?.Description?.Hostname ?? "the leader";
        return PromotionDiagnosis.Describe(candidate.Node, address, leaderName, tried, own, view.Find(candidate.NodeId));
    }

    private async Task<ProbeResult> ProbeAsync(SwarmNode from, SwarmNode to, string address) =>
        (await new ReachabilityProbe(context).ProbeAsync([new ProbeTarget(from, to, address, ProbeProtocol.Tcp, SwarmPorts.Control)]).ConfigureAwait(false))[0];

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, PromotionOperation.Activity, status));
}
