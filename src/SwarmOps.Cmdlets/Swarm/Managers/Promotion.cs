using SwarmOps.Nodes;
using SwarmOps.Nodes.Reachability;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Managers;

/// <summary>Promotions, each verified on the leader and on the node itself; otherwise undone, with the reason.</summary>
internal sealed class Promotion(IOperationContext context, SwarmSession session, TimeSpan timeout)
{
    private readonly RoleChange change = new(context, session, timeout);

    /// <summary>
    /// Promotes a member and waits until the leader reports it as Reachable: from then on it votes, and the next promotion may begin. That the node itself is
    /// active as a manager is verified meanwhile: it takes up to a second more, while its engine dials its own control socket again.
    /// </summary>
    /// <returns>The promotion, to be awaited before its node counts as a manager.</returns>
    public async Task<PendingPromotion> BeginAsync(SetMember candidate)
    {
        await change.PromoteAsync(candidate.Member).ConfigureAwait(false);
        var voting = new TaskCompletionSource<CallChain.Mark>(TaskCreationOptions.RunContinuationsAsynchronously);
        var verifying = CallChain.BesideAsync(() =>
            change.UntilManagerAsync(candidate.NodeId, candidate.Own, () => voting.TrySetResult(CallChain.Mark.Here()))
        );
        var first = await Task.WhenAny(voting.Task, verifying).ConfigureAwait(false);
        if (first == voting.Task)
            (await voting.Task.ConfigureAwait(false)).Join();
        return new PendingPromotion(candidate, verifying);
    }

    /// <summary>Demotes a member that this run promoted, although it is a manager: without the one that failed, the number of managers would be even.</summary>
    /// <returns>The member as a worker; null when that could not be verified.</returns>
    /// <exception cref="SwarmOpsException">The errors of the demotion.</exception>
    public async Task<SetMember?> TakeBackAsync(SetMember promoted)
    {
        Say($"Demoting {promoted.Node} to a worker again: the number of managers would be even");
        var back = await new PromotionRollback(context, session, timeout).RunAsync(promoted).ConfigureAwait(false);
        return back is null ? null : promoted with { Report = promoted.Report with { Observation = back } };
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
