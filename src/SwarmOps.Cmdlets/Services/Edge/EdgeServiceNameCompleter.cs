using SwarmOps.Completion;

namespace SwarmOps.Services.Edge;

/// <summary>Completes the names of a swarm's edge services, over all regions.</summary>
public sealed class EdgeServiceNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        ServiceOutline.Groups(request, EdgeRules.NameLabel);
}
