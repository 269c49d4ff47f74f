using SwarmOps.Completion;

namespace SwarmOps.Services;

/// <summary>Completes the names of environment variables of the services that are named in <c>-Name</c>.</summary>
public sealed class EnvironmentNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        ServiceOutline
            .Read(request, "Name")
            .SelectMany(service => service.Environment.Select(variable => (Variable: variable, service.Name)))
            .GroupBy(use => use.Variable, use => use.Name, StringComparer.Ordinal)
            .Select(variable => new Candidate(variable.Key, $"of {string.Join(", ", variable)}"));
}
