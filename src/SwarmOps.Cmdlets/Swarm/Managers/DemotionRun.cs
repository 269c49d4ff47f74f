using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>The demotions in a swarm that has been found.</summary>
internal sealed class DemotionRun(IOperationContext context, DemotionRequest request, SwarmSession session)
{
    private const string Activity = "Step-SwarmDemotion";

    private ManagerTally tally = ManagerTally.Of(session.View);

    /// <summary>Runs them and emits the nodes as they are afterwards.</summary>
    public async Task RunAsync()
    {
        var members = FindMembers();
        var targets = DemotionPlan.Order(ChooseTargets(members));
        if (targets.Count > 0)
            await DemoteAllAsync(targets, members).ConfigureAwait(false);
        else
            await EmitAsync(members, session.View).ConfigureAwait(false);
    }

    private List<SetMember> FindMembers()
    {
        var found = new List<SetMember>();
        foreach (var report in session.Reports.Where(report => request.Nodes.Contains(report.Node)))
        {
            if (session.MemberOf(report) is not { } member)
                context.WriteError(report.Failure ?? SwarmErrors.NodeNotInSwarm(report.Node, session.SwarmId));
            else if (report.Failure is { } failure && !request.Force)
                context.WriteError(ManagerErrors.NodeCannotBeAsked(report.Node, failure));
            else
                found.Add(new SetMember(report, member));
        }

        return found;
    }

    private IReadOnlyList<SetMember> ChooseTargets(List<SetMember> members)
    {
        var present = members.Where(member => member.Member.Spec?.Role == "manager" || member.Member.ManagerStatus is not null).ToList();
        if (request.ManagerCount is not { } count)
            return present;
        if (count > tally.Total)
            throw ManagerErrors.MoreManagersThanPresent(count, tally.Total);
        var places = session.View.Managers.Select(manager =>
            members.Find(member => member.NodeId == manager.ID)?.Place ?? SetMember.PlaceOf(manager)
        );
        var chosen = DemotionPlan.Choose(present, places, tally.Total - count);
        return chosen.Count == tally.Total - count ? chosen : throw ManagerErrors.TooFewManagersInSet(count, tally.Total, chosen.Count);
    }

    private async Task DemoteAllAsync(IReadOnlyList<SetMember> targets, List<SetMember> members)
    {
        DemotionPlan.RefuseUnsafe(targets, tally);
        if (!request.Force && DemotionPlan.WeakensToEven(targets, tally))
            throw ManagerErrors.EvenManagersLeft(tally, DemotionPlan.After(targets, tally));
        var others =
            session.Without(targets.Select(target => target.NodeId).ToHashSet())
            ?? throw ManagerErrors.NoOtherManager([.. targets.Select(target => target.Node)]);

        var steps = new Demotion(context, others, request.Timeout);
        var failed = new HashSet<string>();
        foreach (var target in targets)
        {
            var after = DemotionPlan.After([target], tally);
            var asked = await context
                .ShouldProcessAsync(target.Node.ToString(), $"Demote to worker ({tally}; afterwards {after})")
                .ConfigureAwait(false);
            tally = after;
            if (!asked)
                continue;
            context.WriteProgress(
                new OperationProgress(0, Activity, $"Demoting {target.Node}: waiting until the leader and the node report it as a worker")
            );
            if (await steps.RunAsync(target, session.View).ConfigureAwait(false) is { } error)
            {
                // Continuing would mean two role changes at the same time.
                context.WriteError(error);
                failed.Add(target.NodeId);
                break;
            }
        }

        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
        await EmitAsync(
                members.Where(member => !failed.Contains(member.NodeId)),
                await others.ReadViewAsync(request.Timeout).ConfigureAwait(false)
            )
            .ConfigureAwait(false);
    }

    private async Task EmitAsync(IEnumerable<SetMember> members, SwarmView view)
    {
        foreach (var member in members)
        {
            if (member.Own is not { } own)
                context.WriteObject(SwarmNodeMapper.Describe(member.Node, view.Find(member.NodeId)!, view.SwarmId));
            else
                context.WriteObject(
                    SwarmNodeMapper.Describe(view.Find(own.NodeId) is null ? await LookAgainAsync(own).ConfigureAwait(false) : own, view)
                );
        }
    }

    /// <summary>A node whose unfinished promotion was undone has joined again, with another id.</summary>
    private Task<NodeObservation> LookAgainAsync(NodeObservation own) =>
        NodeObservation.TakeAsync(own.Node, own.Connection, context.CancellationToken);
}
