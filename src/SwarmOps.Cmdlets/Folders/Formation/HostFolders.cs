using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Folders.Formation;

/// <summary>Inspects and prepares the directories of a folder on its hosts.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="folder">Name of the folder.</param>
/// <param name="path">The directory.</param>
/// <param name="throttleLimit">How many hosts are processed at the same time.</param>
internal sealed class HostFolders(IOperationContext context, string folder, string path, int throttleLimit)
{
    /// <summary>Many small files on a slow disk take this long to count; to read a large folder whole takes longer.</summary>
    private static readonly TimeSpan LookLimit = TimeSpan.FromMinutes(10),
        HashLimit = TimeSpan.FromHours(6);

    /// <summary>Inspects directories. A host's own error is reported.</summary>
    /// <param name="places">Their places; each has its node.</param>
    /// <param name="isContentWanted">Whether the files of a place are counted and searched.</param>
    /// <exception cref="SwarmOpsException"><c>FolderDirectoryUnknown</c>.</exception>
    public async Task<IReadOnlyList<HostFolder>> LookAsync(IReadOnlyList<FolderPlace> places, Func<FolderPlace, bool> isContentWanted)
    {
        var found = await ForEachAsync(
                places,
                async place =>
                    HostFolder.Parse(
                        place,
                        await RunAsync(
                                place,
                                "inspecting the folder",
                                HostFolderScripts.Look(folder, path, isContentWanted(place)),
                                LookLimit
                            )
                            .ConfigureAwait(false)
                    )
            )
            .ConfigureAwait(false);
        var unseen = places.Where(place => found.All(seen => seen.Place != place)).Select(place => place.Name).ToList();
        return unseen.Count == 0 ? found : throw FolderErrors.FolderDirectoryUnknown(path, unseen);
    }

    /// <summary>The hash of all files of each place. All must be readable.</summary>
    /// <exception cref="SwarmOpsException"><c>FolderDirectoryUnknown</c>.</exception>
    public async Task<IReadOnlyDictionary<FolderPlace, string>> HashAsync(IReadOnlyList<FolderPlace> places)
    {
        var hashes = await ForEachAsync(
                places,
                async place =>
                    (
                        Place: place,
                        Hash: (
                            await RunAsync(place, "comparing the files", HostFolderScripts.Hash(path), HashLimit).ConfigureAwait(false)
                        ).Trim()
                    )
            )
            .ConfigureAwait(false);
        var unseen = places.Where(place => hashes.All(seen => seen.Place != place)).Select(place => place.Name).ToList();
        return unseen.Count == 0
            ? hashes.ToDictionary(hash => hash.Place, hash => hash.Hash)
            : throw FolderErrors.FolderDirectoryUnknown(path, unseen);
    }

    /// <summary>The files of a place, each as size and name; none if they cannot be listed, since they are only shown.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(FolderPlace place, int most)
    {
        try
        {
            var output = await RunAsync(place, "listing the files", HostFolderScripts.List(path, most), LookLimit).ConfigureAwait(false);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (SwarmOpsException error)
        {
            context.WriteVerbose($"{place.Name}: {error.Message}");
            return [];
        }
    }

    /// <summary>Moves the files of a place aside.</summary>
    /// <returns>The directory that has them now.</returns>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public async Task<string> SetAsideAsync(FolderPlace place) =>
        (await RunAsync(place, "moving the files aside", HostFolderScripts.SetAside(path), LookLimit).ConfigureAwait(false)).Trim();

    /// <summary>Creates the directories of a place that are missing.</summary>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task PrepareAsync(FolderPlace place, FolderOwner owner) =>
        RunAsync(place, "preparing the folder", HostFolderScripts.Prepare(folder, path, owner), LookLimit);

    /// <summary>Removes Syncthing's own files of a place; the folder's files stay.</summary>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task CleanUpAsync(FolderPlace place) =>
        RunAsync(place, "removing Syncthing's files", HostFolderScripts.CleanUp(folder, path), LookLimit);

    /// <summary>Runs an action on each place's node; an error is reported, and the others continue.</summary>
    public Task<IReadOnlyList<T>> ForEachAsync<T>(IReadOnlyList<FolderPlace> places, Func<FolderPlace, Task<T>> action) =>
        NodeSet.ForEachAsync(
            context,
            [.. places.Select(place => place.Node).OfType<SwarmNode>()],
            throttleLimit,
            node => action(places.First(place => ReferenceEquals(place.Node, node)))
        );

    private Task<string> RunAsync(FolderPlace place, string what, string script, TimeSpan limit) =>
        context
            .Connection(place.Node!)
            .RunCheckedAsync(what, new NodeCommand(script) { AsRoot = true, Timeout = limit }, context.CancellationToken);
}
