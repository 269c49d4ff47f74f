using SwarmOps.Completion;

namespace SwarmOps.Aws.Dns;

/// <summary>Completes the names in a hosted zone that answer with nodes of an edge service.</summary>
public sealed class DnsRecordNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        AccountZones.Names(request).Select(name => new Candidate(name));
}
