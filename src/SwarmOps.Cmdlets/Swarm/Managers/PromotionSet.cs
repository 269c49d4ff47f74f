using System.Net;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>The nodes of a set that could become managers of their swarm, and how many managers it is to end with.</summary>
/// <param name="nodes">The set.</param>
/// <param name="session">What came of asking it.</param>
/// <param name="wanted">How many managers the swarm is to have; null means three, or one where the set is smaller.</param>
internal sealed class PromotionSet(IReadOnlyList<SwarmNode> nodes, SwarmSession session, int? wanted)
{
    private readonly List<SetMember> members = [];

    /// <summary>The nodes that are in the swarm, in the set's order.</summary>
    public IReadOnlyList<SetMember> Members => members;

    /// <summary>Those that may be promoted now.</summary>
    public IEnumerable<SetMember> Usable => members.Where(IsUsable);

    /// <summary>How many the user wants, or gets by default.</summary>
    public int Wanted => wanted ?? (nodes.Count >= 3 ? 3 : 1);

    /// <summary>How many managers to end with: what was asked for, or by default what the set can give.</summary>
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

    /// <summary>Whether the swarm wants the member to be a manager; it may be on its way.</summary>
    public static bool IsManager(NodeListResponse member) => member.Spec?.Role == "manager";

    /// <summary>
    /// Whether it is the entry of a manager that was lost, and whose machine, a node of the set, is a member under another id now. After a swarm was made anew from one
    /// manager (docker swarm init --force-new-cluster) the others are still listed so, "unknown" at first and "down" 40 s later; no promotion of theirs can come to an end.
    /// </summary>
    public bool IsLeftBehind(NodeListResponse member) =>
        member is { ManagerStatus: null, Status.State: not "ready", Description.Hostname: { Length: > 0 } hostname }
        && Find(member.ID) is null
        // Host names are no proof: a node of the set that does not answer may be this very member.
        && session.Reports.All(report => report.Observation is not null)
        && members.Exists(other => other.Own?.Info.Name == hostname && other.Member.CreatedAt > member.CreatedAt && MayBeOneMachine(other.Member, member));

    /// <summary>Takes in the nodes that are in the swarm, and reports the others.</summary>
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

    /// <summary>Refuses a number that the swarm already exceeds or that the set cannot give.</summary>
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

    /// <summary>Why each node that is neither a manager nor usable is not, in words.</summary>
    public IReadOnlyList<string> Obstacles() => [.. nodes.Select(WhyNotUsable).OfType<string>()];

    /// <summary>Puts what is known of a member now in the place of what was.</summary>
    public void Replace(SetMember before, SetMember now) => members[members.IndexOf(before)] = now;

    /// <summary>The node of the set that a member is; null for a member that is not in the set.</summary>
    public SetMember? Find(string nodeId) => members.Find(member => member.NodeId == nodeId);

    /// <summary>Unless the managers saw them at two addresses: machines may have one name. An engine may say of itself that it is at no address in particular.</summary>
    private static bool MayBeOneMachine(NodeListResponse one, NodeListResponse other) =>
        !(IPAddress.TryParse(one.Status?.Addr, out var first) && IPAddress.TryParse(other.Status?.Addr, out var second)) || first.Equals(second) || IsOwn(first) || IsOwn(second);

    private static bool IsOwn(IPAddress address) => IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static bool IsUsable(SetMember member) => member is
    {
        Own.IsActive: true, Member: { ManagerStatus: null, Status.State: "ready", Spec: { Role: "worker", Availability: "active" } },
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
