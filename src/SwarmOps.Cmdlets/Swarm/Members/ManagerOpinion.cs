using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Members;

/// <summary>What one manager says of its swarm when it is asked itself.</summary>
/// <param name="Node">The manager.</param>
/// <param name="LeaderId">Id of the leader that it sees; null when it sees none.</param>
/// <param name="MemberCount">How many members it lists.</param>
/// <param name="Failure">Why it could not say anything; null when it could.</param>
internal sealed record ManagerOpinion(SwarmNode Node, string? LeaderId, int MemberCount, SwarmOpsException? Failure)
{
    /// <summary>What a manager's own view amounts to.</summary>
    public static ManagerOpinion Of(SwarmNode node, SwarmView view) =>
        new(node, view.Managers.FirstOrDefault(manager => manager.ManagerStatus!.Leader is true)?.ID, view.Members.Count, null);
}
