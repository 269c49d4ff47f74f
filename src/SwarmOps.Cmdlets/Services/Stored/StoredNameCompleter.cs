using System.Globalization;
using SwarmOps.Completion;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Services.Stored;

/// <summary>Completes the names of what a swarm stores for services; no value is read into memory for longer than the list takes.</summary>
public abstract class StoredNameCompleter : NameCompleter
{
    /// <summary>Secrets or configs.</summary>
    private protected abstract StoredKind Kind { get; }

    /// <inheritdoc/>
    private protected sealed override IEnumerable<Candidate> Find(CompletionRequest request) =>
        PromptManager.Recall(
            NodesAtHand.Of(request),
            Kind.Path,
            async (manager, token) => Candidates(await StoredItems.ListAsync(manager, Kind, token).ConfigureAwait(false))
        ) ?? [];

    private static List<Candidate> Candidates(IEnumerable<StoredItem> items) =>
        [
            .. items
                .GroupBy(item => item.Name, StringComparer.Ordinal)
                .Select(versions => new Candidate(
                    versions.Key,
                    string.Create(CultureInfo.InvariantCulture, $"version {versions.Max(item => item.Version)}")
                )),
        ];
}
