using SwarmOps.Completion;
using SwarmOps.Monitoring.Definition;
using SwarmOps.Services;

namespace SwarmOps.Monitoring;

/// <summary>Completes the names of a swarm's monitoring.</summary>
public sealed class MonitoringNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        ServiceOutline.Groups(request, MonitoringNames.NameLabel);
}
