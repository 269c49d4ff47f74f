using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Swarm.Members;

/// <summary>Changes the specs of members, each read again just before, so that no concurrent change is lost.</summary>
internal sealed class NodeSettingOperation(IOperationContext context, NodeSettingRequest request)
{
    /// <summary>Runs it and emits the nodes as they are afterwards.</summary>
    public async Task RunAsync()
    {
        var session = await SwarmSession
            .FindAsync(context, NodeSet.Union(request.Nodes, request.Managers), request.ThrottleLimit, request.Timeout)
            .ConfigureAwait(false);
        var members = FindMembers(session);
        var agreed = new List<SetMember>();
        foreach (var member in members)
        {
            if (
                request.Settings.Differences(member.Member.Spec ?? new()) is { Count: > 0 } differences
                && await context
                    .ShouldProcessAsync(member.Node.ToString(), $"Update settings: {string.Join(", ", differences)}")
                    .ConfigureAwait(false)
            )
                agreed.Add(member);
        }

        var failed = await ChangeAsync(session, agreed).ConfigureAwait(false);
        var view = agreed.Count == 0 ? session.View : await session.ReadViewAsync(request.Timeout).ConfigureAwait(false);
        foreach (var member in members.Where(member => !failed.Contains(member)))
            Emit(member, view, agreed.Contains(member));
    }

    private List<SetMember> FindMembers(SwarmSession session)
    {
        var found = new List<SetMember>();
        foreach (var report in session.Reports.Where(report => request.Nodes.Contains(report.Node)))
        {
            if (session.MemberOf(report) is { } member)
                found.Add(new SetMember(report, member));
            else
                context.WriteError(report.Failure ?? SwarmErrors.NodeNotInSwarm(report.Node, session.SwarmId));
        }

        return found;
    }

    private async Task<HashSet<SetMember>> ChangeAsync(SwarmSession session, List<SetMember> members)
    {
        var changed = await NodeSet
            .ForEachAsync(
                context,
                [.. members.Select(member => member.Node)],
                request.ThrottleLimit,
                async node =>
                {
                    var member = members.First(candidate => ReferenceEquals(candidate.Node, node));
                    await session.UpdateMemberAsync(member.NodeId, request.Settings.ApplyTo, request.Timeout).ConfigureAwait(false);
                    return member;
                }
            )
            .ConfigureAwait(false);
        return [.. members.Except(changed)];
    }

    private void Emit(SetMember member, SwarmView view, bool mustMatch)
    {
        if (view.Find(member.NodeId) is not { } now)
            context.WriteError(SwarmErrors.NodeNotInSwarm(member.Node, view.SwarmId));
        else if (mustMatch && request.Settings.Differences(now.Spec ?? new()) is { Count: > 0 } differences)
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
        request.Settings.Set.ContainsKey(name) || request.Settings.Remove.Contains(name) ? node.Labels.GetValueOrDefault(name) : otherwise;
}
