using SwarmOps.Completion;
using SwarmOps.Services;

namespace SwarmOps.Folders;

/// <summary>Completes the names of a swarm's shared folders.</summary>
public sealed class FolderNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        ServiceOutline.Groups(request, FolderNames.FolderLabel);
}
