using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Galera.Formation;

/// <summary>Inspects and creates the data directories of a cluster on its hosts, over SSH.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="request">The cluster.</param>
/// <param name="throttleLimit">How many hosts are processed at the same time.</param>
internal sealed class DataDirectories(IOperationContext context, GaleraRequest request, int throttleLimit)
{
    /// <summary>Inspects all of them; every one must be readable.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraDirectoryUnknown</c>; each host's own error is reported.</exception>
    public async Task<IReadOnlyList<DataDirectory>> LookAsync(IReadOnlyList<GaleraPlace> places)
    {
        var found = await NodeSet
            .ForEachAsync(
                context,
                [.. places.Select(place => place.Node)],
                throttleLimit,
                async node =>
                {
                    var output = await RunAsync(node, "inspecting the data directory", DataDirectoryScripts.Look(request.DataPath))
                        .ConfigureAwait(false);
                    return DataDirectory.Parse(places.First(place => place.Node == node), output);
                }
            )
            .ConfigureAwait(false);
        var unseen = places.Where(place => found.All(directory => directory.Place != place)).Select(place => place.Node.Name).ToList();
        return unseen.Count == 0 ? found : throw GaleraErrors.GaleraDirectoryUnknown(unseen);
    }

    /// <summary>Inspects other hosts that may hold the cluster's data, including those whose engine is down but whose SSH server answers.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="path">The data directory's path.</param>
    /// <returns>The directories found, and the hosts that could not be inspected.</returns>
    public async Task<(IReadOnlyList<DataDirectory> Found, IReadOnlyList<string> Unseen)> LookElsewhereAsync(
        IReadOnlyList<SwarmNode> hosts,
        string path
    )
    {
        var found = await Throttle
            .ForEachAsync(
                hosts,
                throttleLimit,
                async node =>
                {
                    var place = new GaleraPlace(node, node.Region, 0, "");
                    try
                    {
                        return (
                            place,
                            Directory: DataDirectory.Parse(
                                place,
                                await RunAsync(node, "inspecting the data directory", DataDirectoryScripts.Look(path)).ConfigureAwait(false)
                            )
                        );
                    }
                    catch (SwarmOpsException error)
                    {
                        context.WriteVerbose($"{node.Name}: {error.Message}");
                        return (place, Directory: (DataDirectory?)null);
                    }
                },
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return (
            [.. found.Select(look => look.Directory).OfType<DataDirectory>()],
            [.. found.Where(look => look.Directory is null).Select(look => look.place.Node.Name)]
        );
    }

    /// <summary>Creates missing directories, after confirmation for each.</summary>
    /// <returns>Whether all exist now.</returns>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public async Task<bool> MakeAsync(IReadOnlyList<DataDirectory> directories)
    {
        var all = true;
        foreach (var directory in directories.Where(directory => !directory.Exists))
        {
            var node = directory.Place.Node;
            if (
                await context
                    .ShouldProcessAsync(
                        node.Name,
                        $"Create the directory {request.DataPath} (owner {request.DataOwner}, mode {request.DataMode})"
                    )
                    .ConfigureAwait(false)
            )
                await RunAsync(
                        node,
                        "creating the data directory",
                        DataDirectoryScripts.Make(request.DataPath, request.DataOwner, request.DataMode)
                    )
                    .ConfigureAwait(false);
            else
                all = false;
        }

        return all;
    }

    /// <summary>Writes the bootstrap marker on a node.</summary>
    /// <param name="place">The node.</param>
    /// <param name="backup">Checksum of the backup that its data were restored from; null for other data.</param>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task MarkAsync(GaleraPlace place, string? backup = null) =>
        RunAsync(place.Node, "writing the bootstrap marker", DataDirectoryScripts.Mark(request.DataPath, backup: backup));

    /// <summary>Removes a bootstrap marker that is no longer needed.</summary>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task UnmarkAsync(GaleraPlace place) =>
        RunAsync(place.Node, "removing the bootstrap marker", DataDirectoryScripts.Unmark(request.DataPath));

    private Task<string> RunAsync(SwarmNode node, string what, string script) =>
        context.Connection(node).RunCheckedAsync(what, new NodeCommand(script) { AsRoot = true }, context.CancellationToken);
}
