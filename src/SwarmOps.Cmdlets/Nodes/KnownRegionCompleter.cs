using SwarmOps.Completion;

namespace SwarmOps.Nodes;

/// <summary>Completes the regions of the nodes that the session worked with last; asks no machine.</summary>
public sealed class KnownRegionCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        LabelledPlaces.Of(NodesAtHand.Of(request).Nodes, node => node.Region);
}
