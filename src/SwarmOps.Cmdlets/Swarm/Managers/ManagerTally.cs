using Docker.DotNet.Models;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Managers;

/// <summary>The arithmetic of raft: how many managers there are, how many the leader reaches, and how many it needs.</summary>
/// <param name="Total">Managers that vote.</param>
/// <param name="Reachable">Managers that the leader reaches, itself included.</param>
internal readonly record struct ManagerTally(int Total, int Reachable)
{
    /// <summary>How many managers must be reachable: more than half.</summary>
    public int Quorum => (Total / 2) + 1;

    /// <summary>Whether enough managers are reachable.</summary>
    public bool HasQuorum => Reachable >= Quorum;

    /// <summary>How many of the reachable managers may fail.</summary>
    public int ToleratedFailures => Math.Max(0, Reachable - Quorum);

    /// <summary>Counts the managers of a swarm.</summary>
    public static ManagerTally Of(SwarmView view) => new(view.Managers.Count, view.Managers.Count(IsReachable));

    /// <summary>Whether the leader reaches a member as a manager.</summary>
    public static bool IsReachable(NodeListResponse member) => member.ManagerStatus?.Reachability == "reachable";

    /// <summary>The same swarm with one manager fewer.</summary>
    public ManagerTally Without(bool reachable) => new(Total - 1, Reachable - (reachable ? 1 : 0));

    /// <summary>Such as <c>3 managers, 2 reachable, quorum 2</c>.</summary>
    public override string ToString() => $"{Total} manager{(Total == 1 ? "" : "s")}, {Reachable} reachable, quorum {Quorum}";
}
