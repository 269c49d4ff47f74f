using SwarmOps.Completion;

namespace SwarmOps.Aws.Dns;

/// <summary>Completes the public hosted zones of an AWS account.</summary>
public sealed class HostedZoneCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        AccountZones.Read(request).Select(zone => new Candidate(zone.Name, zone.Id));
}
