using SwarmOps.Completion;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Services;

/// <summary>Completes placement constraints that some member of the swarm meets: roles, host names, labels.</summary>
public sealed class PlacementConstraintCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        PromptMembers
            .Read(request)
            .SelectMany(node => Constraints(node).Select(constraint => (Constraint: constraint, node.Name)))
            .GroupBy(met => met.Constraint, met => met.Name, StringComparer.Ordinal)
            .Select(constraint => new Candidate(constraint.Key, string.Join(", ", constraint)));

    private static IEnumerable<string> Constraints(SwarmNode node)
    {
        if (node.Role is { } role)
            yield return $"node.role=={role.ToString().ToLowerInvariant()}";
        if (!string.IsNullOrEmpty(node.Hostname))
            yield return $"node.hostname=={node.Hostname}";
        foreach (var (key, value) in node.Labels.Where(label => label.Value.Length > 0))
            yield return $"node.labels.{key}=={value}";
    }
}
