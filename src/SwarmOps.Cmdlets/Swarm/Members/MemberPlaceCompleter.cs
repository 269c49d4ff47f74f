using SwarmOps.Completion;

namespace SwarmOps.Swarm.Members;

/// <summary>Completes the regions of a swarm's members and their names, where either is asked for.</summary>
public sealed class MemberPlaceCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request)
    {
        var nodes = PromptMembers.Read(request);
        return
        [
            .. LabelledPlaces.Of(nodes, node => node.Region),
            .. nodes.Select(node => new Candidate(node.Name, PromptMembers.Describe(node))),
        ];
    }
}
