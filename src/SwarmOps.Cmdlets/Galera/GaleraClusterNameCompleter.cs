using SwarmOps.Completion;
using SwarmOps.Services;

namespace SwarmOps.Galera;

/// <summary>Completes the names of a swarm's Galera clusters.</summary>
public sealed class GaleraClusterNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        ServiceOutline.Groups(request, GaleraNames.ClusterLabel);
}
