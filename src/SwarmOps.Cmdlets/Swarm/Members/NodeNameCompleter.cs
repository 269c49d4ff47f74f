using SwarmOps.Completion;

namespace SwarmOps.Swarm.Members;

/// <summary>Completes the names of nodes of the set; asks no machine, since the nodes need not be members of a swarm.</summary>
public sealed class NodeNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        NodesAtHand.Of(request).Nodes.Select(node => new Candidate(node.Name, PromptMembers.Describe(node)));
}
