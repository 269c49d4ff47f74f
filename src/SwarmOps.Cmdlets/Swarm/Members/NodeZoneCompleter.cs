using SwarmOps.Completion;

namespace SwarmOps.Swarm.Members;

/// <summary>Completes the zones of a swarm's members.</summary>
public sealed class NodeZoneCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        LabelledPlaces.Of(PromptMembers.Read(request), node => node.Zone);
}
