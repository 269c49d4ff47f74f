using SwarmOps.Completion;

namespace SwarmOps.Services;

/// <summary>Completes the names of labels of the services that are named in <c>-Name</c>.</summary>
public sealed class ServiceLabelCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        ServiceOutline
            .Read(request, "Name")
            .SelectMany(service => service.Labels.Select(label => (label.Key, Text: $"{service.Name}: {label.Value}")))
            .GroupBy(label => label.Key, label => label.Text, StringComparer.Ordinal)
            .Select(label => new Candidate(label.Key, string.Join(", ", label)));
}
