using SwarmOps.Completion;

namespace SwarmOps.Aws;

/// <summary>Completes the AWS regions that the SDK knows; asks no machine.</summary>
public sealed class RegionCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        RegionNames.Known.Select(region => new Candidate(region.SystemName, region.DisplayName));
}
