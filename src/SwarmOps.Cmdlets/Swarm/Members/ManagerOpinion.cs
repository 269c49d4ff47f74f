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
    public static ManagerOpinion Of(SwarmNode node, SwarmView view) => Of(node, view, view.Members.Count);

    /// <summary>Asks a manager; of its members only the managers are kept.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors, <c>SwarmHasNoLeader</c>.</exception>
    public static Task<ManagerOpinion> ReadAsync(SwarmNode node, SwarmSession manager) =>
        manager.AskManagerAsync(
            async (connection, token) =>
            {
                var count = 0;
                var view = await SwarmView
                    .ReadAsync(
                        connection,
                        manager.SwarmId,
                        token,
                        member =>
                        {
                            count++;
                            return ValueTask.FromResult(member.ManagerStatus is not null);
                        }
                    )
                    .ConfigureAwait(false);
                return Of(node, view, count);
            },
            TimeSpan.Zero
        );

    private static ManagerOpinion Of(SwarmNode node, SwarmView view, int memberCount) =>
        new(node, view.Managers.FirstOrDefault(manager => manager.ManagerStatus!.Leader is true)?.ID, memberCount, null);
}
