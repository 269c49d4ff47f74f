using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Swarm.Members;

/// <summary>The removal of nodes whose states, and swarm if there is one, have been read.</summary>
internal sealed class RemovalRun(IOperationContext context, RemovalRequest request, SwarmSession session)
{
    /// <summary>Runs it.</summary>
    public async Task RunAsync()
    {
        if (!session.IsFound)
        {
            await LeaveWithoutManagersAsync().ConfigureAwait(false);
            return;
        }

        var targets = FindTargets();
        if (
            session.View.Members.All(member =>
                targets.Any(target => target.Member?.ID == member.ID) || (request.Force && WasOneOf(targets, member))
            )
        )
            await DissolveAsync(targets).ConfigureAwait(false);
        else
            await RemoveAsync(targets).ConfigureAwait(false);
    }

    /// <summary>Stale entries of machines that have joined again: no machine belongs to them any more.</summary>
    private static bool WasOneOf(List<RemovalTarget> targets, NodeListResponse member) =>
        member.Status?.State == "down" && targets.Any(target => target.Own?.Info.Name == member.Description?.Hostname);

    private NodeLeave Leave => new(context, request.Settings) { PassThru = request.PassThru };

    private IEnumerable<NodeReport> OwnReports => session.Reports.Where(report => request.Nodes.Contains(report.Node));

    private async Task LeaveWithoutManagersAsync()
    {
        foreach (var silent in OwnReports.Where(report => report.Failure is not null))
            context.WriteError(silent.Failure!);
        List<RemovalTarget> targets =
        [
            .. OwnReports.Where(report => report.Observation is not null).Select(report => new RemovalTarget(report, null)),
        ];
        if (targets.Any(target => target.MustLeave) && !request.Force)
            throw await session.WhyNoSwarmAsync(request.Settings.ThrottleLimit).ConfigureAwait(false);
        const string losses =
            "Leave its swarm, although no manager answers: its copy of the swarm's secrets, configs and services is deleted, and if the swarm still exists, it keeps listing the node";
        await Leave.RunAsync(targets, losses).ConfigureAwait(false);
    }

    private List<RemovalTarget> FindTargets()
    {
        var targets = new List<RemovalTarget>();
        foreach (var report in OwnReports)
        {
            var target = new RemovalTarget(report, session.MemberOf(report));
            if (WhyNot(target) is { } error)
                context.WriteError(error);
            else
                targets.Add(target);
        }

        return targets;
    }

    private SwarmOpsException? WhyNot(RemovalTarget target)
    {
        if (target.Report.Failure is { } failure)
        {
            if (target.Member is null)
                return failure;
            if (!request.Force)
                return ManagerErrors.NodeCannotBeAsked(target.Node, failure);
            return target.Member.Status?.State == "ready" ? ManagerErrors.NodeStillReady(target.Node, failure) : null;
        }

        return target is { MustLeave: true, Member: null } && !request.Force
            ? ManagerErrors.NodeInUnknownSwarm(target.Node, session.SwarmId)
            : null;
    }

    private async Task DissolveAsync(List<RemovalTarget> targets)
    {
        if (!request.Force)
            throw ManagerErrors.SwarmWouldBeDissolved(session.SwarmId, targets.Count);
        if (
            !await context
                .ShouldProcessAsync(
                    $"swarm {session.SwarmId}",
                    $"Dissolve the swarm: all {targets.Count} nodes leave, and its services, secrets and networks are lost"
                )
                .ConfigureAwait(false)
        )
            return;
        foreach (var dead in targets.Where(target => target.Own is null))
            context.WriteError(ManagerErrors.NodeCannotBeAsked(dead.Node, dead.Report.Failure!));
        context.LetLockLapse();
        await Leave
            .RunAsync([.. targets.Where(target => target.Own is not null).OrderBy(target => target.MustBeDemoted)])
            .ConfigureAwait(false);
    }

    private async Task RemoveAsync(List<RemovalTarget> targets)
    {
        var strays = targets.Where(target => target.Member is null).ToList();
        var members = targets.Where(target => target.Member is not null).ToList();
        if (members.Count > 0)
            await RemoveMembersAsync(members).ConfigureAwait(false);
        await Leave.RunAsync(strays, "Leave the other swarm that it is in, which keeps listing it").ConfigureAwait(false);
    }

    private async Task RemoveMembersAsync(List<RemovalTarget> members)
    {
        var managers = DemotionPlan.Order(
            members.Where(member => member.MustBeDemoted).Select(member => new SetMember(member.Report, member.Member!))
        );
        var tally = ManagerTally.Of(session.View);
        DemotionPlan.RefuseUnsafe(managers, tally);
        var others =
            session.Without(members.Select(member => member.Member!.ID).ToHashSet())
            ?? throw ManagerErrors.NoOtherManager([.. members.Select(member => member.Node)]);
        var after = DemotionPlan.After(managers, tally);
        if (managers.Count > 0 && after.Total % 2 == 0)
            context.WriteWarning($"{tally}: this leaves {after}. Promote another node afterwards (Step-SwarmPromotion).");

        var agreed = new List<RemovalTarget>();
        foreach (var member in members)
        {
            if (await context.ShouldProcessAsync(member.Node.ToString(), Plan(member)).ConfigureAwait(false))
                agreed.Add(member);
        }

        await new MemberRemoval(context, others, session.View)
        {
            Drain = request.Drain,
            Force = request.Force,
            PassThru = request.PassThru,
            Settings = request.Settings,
        }
            .RunAsync(agreed, [.. managers.Where(manager => agreed.Any(member => member.Member!.ID == manager.NodeId))])
            .ConfigureAwait(false);
    }

    private string Plan(RemovalTarget target)
    {
        List<string> steps = [];
        if (request.Drain && target.CanDrain)
            steps.Add("drain");
        if (target.MustBeDemoted)
            steps.Add("demote");
        if (target.MustLeave)
            steps.Add("leave");
        if (target.HasLeft && target.Member?.Status?.State != "down")
            steps.Add("wait until the swarm reports it as Down");
        steps.Add($"remove from swarm {session.SwarmId}");
        var text = string.Join(", ", steps);
        return char.ToUpperInvariant(text[0]) + text[1..];
    }
}
