using Docker.DotNet.Models;
using SwarmOps.Nodes.Reachability;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm;

/// <summary>Brings a swarm to a number of managers, one verified promotion after another.</summary>
internal sealed class PromotionOperation(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
{
    private const string Activity = "Step-SwarmPromotion";
    private readonly HashSet<string> unverified = [];
    private readonly HashSet<string> tried = [];
    private readonly List<ManagerPlace> managers = [];
    private SwarmSurvey survey = null!;
    private ManagerRoute route = null!;
    private RoleChange change = null!;
    private List<SetMember> members = [];
    private bool changed;

    /// <summary>How many managers the swarm is to have; null means three, or one where the set is smaller.</summary>
    public int? ManagerCount { get; init; }

    /// <summary>Whether the number may be even.</summary>
    public bool AllowEven { get; init; }

    /// <summary>Whether a candidate's address is tried from the leader's host before anything is changed.</summary>
    public bool TestReachability { get; init; } = true;

    /// <summary>How long one promotion may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many nodes are asked at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;

    /// <summary>Runs it and emits the whole set as it is afterwards.</summary>
    public async Task RunAsync()
    {
        RefuseBadCount();
        survey = await SwarmSurvey.FindAsync(context, nodes, ThrottleLimit, Timeout).ConfigureAwait(false);
        members = FindMembers();
        route = survey.RouteAvoiding(context, new HashSet<string>()) ?? throw SwarmErrors.NoManagerInSet(nodes);
        change = new RoleChange(context, route, Timeout);
        RefuseImpossibleCount();

        await FinishInterruptedAsync().ConfigureAwait(false);
        await PromoteUntilEnoughAsync().ConfigureAwait(false);
        await EmitAsync().ConfigureAwait(false);
    }

    private void RefuseBadCount()
    {
        if (ManagerCount is < 1)
            throw ManagerErrors.ManagerCountInvalid(ManagerCount.Value);
        if (ManagerCount is { } count && count % 2 == 0 && !AllowEven)
            throw ManagerErrors.EvenManagerCount(count);
    }

    private List<SetMember> FindMembers()
    {
        foreach (var silent in survey.Reports.Where(report => report.Failure is not null))
            context.WriteError(silent.Failure!);
        var found = new List<SetMember>();
        foreach (var report in survey.Reports.Where(report => report.Observation is not null))
        {
            if (report.Observation!.LocalState != LocalNodeStates.Inactive && survey.MemberOf(report) is { } member)
                found.Add(new SetMember(report, member));
            else
                context.WriteError(ManagerErrors.NodeNotInSwarm(report.Node, survey.View.SwarmId));
        }

        return found;
    }

    private static bool IsManager(NodeListResponse member) => member.Spec?.Role == "manager";

    private static bool IsUsable(SetMember member) => member is
    {
        Own.IsActive: true, Member: { ManagerStatus: null, Status.State: "ready", Spec: { Role: "worker", Availability: "active" } },
    };

    private int Present => survey.View.Members.Count(IsManager);

    /// <summary>How many managers to end with: what was asked for, or by default what the set can give.</summary>
    private int Target
    {
        get
        {
            if (ManagerCount is { } asked)
                return asked;
            var possible = Math.Min(DefaultCount, Present + members.Count(IsUsable));
            return Math.Max(Present, possible % 2 == 0 ? possible - 1 : possible);
        }
    }

    private int DefaultCount => nodes.Count >= 3 ? 3 : 1;

    private void RefuseImpossibleCount()
    {
        if (ManagerCount is not { } asked)
            return;
        if (asked < Present)
            throw ManagerErrors.FewerManagersThanPresent(asked, Present);
        var usable = members.Count(IsUsable);
        if (asked > Present + usable)
            throw ManagerErrors.TooFewUsableNodes(asked, Present, usable, [.. nodes.Select(WhyNotUsable).OfType<string>()]);
    }

    private string? WhyNotUsable(SwarmNode node)
    {
        if (survey.Reports.FirstOrDefault(report => ReferenceEquals(report.Node, node))?.Failure is not null)
            return $"'{node.Name}' cannot be asked";
        if (members.Find(member => ReferenceEquals(member.Node, node)) is not { } found)
            return $"'{node.Name}' is not in the swarm";
        if (IsManager(found.Member) || IsUsable(found))
            return null;
        return $"'{node.Name}' is {found.Own?.LocalState}, {found.Member.Status?.State} and {found.Member.Spec?.Availability}";
    }

    /// <summary>
    /// Finishes what a run that was killed, or someone else, has begun: two changes at once can strand one of them (moby/swarmkit issues 2196 and 2471).
    /// </summary>
    private async Task FinishInterruptedAsync()
    {
        foreach (var leaving in survey.View.Members.Where(member => !IsManager(member) && member.ManagerStatus is not null))
            await FinishDemotionAsync(leaving).ConfigureAwait(false);
        foreach (var member in survey.View.Members.Where(IsManager))
        {
            var ours = members.Find(candidate => candidate.NodeId == member.ID);
            if (IsVerified(member, ours) || await FinishPromotionAsync(member, ours).ConfigureAwait(false))
                managers.Add(ours?.Place ?? SetMember.PlaceOf(member));
        }
    }

    private static bool IsVerified(NodeListResponse member, SetMember? ours) =>
        ManagerTally.IsReachable(member) && (ours is null || ours.Own is { IsManager: true, SwarmId: not null });

    private async Task FinishDemotionAsync(NodeListResponse member)
    {
        var ours = members.Find(candidate => candidate.NodeId == member.ID);
        Say($"Waiting until {NameOf(member, ours)} is a worker");
        changed = true;
        if (await change.UntilWorkerAsync(member.ID, ours?.Own).ConfigureAwait(false) is null)
            throw ManagerErrors.ChangeInProgress(NameOf(member, ours), "demotion", Timeout, ours?.Node);
    }

    /// <returns>Whether the member counts as a manager.</returns>
    private async Task<bool> FinishPromotionAsync(NodeListResponse member, SetMember? ours)
    {
        var isVoter = member.ManagerStatus is not null;
        if (ours is null && isVoter)
        {
            context.WriteWarning($"The manager {NameOf(member, ours)} cannot be reached by the leader; it is not in the node set and counts as a manager.");
            return true;
        }

        Say($"Waiting until {NameOf(member, ours)} is a reachable manager");
        changed = true;
        if (await change.UntilManagerAsync(member.ID, ours?.Own).ConfigureAwait(false) is not null)
            return true;
        if (ours is null)
            throw ManagerErrors.ChangeInProgress(NameOf(member, ours), "promotion", Timeout, null);

        var self = await change.LookAsync(ours.Own!).ConfigureAwait(false);
        var mayGoBack = !isVoter || (self is { IsManager: false } && ManagerTally.Of(survey.View).Without(reachable: false).HasQuorum);
        if (!mayGoBack)
        {
            unverified.Add(ours.NodeId);
            context.WriteError(ManagerErrors.ManagerUnreachable(ours.Node, member.ManagerStatus!.Addr));
            return true;
        }

        if (await context.ShouldProcessAsync(ours.Node.ToString(), "Make it a worker again: its promotion never came to an end").ConfigureAwait(false))
            await RollBackAsync(ours).ConfigureAwait(false);
        return false;
    }

    private async Task PromoteUntilEnoughAsync()
    {
        var target = Target;
        var pool = members.Where(IsUsable).ToList();
        while (managers.Count < target)
        {
            await DropUnreachableAsync(pool, target - managers.Count).ConfigureAwait(false);
            if (managers.Count >= Limit(target, pool.Count) || RegionSpread.Next(managers, pool.Select(member => member.Place)) is not { } place)
                break;
            var candidate = pool.Find(member => member.NodeId == place.NodeId)!;
            pool.Remove(candidate);
            var asked = await context.ShouldProcessAsync(candidate.Node.ToString(), $"Promote to manager {managers.Count + 1} of {target}").ConfigureAwait(false);
            if (!asked || await PromoteAsync(candidate, target).ConfigureAwait(false))
                managers.Add(place);
        }

        context.WriteProgress(new OperationProgress(0, Activity, "done", 100, Completed: true));
        if (managers.Count < Math.Max(target, ManagerCount ?? DefaultCount))
            context.WriteError(ManagerErrors.ManagerCountNotReached(survey.View.SwarmId, ManagerCount ?? DefaultCount, managers.Count, [.. nodes.Select(WhyNotUsable).OfType<string>()]));
        else if (managers.Count % 2 == 0)
            context.WriteWarning($"The swarm has {managers.Count} managers: it tolerates no more failures than {managers.Count - 1} would.");
    }

    /// <summary>How many managers to stop at: where the wanted number is out of reach, an even one would be worse than the odd one below it.</summary>
    private int Limit(int target, int candidates)
    {
        var possible = Math.Min(target, managers.Count + candidates);
        return possible % 2 == 0 && !AllowEven ? possible - 1 : possible;
    }

    /// <summary>The candidates whose turn comes first if none fails.</summary>
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

    /// <summary>
    /// Tries the addresses of those whose turn comes next from the leader's host, all with one command, and drops those that do not answer.
    /// A refusal will do: nothing listens on a worker.
    /// </summary>
    private async Task DropUnreachableAsync(List<SetMember> pool, int missing)
    {
        if (!TestReachability || LeaderOf(survey.View) is not { } leader)
            return;
        while (FirstPicks(pool, missing).Where(pick => pick.Own!.NodeAddress.Length > 0 && tried.Add(pick.NodeId)).ToList() is { Count: > 0 } picks)
        {
            var targets = picks.Select(pick => new ProbeTarget(leader.Node, null, pick.Own!.NodeAddress, ProbeProtocol.Tcp, SwarmPorts.Control));
            var results = await new ReachabilityProbe(context).ProbeAsync([.. targets]).ConfigureAwait(false);
            foreach (var (pick, result) in picks.Zip(results).Where(pair => pair.Second.Outcome is ProbeOutcome.NoAnswer or ProbeOutcome.Unreachable))
            {
                context.WriteError(ManagerErrors.ManagerAddressUnreachable(pick.Node, result));
                pool.Remove(pick);
            }
        }
    }

    private NodeObservation? LeaderOf(SwarmView view) =>
        view.Managers.FirstOrDefault(manager => manager.ManagerStatus!.Leader is true) is { } leader ? survey.Located!.Observation(leader.ID) : null;

    private async Task<bool> PromoteAsync(SetMember candidate, int target)
    {
        Say($"Promoting {candidate.Node}: waiting until the leader reaches it and it takes part", managers.Count * 100 / target);
        changed = true;
        await change.PromoteAsync(candidate.NodeId).ConfigureAwait(false);
        if (await change.UntilManagerAsync(candidate.NodeId, candidate.Own).ConfigureAwait(false) is not null)
            return true;
        await RollBackAsync(candidate).ConfigureAwait(false);
        return false;
    }

    private async Task RollBackAsync(SetMember candidate)
    {
        Say($"{candidate.Node} did not become a reachable manager: finding out why");
        var why = await DiagnoseAsync(candidate).ConfigureAwait(false);
        Say($"Making {candidate.Node} a worker again");
        try
        {
            var back = await new PromotionRollback(context, route, Timeout).RunAsync(candidate).ConfigureAwait(false);
            if (back is null)
                unverified.Add(candidate.NodeId);
            else
                members[members.IndexOf(candidate)] = candidate with { Report = candidate.Report with { Observation = back } };
            context.WriteError(ManagerErrors.PromotionFailed(candidate.Node, Timeout, why, back is not null, null));
        }
        catch (SwarmOpsException error)
        {
            unverified.Add(candidate.NodeId);
            context.WriteError(ManagerErrors.PromotionFailed(candidate.Node, Timeout, why, isBack: false, error));
        }
    }

    /// <summary>Which address and port failed from where, and what the node itself says.</summary>
    private async Task<string> DiagnoseAsync(SetMember candidate)
    {
        var own = await change.LookAsync(candidate.Own!).ConfigureAwait(false);
        var view = await route.ReadAsync(Timeout).ConfigureAwait(false);
        var address = own?.NodeAddress is { Length: > 0 } now ? now : candidate.Own!.NodeAddress;
        var leader = LeaderOf(view);
        var tried = leader is null ? null : await ProbeAsync(leader.Node, candidate.Node, address).ConfigureAwait(false);
        var leaderName = leader?.Node.ToString() ?? view.Managers.FirstOrDefault(manager => manager.ManagerStatus!.Leader is true)?.Description?.Hostname ?? "the leader";
        return PromotionDiagnosis.Describe(candidate.Node, address, leaderName, tried, own, view.Find(candidate.NodeId));
    }

    private async Task<ProbeResult> ProbeAsync(SwarmNode from, SwarmNode to, string address) =>
        (await new ReachabilityProbe(context).ProbeAsync([new ProbeTarget(from, to, address, ProbeProtocol.Tcp, SwarmPorts.Control)]).ConfigureAwait(false))[0];

    private async Task EmitAsync()
    {
        var view = changed ? await route.ReadAsync(Timeout).ConfigureAwait(false) : survey.View;
        foreach (var member in members.Where(member => !unverified.Contains(member.NodeId)))
        {
            if (view.Find(IdOf(member)) is { } now)
                context.WriteObject(SwarmNodeMapper.Describe(member.Node with { Hostname = member.Own!.Info.Name, EngineVersion = member.Own.Info.ServerVersion }, now, view.SwarmId));
            else
                context.WriteError(ManagerErrors.NodeNotInSwarm(member.Node, view.SwarmId));
        }
    }

    /// <summary>A node that has joined anew says its new id; one that was between two roles when it was asked said none.</summary>
    private static string IdOf(SetMember member) => member.Own!.NodeId is { Length: > 0 } said ? said : member.NodeId;

    private static string NameOf(NodeListResponse member, SetMember? ours) => ours?.Node.ToString() ?? member.Description?.Hostname ?? member.ID;

    private void Say(string status, int percent = -1) => context.WriteProgress(new OperationProgress(0, Activity, status, percent));
}
