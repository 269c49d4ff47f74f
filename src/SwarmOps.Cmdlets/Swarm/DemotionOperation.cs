using SwarmOps.Pipeline;

namespace SwarmOps.Swarm;

/// <summary>Demotes managers, one verified demotion after another.</summary>
internal sealed class DemotionOperation(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
{
    private const string Activity = "Step-SwarmDemotion";
    private SwarmSurvey survey = null!;
    private ManagerTally tally;

    /// <summary>Number of managers to keep; null means that all nodes are demoted.</summary>
    public int? ManagerCount { get; init; }

    /// <summary>Managers that are not in the node set.</summary>
    public IReadOnlyList<SwarmNode> Managers { get; init; } = [];

    /// <summary>Whether an even number may be left, and whether a node that does not answer may be demoted.</summary>
    public bool Force { get; init; }

    /// <summary>How long one demotion may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many nodes are queried at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;

    /// <summary>Runs it and emits the nodes as they are afterwards.</summary>
    public async Task RunAsync()
    {
        RefuseBadCount();
        survey = await SwarmSurvey.FindAsync(context, NodeSet.Union(nodes, Managers), ThrottleLimit, Timeout).ConfigureAwait(false);
        tally = ManagerTally.Of(survey.View);
        var members = FindMembers();
        var targets = DemotionPlan.Order(ChooseTargets(members));
        if (targets.Count > 0)
            await DemoteAllAsync(targets, members).ConfigureAwait(false);
        else
            await EmitAsync(members, survey.View).ConfigureAwait(false);
    }

    private void RefuseBadCount()
    {
        if (ManagerCount is < 1)
            throw ManagerErrors.ManagerCountInvalid(ManagerCount.Value);
        if (ManagerCount is { } count && count % 2 == 0 && !Force)
            throw ManagerErrors.EvenManagerCount(count);
    }

    private List<SetMember> FindMembers()
    {
        var found = new List<SetMember>();
        foreach (var report in survey.Reports.Where(report => nodes.Contains(report.Node)))
        {
            if (survey.MemberOf(report) is not { } member)
                context.WriteError(report.Failure ?? ManagerErrors.NodeNotInSwarm(report.Node, survey.View.SwarmId));
            else if (report.Failure is { } failure && !Force)
                context.WriteError(ManagerErrors.NodeCannotBeAsked(report.Node, failure));
            else
                found.Add(new SetMember(report, member));
        }

        return found;
    }

    private IReadOnlyList<SetMember> ChooseTargets(List<SetMember> members)
    {
        var present = members.Where(member => member.Member.Spec?.Role == "manager" || member.Member.ManagerStatus is not null).ToList();
        if (ManagerCount is not { } count)
            return present;
        if (count > tally.Total)
            throw ManagerErrors.MoreManagersThanPresent(count, tally.Total);
        var places = survey.View.Managers.Select(manager => members.Find(member => member.NodeId == manager.ID)?.Place ?? SetMember.PlaceOf(manager));
        var chosen = DemotionPlan.Choose(present, places, tally.Total - count);
        return chosen.Count == tally.Total - count ? chosen : throw ManagerErrors.TooFewManagersInSet(count, tally.Total, chosen.Count);
    }

    private async Task DemoteAllAsync(IReadOnlyList<SetMember> targets, List<SetMember> members)
    {
        DemotionPlan.RefuseUnsafe(targets, tally);
        if (!Force && DemotionPlan.WeakensToEven(targets, tally))
            throw ManagerErrors.EvenManagersLeft(tally, DemotionPlan.After(targets, tally));
        var route = survey.RouteAvoiding(context, targets.Select(target => target.NodeId).ToHashSet()) ?? throw ManagerErrors.NoOtherManager([.. targets.Select(target => target.Node)]);

        var steps = new Demotion(context, route, Timeout);
        var failed = new HashSet<string>();
        foreach (var target in targets)
        {
            var after = DemotionPlan.After([target], tally);
            var asked = await context.ShouldProcessAsync(target.Node.ToString(), $"Demote to worker ({tally}; afterwards {after})").ConfigureAwait(false);
            tally = after;
            if (!asked)
                continue;
            context.WriteProgress(new OperationProgress(0, Activity, $"Demoting {target.Node}: waiting until the leader and the node report it as a worker"));
            if (await steps.RunAsync(target, survey.View).ConfigureAwait(false) is { } error)
            {
                // Continuing would mean two role changes at the same time.
                context.WriteError(error);
                failed.Add(target.NodeId);
                break;
            }
        }

        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
        await EmitAsync(members.Where(member => !failed.Contains(member.NodeId)), await route.ReadAsync(Timeout).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task EmitAsync(IEnumerable<SetMember> members, SwarmView view)
    {
        foreach (var member in members)
        {
            if (member.Own is not { } own)
                context.WriteObject(SwarmNodeMapper.Describe(member.Node, view.Find(member.NodeId)!, view.SwarmId));
            else
                context.WriteObject(SwarmNodeMapper.Describe(view.Find(own.NodeId) is null ? await LookAgainAsync(own).ConfigureAwait(false) : own, view));
        }
    }

    /// <summary>A node whose unfinished promotion was undone has joined again, with another id.</summary>
    private Task<NodeObservation> LookAgainAsync(NodeObservation own) => NodeObservation.TakeAsync(own.Node, own.Connection, context.CancellationToken);
}
