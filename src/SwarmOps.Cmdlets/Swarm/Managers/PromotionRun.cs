using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Nodes.Reachability;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>The promotions in a swarm that has been found. One role changes at a time: the next promotion begins when the leader reports the last one as Reachable.</summary>
internal sealed class PromotionRun(IOperationContext context, PromotionRequest request, SwarmSession session)
{
    /// <summary>The progress activity.</summary>
    public const string Activity = "Step-SwarmPromotion";

    private readonly HashSet<string> unverified = [];
    private readonly HashSet<string> tried = [];
    private readonly List<ManagerPlace> managers = [];
    private readonly List<PendingPromotion> pending = [];
    private readonly List<SetMember> promoted = [];
    private readonly PromotionSet set = new(request.Nodes, session, request.ManagerCount);
    private readonly RoleChange change = new(context, session, request.Timeout);
    private readonly Promotion promotion = new(context, session, request.Timeout);
    private bool changed;

    /// <summary>Whether a promotion failed after a later one had begun, which succeeded.</summary>
    private bool isOvertaken;

    /// <summary>Runs them and emits the whole set as it is afterwards.</summary>
    public async Task RunAsync()
    {
        set.Gather(context);
        set.RefuseImpossibleCount();

        await FinishInterruptedAsync().ConfigureAwait(false);
        await PromoteUntilEnoughAsync().ConfigureAwait(false);
        await EmitAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Completes a role change that an interrupted run, or someone else, has started: two role changes at once can leave a node in an undefined role (moby/swarmkit issues 2196 and 2471).
    /// </summary>
    private async Task FinishInterruptedAsync()
    {
        foreach (var leaving in session.View.Members.Where(member => !PromotionSet.IsManager(member) && member.ManagerStatus is not null))
            await FinishDemotionAsync(leaving).ConfigureAwait(false);
        foreach (var member in session.View.Members.Where(PromotionSet.IsManager))
        {
            var ours = set.Find(member.ID);
            if (set.IsLeftBehind(member))
                context.WriteWarning(
                    $"The swarm still lists the lost manager {NameOf(member, ours)} ({member.ID}), whose machine appears to be a member with another id. When you are sure that no machine has this id, remove the entry on a manager: docker node rm --force {member.ID}"
                );
            else if (IsVerified(member, ours) || await FinishPromotionAsync(member, ours).ConfigureAwait(false))
                managers.Add(ours?.Place ?? SetMember.PlaceOf(member));
        }
    }

    private static bool IsVerified(NodeListResponse member, SetMember? ours) =>
        ManagerTally.IsReachable(member) && (ours is null || ours.Own is { IsManager: true, SwarmId: not null });

    private async Task FinishDemotionAsync(NodeListResponse member)
    {
        var ours = set.Find(member.ID);
        Say($"Waiting until {NameOf(member, ours)} is a worker");
        changed = true;
        if (await change.UntilWorkerAsync(member.ID, ours?.Own).ConfigureAwait(false) is null)
            throw ManagerErrors.ManagerChangeInProgress(NameOf(member, ours), "demotion", request.Timeout, ours?.Node);
    }

    /// <returns>Whether the member counts as a manager.</returns>
    private async Task<bool> FinishPromotionAsync(NodeListResponse member, SetMember? ours)
    {
        var isVoter = member.ManagerStatus is not null;
        if (ours is null && isVoter)
        {
            context.WriteWarning(
                $"The leader cannot reach the manager {NameOf(member, ours)}, which is not in the node set; it still counts as a manager."
            );
            return true;
        }

        Say($"Waiting until {NameOf(member, ours)} is a reachable manager");
        changed = true;
        if (await change.UntilManagerAsync(member.ID, ours?.Own).ConfigureAwait(false) is not null)
            return true;
        if (ours is null)
            throw ManagerErrors.ManagerChangeInProgress(NameOf(member, ours), "promotion", request.Timeout, null);

        var self = await change.LookAsync(ours.Own!).ConfigureAwait(false);
        var mayGoBack = !isVoter || (self is { IsManager: false } && ManagerTally.Of(session.View).Without(reachable: false).HasQuorum);
        if (!mayGoBack)
        {
            unverified.Add(ours.NodeId);
            context.WriteError(ManagerErrors.ManagerUnreachable(ours.Node, member.ManagerStatus!.Addr));
            return true;
        }

        if (
            await context
                .ShouldProcessAsync(ours.Node.ToString(), "Demote to worker: its promotion was never completed")
                .ConfigureAwait(false)
        )
            Note(ours, await promotion.RollBackAsync(ours).ConfigureAwait(false));
        return false;
    }

    private async Task PromoteUntilEnoughAsync()
    {
        var target = set.Target;
        var pool = set.Usable.ToList();
        try
        {
            do await PromoteAsync(pool, target).ConfigureAwait(false);
            while (!await VerifyAsync().ConfigureAwait(false));
            await TakeBackEvenAsync(target).ConfigureAwait(false);
        }
        finally
        {
            // Those left when the run ends early also end early; their errors are of no interest.
            foreach (var one in pending)
                _ = one.Verifying.ContinueWith(
                    static ended => ended.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted,
                    TaskScheduler.Default
                );
        }

        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
        if (managers.Count < Math.Max(target, set.Wanted))
            context.WriteError(ManagerErrors.ManagerCountNotReached(session.SwarmId, set.Wanted, managers.Count, set.Obstacles()));
        else if (managers.Count % 2 == 0)
            context.WriteWarning($"The swarm has {managers.Count} managers: it tolerates no more failures than with {managers.Count - 1}.");
    }

    /// <summary>Promotes candidates one after another, each when the leader reports the one before as Reachable.</summary>
    private async Task PromoteAsync(List<SetMember> pool, int target)
    {
        // A failure that is known by now is undone before anyone else is promoted.
        while (managers.Count < target && !pending.Exists(one => one.HasFailed))
        {
            await DropUnreachableAsync(pool, target - managers.Count).ConfigureAwait(false);
            if (
                managers.Count >= Limit(target, pool.Count)
                || RegionSpread.Next(managers, pool.Select(member => member.Place)) is not { } place
            )
                break;
            var candidate = pool.Find(member => member.NodeId == place.NodeId)!;
            pool.Remove(candidate);
            var asked = await context
                .ShouldProcessAsync(candidate.Node.ToString(), $"Promote to manager {managers.Count + 1} of {target}")
                .ConfigureAwait(false);
            if (asked)
            {
                Say($"Promoting {candidate.Node}: waiting until it is a Reachable manager", managers.Count * 100 / target);
                changed = true;
                pending.Add(await promotion.BeginAsync(candidate).ConfigureAwait(false));
            }

            managers.Add(place);
        }
    }

    /// <summary>Waits until every promoted node itself is active as a manager, and undoes the promotions that failed, one at a time, when no other role is changing.</summary>
    /// <returns>Whether all succeeded.</returns>
    private async Task<bool> VerifyAsync()
    {
        await Task.WhenAll(pending.Select(one => one.Verifying)).ConfigureAwait(false);
        isOvertaken |= pending.SkipWhile(one => !one.HasFailed).Any(one => !one.HasFailed);
        var failed = pending.Where(one => one.HasFailed).Select(one => one.Candidate).ToList();
        promoted.AddRange(pending.Select(one => one.Candidate).Except(failed));
        pending.Clear();
        foreach (var candidate in failed)
        {
            Note(candidate, await promotion.RollBackAsync(candidate).ConfigureAwait(false));
            managers.Remove(candidate.Place);
        }

        return failed.Count == 0;
    }

    /// <summary>
    /// An even number that this run caused, because a promotion failed after the next one had begun, is worse than the odd one below it: the last promotion is undone.
    /// </summary>
    private async Task TakeBackEvenAsync(int target)
    {
        if (!isOvertaken || managers.Count >= target || managers.Count % 2 != 0 || request.AllowEven || promoted is not [.., var last])
            return;
        try
        {
            var view = await session.ReadViewAsync(request.Timeout).ConfigureAwait(false);
            // A leader is not demoted from two managers to one (moby/moby issue 34384).
            if (view.Find(last.NodeId)?.ManagerStatus?.Leader is true || !ManagerTally.Of(view).Without(reachable: true).HasQuorum)
                return;
            if (await promotion.TakeBackAsync(last).ConfigureAwait(false) is { } back)
                set.Replace(last, back);
            else
                unverified.Add(last.NodeId);
            managers.Remove(last.Place);
        }
        catch (SwarmOpsException error)
        {
            unverified.Add(last.NodeId);
            context.WriteError(error);
        }
    }

    /// <summary>The number of managers to stop at: when the wanted number cannot be reached, an even number is worse than the odd one below it.</summary>
    private int Limit(int target, int candidates)
    {
        var possible = Math.Min(target, managers.Count + candidates);
        return possible % 2 == 0 && !request.AllowEven ? possible - 1 : possible;
    }

    /// <summary>
    /// Tests the addresses of the next candidates from the leader's host, all with one command, and drops those that do not answer.
    /// A refused connection counts as an answer: nothing listens on a worker.
    /// </summary>
    private async Task DropUnreachableAsync(List<SetMember> pool, int missing)
    {
        if (!request.TestReachability || promotion.LeaderOf(session.View) is not { } leader)
            return;
        while (
            FirstPicks(pool, missing).Where(pick => pick.Own!.NodeAddress.Length > 0 && tried.Add(pick.NodeId)).ToList()
                is { Count: > 0 } picks
        )
        {
            var targets = picks.Select(pick => new ProbeTarget(
                leader.Node,
                null,
                pick.Own!.NodeAddress,
                ProbeProtocol.Tcp,
                SwarmPorts.Control
            ));
            var results = await new ReachabilityProbe(context).ProbeAsync([.. targets]).ConfigureAwait(false);
            foreach (
                var (pick, result) in picks
                    .Zip(results)
                    .Where(pair => pair.Second.Outcome is ProbeOutcome.NoAnswer or ProbeOutcome.Unreachable)
            )
            {
                context.WriteError(ManagerErrors.ManagerAddressUnreachable(pick.Node, result));
                pool.Remove(pick);
            }
        }
    }

    /// <summary>The candidates that are promoted if none fails.</summary>
    private List<SetMember> FirstPicks(List<SetMember> pool, int count)
    {
        var chosen = managers.ToList();
        var left = pool.ToList();
        var picks = new List<SetMember>();
        while (picks.Count < count && RegionSpread.Next(chosen, left.Select(member => member.Place)) is { } place)
        {
            chosen.Add(place);
            picks.Add(left.Find(member => member.NodeId == place.NodeId)!);
            left.Remove(picks[^1]);
        }

        return picks;
    }

    private void Note(SetMember candidate, PromotionFailure failure)
    {
        if (failure.Back is { } now)
            set.Replace(candidate, now);
        else
            unverified.Add(candidate.NodeId);
    }

    private async Task EmitAsync()
    {
        var view = changed ? await session.ReadViewAsync(request.Timeout).ConfigureAwait(false) : session.View;
        foreach (var member in set.Members.Where(member => !unverified.Contains(member.NodeId)))
        {
            if (view.Find(IdOf(member)) is { } now)
                context.WriteObject(
                    SwarmNodeMapper.Describe(
                        member.Node with
                        {
                            Hostname = member.Own!.Info.Name,
                            EngineVersion = member.Own.Info.ServerVersion,
                        },
                        now,
                        view.SwarmId
                    )
                );
            else
                context.WriteError(SwarmErrors.NodeNotInSwarm(member.Node, view.SwarmId));
        }
    }

    /// <summary>A node that has joined again reports its new id; one between two roles reported none.</summary>
    private static string IdOf(SetMember member) => member.Own!.NodeId is { Length: > 0 } said ? said : member.NodeId;

    private static string NameOf(NodeListResponse member, SetMember? ours) =>
        ours?.Node.ToString() ?? member.Description?.Hostname ?? member.ID;

    private void Say(string status, int percent = -1) => context.WriteProgress(new OperationProgress(0, Activity, status, percent));
}
