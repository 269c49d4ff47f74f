using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Members;

/// <summary>One manager's own view of its swarm.</summary>
/// <param name="Node">The manager.</param>
/// <param name="LeaderId">Id of the leader that it reports; null when it has none.</param>
/// <param name="MemberCount">How many members it lists.</param>
/// <param name="Failure">Why it could not be read; null when it could.</param>
internal sealed record ManagerOpinion(SwarmNode Node, string? LeaderId, int MemberCount, SwarmOpsException? Failure)
{
    /// <summary>Summarizes a manager's view.</summary>
    public static ManagerOpinion Of(SwarmNode node, SwarmView view) =>
        new(node, view.Managers.FirstOrDefault(manager => manager.ManagerStatus!.Leader is true)?.ID, view.Members.Count, null);
}
