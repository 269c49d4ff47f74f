using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Swarm.Members;

/// <summary>Lists the members of a swarm: a small one in order, a large one while its manager lists it.</summary>
internal sealed class GetNodeOperation(IOperationContext context, GetNodeRequest request)
{
    private readonly NameChoice names = new(request.Names);
    private readonly HashSet<string> written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeListResponse> waiting = new(StringComparer.Ordinal);
    private readonly HashSet<string> own = new(StringComparer.Ordinal);
    private readonly List<SwarmNode> withoutId = [];
    private IReadOnlyList<NodeReport> reports = [];
    private bool isLarge;

    /// <summary>Writes the members to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmSession.FindAsync"/>.</exception>
    public async Task RunAsync()
    {
        var session = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout, TakeAsync)
            .ConfigureAwait(false);
        var left = MemberListing.Merge(session).Where(node => !written.Contains(node.NodeId!)).Where(IsWanted).ToList();
        foreach (var name in names.Missing)
            context.WriteError(ManagerErrors.NodeNotFound(name, session.SwarmId));
        foreach (var node in left)
            await context.WriteObjectAsync(node).ConfigureAwait(false);
    }

    /// <summary>
    /// Keeps the members of a swarm that can be sorted as a whole. Of a larger one it keeps the managers and what may be a node of the set, and writes the others at once.
    /// </summary>
    private async ValueTask<bool> TakeAsync(IReadOnlyList<NodeReport> taken, string swarmId, NodeListResponse member)
    {
        if (!ReferenceEquals(reports, taken))
            Read(taken);
        if (written.Contains(member.ID))
            return false;
        if (swarmId.Length == 0 || member.ManagerStatus is not null || MayBeOfSet(member))
            return true;
        if (isLarge)
        {
            await WriteAsync(member, swarmId).ConfigureAwait(false);
            return false;
        }

        waiting[member.ID] = member;
        isLarge = waiting.Count > Portions<SwarmNode>.Size;
        if (!isLarge)
            return true;
        foreach (var earlier in waiting.Values)
            await WriteAsync(earlier, swarmId).ConfigureAwait(false);
        waiting.Clear();
        return false;
    }

    private void Read(IReadOnlyList<NodeReport> taken)
    {
        reports = taken;
        own.Clear();
        withoutId.Clear();
        foreach (var report in taken)
        {
            if (report.Observation is { NodeId.Length: > 0 } observation)
                own.Add(observation.NodeId);
            else
                withoutId.Add(report.Node);
        }
    }

    private bool MayBeOfSet(NodeListResponse member) =>
        own.Contains(member.ID) || withoutId.Exists(node => MemberMatch.MayBe(node, member));

    private async Task WriteAsync(NodeListResponse member, string swarmId)
    {
        written.Add(member.ID);
        if (SwarmNodeMapper.Describe(member, swarmId) is var node && IsWanted(node))
            await context.WriteObjectAsync(node).ConfigureAwait(false);
    }

    /// <summary>A name that is there but that another filter leaves out is no error: the name is looked at first.</summary>
    private bool IsWanted(SwarmNode node) =>
        names.Takes(node.Name, node.Hostname)
        && (request.Regions.Count == 0 || request.Regions.Any(region => region.Matches(node.Region ?? "")))
        && (request.Role is null || node.Role == request.Role)
        && (request.State is null || node.State == request.State)
        && (request.Availability is null || node.Availability == request.Availability);
}
