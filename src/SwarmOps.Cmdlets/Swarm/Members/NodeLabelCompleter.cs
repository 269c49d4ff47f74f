using SwarmOps.Completion;

namespace SwarmOps.Swarm.Members;

/// <summary>Completes the names of labels that a swarm's members have.</summary>
public sealed class NodeLabelCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        PromptMembers
            .Read(request)
            .SelectMany(node => node.Labels)
            .GroupBy(label => label.Key, label => label.Value, StringComparer.Ordinal)
            .Select(label => new Candidate(
                label.Key,
                string.Join(", ", label.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            ));
}
