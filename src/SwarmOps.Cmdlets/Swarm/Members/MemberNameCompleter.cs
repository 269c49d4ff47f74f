using SwarmOps.Completion;

namespace SwarmOps.Swarm.Members;

/// <summary>Completes the names of a swarm's members.</summary>
public sealed class MemberNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        PromptMembers.Read(request).Select(node => new Candidate(node.Name, PromptMembers.Describe(node)));
}
