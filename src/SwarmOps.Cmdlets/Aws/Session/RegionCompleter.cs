using SwarmOps.Completion;

namespace SwarmOps.Aws.Session;

/// <summary>Completes the AWS regions that the SDK knows, without network access.</summary>
public sealed class RegionCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        RegionNames.Known.Select(region => new Candidate(region.SystemName, region.DisplayName));
}
