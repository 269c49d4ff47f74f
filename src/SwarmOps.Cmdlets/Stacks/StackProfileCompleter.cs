using SwarmOps.Completion;
using SwarmOps.Stacks.Building;
using SwarmOps.Stacks.Reading;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks;

/// <summary>Completes the profiles that the Compose files of the line have. What they include is not read.</summary>
public sealed class StackProfileCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        request
            .Texts("Path")
            .SelectMany(path => Profiles(request.Session?.Path.GetUnresolvedProviderPathFromPSPath(path) ?? path))
            .GroupBy(use => use.Profile, use => use.Service, StringComparer.Ordinal)
            .Select(profile => new Candidate(profile.Key, $"of {string.Join(", ", profile.Distinct())}"));

    private static IEnumerable<(string Profile, string Service)> Profiles(string path) =>
        // A file that cannot be read now says so when the line runs.
        File.Exists(path)
        && YamlReader.Read(new DiskFiles().ReadText(path, YamlReader.MostCharacters), new SourceFile(path, ""), new StackProblems())
            is YamlMapping root
            ? new Fields(root)
                .Entries("services")
                .Where(service => service.Value is YamlMapping)
                .SelectMany(service => new Fields((YamlMapping)service.Value).Texts("profiles").Select(profile => (profile, service.Key)))
            : [];
}
