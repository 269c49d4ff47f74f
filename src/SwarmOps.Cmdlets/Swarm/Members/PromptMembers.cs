using Docker.DotNet.Models;
using SwarmOps.Completion;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Members;

/// <summary>The nodes that Tab can name: those at hand, with what a manager says of them, and the other members of their swarm.</summary>
internal static class PromptMembers
{
    /// <summary>Reads them; those at hand also when nobody answers.</summary>
    public static IReadOnlyList<SwarmNode> Read(CompletionRequest request)
    {
        var atHand = NodesAtHand.Of(request);
        return Merge(atHand.Nodes, PromptManager.Recall(atHand, "nodes", ListAsync) ?? []);
    }

    /// <summary>What a tooltip says of a node.</summary>
    public static string Describe(SwarmNode node)
    {
        string?[] facts =
        [
            node.IsLeader ? "manager, leader" : node.Role?.ToString().ToLowerInvariant(),
            node.State?.ToString().ToLowerInvariant(),
            node.Availability is null or SwarmNodeAvailability.Active ? null : node.Availability.ToString()!.ToLowerInvariant(),
            node.Region,
        ];
        return string.Join(", ", facts.Where(fact => !string.IsNullOrEmpty(fact)));
    }

    private static async Task<List<NodeListResponse>> ListAsync(INodeConnection manager, CancellationToken cancellationToken) =>
        [.. (await SwarmView.ReadAsync(manager, "", cancellationToken).ConfigureAwait(false)).Members];

    private static IReadOnlyList<SwarmNode> Merge(IReadOnlyList<SwarmNode> nodes, IReadOnlyList<NodeListResponse> members)
    {
        var found = nodes.Select(node => (Node: node, Member: MemberMatch.Find(node, node.SwarmId ?? "", members))).ToList();
        var named = found.Select(pair => pair.Member?.ID).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. found.Select(pair =>
                pair.Member is null ? pair.Node : SwarmNodeMapper.Describe(pair.Node, pair.Member, pair.Node.SwarmId ?? "")
            ),
            .. members.Where(member => !named.Contains(member.ID)).Select(member => SwarmNodeMapper.Describe(member, "")),
        ];
    }
}
