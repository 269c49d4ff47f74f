using SwarmOps.Nodes;
using SwarmOps.Nodes.Reachability;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>One promotion: verified on the leader and on the node itself; otherwise undone, with the reason.</summary>
internal sealed class Promotion(IOperationContext context, SwarmSession session, TimeSpan timeout)
{
    private readonly RoleChange change = new(context, session, timeout);

    /// <summary>Promotes a member and waits until both the leader and the node report it as a manager. If that fails, writes an error and demotes it again.</summary>
    /// <returns>Null when it is a manager; otherwise the result of the rollback.</returns>
    public async Task<PromotionFailure?> RunAsync(SetMember candidate)
    {
        await change.PromoteAsync(candidate.NodeId).ConfigureAwait(false);
        if (await change.UntilManagerAsync(candidate.NodeId, candidate.Own).ConfigureAwait(false) is not null)
            return null;
        return await RollBackAsync(candidate).ConfigureAwait(false);
    }

    /// <summary>Diagnoses why a promotion failed, undoes it, and writes the error.</summary>
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

    /// <summary>The leader's own state; null when it is not in the node set.</summary>
    public NodeObservation? LeaderOf(SwarmView view) =>
        view.Managers.FirstOrDefault(manager => manager.ManagerStatus!.Leader is true) is { } leader
            ? session.Observation(leader.ID)
            : null;

    /// <summary>Which address and port failed from where, and what the node itself says.</summary>
    private async Task<string> DiagnoseAsync(SetMember candidate)
    {
        var own = await change.LookAsync(candidate.Own!).ConfigureAwait(false);
        var view = await session.ReadViewAsync(timeout).ConfigureAwait(false);
        var address = own?.NodeAddress is { Length: > 0 } now ? now : candidate.Own!.NodeAddress;
        var leader = LeaderOf(view);
        var tried = leader is null ? null : await ProbeAsync(leader.Node, candidate.Node, address).ConfigureAwait(false);
        var leaderName =
            leader?.Node.ToString()
            ?? view.Managers.FirstOrDefault(manager => manager.ManagerStatus!.Leader is true)?.Description?.Hostname
            ?? "the leader";
        return PromotionDiagnosis.Describe(candidate.Node, address, leaderName, tried, own, view.Find(candidate.NodeId));
    }

    private async Task<ProbeResult> ProbeAsync(SwarmNode from, SwarmNode to, string address) =>
        (
            await new ReachabilityProbe(context)
                .ProbeAsync([new ProbeTarget(from, to, address, ProbeProtocol.Tcp, SwarmPorts.Control)])
                .ConfigureAwait(false)
        )[0];

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, PromotionRun.Activity, status));
}
