using SwarmOps.Completion;
using SwarmOps.Services;
using SwarmOps.Stacks.Specification;

namespace SwarmOps.Stacks;

/// <summary>Completes the names of a swarm's stacks.</summary>
public sealed class StackNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        ServiceOutline.Groups(request, StackNames.StackLabel);
}
