using System.Collections.Concurrent;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Model;

namespace SwarmOps.Stacks.Planning;

/// <summary>
/// What a cmdlet has found out for good: hashes, which are slow for secrets, and digests of images. Its work starts over once it holds the swarm's lock, and what it deploys
/// then is what it asked for.
/// </summary>
internal sealed class StackFacts
{
    private readonly ConcurrentDictionary<string, Task<string>> names = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Name, string? Login), PlannedImage> images = new();

    /// <summary>The name of a secret or config with its hash, as <see cref="ContentName.Of"/> makes it.</summary>
    public Task<string> NameAsync(
        StoredKind kind,
        string name,
        StackFileObject file,
        IReadOnlyDictionary<string, string?> labels,
        string swarmId
    ) =>
        // On threads of their own: those of the pool receive the engines' answers meanwhile.
        names.GetOrAdd(
            ContentName.Digest(kind, name, file, labels, swarmId),
            _ =>
                kind.IsSecret
                    ? Task.Factory.StartNew(
                        () => ContentName.Of(kind, name, file, labels, swarmId),
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                    : Task.FromResult(ContentName.Of(kind, name, file, labels, swarmId))
        );

    /// <summary>An image that a registry has described; null if none was asked, or none returned a digest.</summary>
    public PlannedImage? Image(string name, string? login) => images.GetValueOrDefault((name, login));

    /// <summary>Keeps an image that a registry has described.</summary>
    public void Keep(PlannedImage image)
    {
        if (image.Pinned is not null)
            images[(image.Name, image.Login)] = image;
    }
}
