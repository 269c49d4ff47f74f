using SwarmOps.Completion;
using SwarmOps.GeoDns.Definition;
using SwarmOps.Services;

namespace SwarmOps.GeoDns;

/// <summary>Completes the zones whose name servers run on a swarm.</summary>
public sealed class GeoDnsZoneCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        ServiceOutline.Groups(request, GeoDnsNames.ZoneLabel);
}
