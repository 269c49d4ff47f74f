using SwarmOps.Completion;

namespace SwarmOps.Services;

/// <summary>Completes the names of a swarm's services.</summary>
public sealed class ServiceNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        ServiceOutline.Read(request).Select(service => new Candidate(service.Name, service.Describe()));
}
