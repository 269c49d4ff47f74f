using SwarmOps.Pipeline;

namespace SwarmOps.Swarm;

/// <summary>Changes the specs of members, each read again just before, so that no concurrent change is lost.</summary>
internal sealed class NodeSettingOperation(IOperationContext context, IReadOnlyList<SwarmNode> nodes, NodeSettings settings)
{
    /// <summary>Managers that are not in the node set.</summary>
    public IReadOnlyList<SwarmNode> Managers { get; init; } = [];

    /// <summary>How long to wait for a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many nodes are changed at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;

    /// <summary>Runs it and writes the nodes as they are afterwards.</summary>
    public async Task RunAsync()
    {
        var survey = await SwarmSurvey.FindAsync(context, NodeSet.Union(nodes, Managers), ThrottleLimit, Timeout).ConfigureAwait(false);
        var members = FindMembers(survey);
        var route = survey.RouteAvoiding(context, new HashSet<string>()) ?? throw SwarmErrors.NoManagerInSet(nodes);
        var agreed = new List<SetMember>();
        foreach (var member in members)
        {
            if (settings.Differences(member.Member.Spec ?? new()) is { Count: > 0 } differences
                && await context.ShouldProcessAsync(member.Node.ToString(), $"Update settings: {string.Join(", ", differences)}").ConfigureAwait(false))
                agreed.Add(member);
        }

        var failed = await ChangeAsync(route, agreed).ConfigureAwait(false);
        var view = agreed.Count == 0 ? survey.View : await route.ReadAsync(Timeout).ConfigureAwait(false);
        foreach (var member in members.Where(member => !failed.Contains(member)))
            Emit(member, view, agreed.Contains(member));
    }

    private List<SetMember> FindMembers(SwarmSurvey survey)
    {
        var found = new List<SetMember>();
        foreach (var report in survey.Reports.Where(report => nodes.Contains(report.Node)))
        {
            if (survey.MemberOf(report) is { } member)
                found.Add(new SetMember(report, member));
            else
                context.WriteError(report.Failure ?? ManagerErrors.NodeNotInSwarm(report.Node, survey.View.SwarmId));
        }

        return found;
    }

    private async Task<HashSet<SetMember>> ChangeAsync(ManagerRoute route, List<SetMember> members)
    {
        var changed = await NodeSet.ForEachAsync(context, [.. members.Select(member => member.Node)], ThrottleLimit, async node =>
        {
            var member = members.First(candidate => ReferenceEquals(candidate.Node, node));
            await route.UpdateAsync(member.NodeId, settings.ApplyTo, Timeout).ConfigureAwait(false);
            return member;
        }).ConfigureAwait(false);
        return [.. members.Except(changed)];
    }

    private void Emit(SetMember member, SwarmView view, bool mustMatch)
    {
        if (view.Find(member.NodeId) is not { } now)
            context.WriteError(ManagerErrors.NodeNotInSwarm(member.Node, view.SwarmId));
        else if (mustMatch && settings.Differences(now.Spec ?? new()) is { Count: > 0 } differences)
            context.WriteError(ManagerErrors.SettingNotKept(member.Node, differences));
        else
            context.WriteObject(Describe(member, now, view));
    }

    /// <summary>Region and zone of the object follow the labels that were set, so that the next cmdlet does not revert them.</summary>
    private SwarmNode Describe(SetMember member, Docker.DotNet.Models.NodeListResponse now, SwarmView view)
    {
        var node = member.Own is { } own ? SwarmNodeMapper.Describe(own, view) : SwarmNodeMapper.Describe(member.Node, now, view.SwarmId);
        return node with
        {
            Region = Label(SwarmNodeMapper.RegionLabel, node, node.Region),
            Zone = Label(SwarmNodeMapper.ZoneLabel, node, node.Zone),
        };
    }

    private string? Label(string name, SwarmNode node, string? otherwise) =>
        settings.Set.ContainsKey(name) || settings.Remove.Contains(name) ? node.Labels.GetValueOrDefault(name) : otherwise;
}
