using System.Net;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>The nodes of a node set that can be promoted, and the target number of managers.</summary>
/// <param name="nodes">The node set.</param>
/// <param name="session">Its survey.</param>
/// <param name="wanted">Number of managers that the swarm should have; null means three, or one when the node set is smaller.</param>
internal sealed class PromotionSet(IReadOnlyList<SwarmNode> nodes, SwarmSession session, int? wanted)
{
    private readonly List<SetMember> members = [];

    /// <summary>The nodes that are in the swarm, in the order of the node set.</summary>
    public IReadOnlyList<SetMember> Members => members;

    /// <summary>The nodes that may be promoted now.</summary>
    public IEnumerable<SetMember> Usable => members.Where(IsUsable);

    /// <summary>The requested or default number.</summary>
    public int Wanted => wanted ?? (nodes.Count >= 3 ? 3 : 1);

    /// <summary>The target number: the requested one, or by default what the node set permits.</summary>
    public int Target
    {
        get
        {
            if (wanted is { } asked)
                return asked;
            var possible = Math.Min(Wanted, Present + Usable.Count());
            return Math.Max(Present, possible % 2 == 0 ? possible - 1 : possible);
        }
    }

    private int Present => session.View.Members.Count(member => IsManager(member) && !IsLeftBehind(member));

    /// <summary>Whether the member's desired role is manager; its promotion may be in progress.</summary>
    public static bool IsManager(NodeListResponse member) => member.Spec?.Role == "manager";

    /// <summary>
    /// Whether it is the entry of a lost manager whose machine, a node of the set, is now a member with another id. After docker swarm init --force-new-cluster
    /// the other managers are still listed, "unknown" at first and "down" 40 s later; their promotions can never complete.
    /// </summary>
    public bool IsLeftBehind(NodeListResponse member) =>
        member is { ManagerStatus: null, Status.State: not "ready", Description.Hostname: { Length: > 0 } hostname }
        && Find(member.ID) is null
        // Host names prove nothing: a node of the set that does not answer may be this member.
        && session.Reports.All(report => report.Observation is not null)
        && members.Exists(other =>
            other.Own?.Info.Name == hostname && other.Member.CreatedAt > member.CreatedAt && MayBeOneMachine(other.Member, member)
        );

    /// <summary>Adds the nodes that are in the swarm, and writes an error for the others.</summary>
    public void Gather(IOperationContext context)
    {
        foreach (var silent in session.Silent)
            context.WriteError(silent.Failure!);
        foreach (var report in session.Reports.Where(report => report.Observation is not null))
        {
            if (report.Observation!.LocalState != LocalNodeStates.Inactive && session.MemberOf(report) is { } member)
                members.Add(new SetMember(report, member));
            else
                context.WriteError(SwarmErrors.NodeNotInSwarm(report.Node, session.SwarmId));
        }
    }

    /// <summary>Throws when the swarm already has more managers, or the node set too few nodes.</summary>
    /// <exception cref="SwarmOpsException"><c>FewerManagersThanPresent</c>, <c>TooFewUsableNodes</c>.</exception>
    public void RefuseImpossibleCount()
    {
        if (wanted is not { } asked)
            return;
        if (asked < Present)
            throw ManagerErrors.FewerManagersThanPresent(asked, Present);
        var usable = Usable.Count();
        if (asked > Present + usable)
            throw ManagerErrors.TooFewUsableNodes(asked, Present, usable, Obstacles());
    }

    /// <summary>For each node that is neither a manager nor usable, the reason as text.</summary>
    public IReadOnlyList<string> Obstacles() => [.. nodes.Select(WhyNotUsable).OfType<string>()];

    /// <summary>Replaces the state of a member by its present one.</summary>
    public void Replace(SetMember before, SetMember now) => members[members.IndexOf(before)] = now;

    /// <summary>The node of a member; null when the member is not in the node set.</summary>
    public SetMember? Find(string nodeId) => members.Find(member => member.NodeId == nodeId);

    /// <summary>Equal names count, unless the managers list two addresses: machines may share a name, and an engine may report no particular address of its own.</summary>
    private static bool MayBeOneMachine(NodeListResponse one, NodeListResponse other) =>
        !(IPAddress.TryParse(one.Status?.Addr, out var first) && IPAddress.TryParse(other.Status?.Addr, out var second))
        || first.Equals(second)
        || IsOwn(first)
        || IsOwn(second);

    private static bool IsOwn(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static bool IsUsable(SetMember member) =>
        member
            is {
                Own.IsActive: true,
                Member: { ManagerStatus: null, Status.State: "ready", Spec: { Role: "worker", Availability: "active" } },
            };

    private string? WhyNotUsable(SwarmNode node)
    {
        if (session.Reports.FirstOrDefault(report => ReferenceEquals(report.Node, node))?.Failure is not null)
            return $"'{node.Name}' did not answer";
        if (members.Find(member => ReferenceEquals(member.Node, node)) is not { } found)
            return $"'{node.Name}' is not in the swarm";
        if (IsManager(found.Member) || IsUsable(found))
            return null;
        return $"'{node.Name}' is {found.Own?.LocalState}, {found.Member.Status?.State} and {found.Member.Spec?.Availability}";
    }
}
