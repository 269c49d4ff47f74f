using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Galera.Formation;

/// <summary>The data directories of a cluster on their hosts, looked at and made over SSH.</summary>
/// <param name="context">The stage that works.</param>
/// <param name="request">The cluster.</param>
/// <param name="throttleLimit">How many hosts are worked on at the same time.</param>
internal sealed class DataDirectories(IOperationContext context, GaleraRequest request, int throttleLimit)
{
    /// <summary>Looks at all of them; every one must be seen.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraDirectoryUnknown</c>; each host's own error is reported.</exception>
    public async Task<IReadOnlyList<DataDirectory>> LookAsync(IReadOnlyList<GaleraPlace> places)
    {
        var found = await NodeSet.ForEachAsync(context, [.. places.Select(place => place.Node)], throttleLimit, async node =>
        {
            var output = await RunAsync(node, "looking at the data directory", DataDirectoryScripts.Look(request.DataPath)).ConfigureAwait(false);
            return DataDirectory.Parse(places.First(place => place.Node == node), output);
        }).ConfigureAwait(false);
        var unseen = places.Where(place => found.All(directory => directory.Place != place)).Select(place => place.Node.Name).ToList();
        return unseen.Count == 0 ? found : throw GaleraErrors.GaleraDirectoryUnknown(unseen);
    }

    /// <summary>Looks at other hosts on which a cluster's data may lie; one whose engine is down is looked at all the same, where SSH answers.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="path">Where the data would be.</param>
    /// <returns>What was found, and the hosts that could not be looked at.</returns>
    public async Task<(IReadOnlyList<DataDirectory> Found, IReadOnlyList<string> Unseen)> LookElsewhereAsync(IReadOnlyList<SwarmNode> hosts, string path)
    {
        var found = await Throttle.ForEachAsync(hosts, throttleLimit, async node =>
        {
            var place = new GaleraPlace(node, node.Region, 0, "");
            try
            {
                return (place, Directory: DataDirectory.Parse(place, await RunAsync(node, "looking at the data directory", DataDirectoryScripts.Look(path)).ConfigureAwait(false)));
            }
            catch (SwarmOpsException error)
            {
                context.WriteVerbose($"{node.Name}: {error.Message}");
                return (place, Directory: (DataDirectory?)null);
            }
        }, context.CancellationToken).ConfigureAwait(false);
        return ([.. found.Select(look => look.Directory).OfType<DataDirectory>()], [.. found.Where(look => look.Directory is null).Select(look => look.place.Node.Name)]);
    }

    /// <summary>Makes those that are missing, after asking for each.</summary>
    /// <returns>Whether all are there now.</returns>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public async Task<bool> MakeAsync(IReadOnlyList<DataDirectory> directories)
    {
        var all = true;
        foreach (var directory in directories.Where(directory => !directory.Exists))
        {
            var node = directory.Place.Node;
            if (await context.ShouldProcessAsync(node.Name, $"make the directory {request.DataPath} (owner {request.DataOwner}, mode {request.DataMode})").ConfigureAwait(false))
                await RunAsync(node, "making the data directory", DataDirectoryScripts.Make(request.DataPath, request.DataOwner, request.DataMode)).ConfigureAwait(false);
            else
                all = false;
        }

        return all;
    }

    /// <summary>Lets a node found the cluster.</summary>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task MarkAsync(GaleraPlace place) => RunAsync(place.Node, "putting the marker", DataDirectoryScripts.Mark(request.DataPath));

    /// <summary>Takes a marker away that nothing needs any more.</summary>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task UnmarkAsync(GaleraPlace place) => RunAsync(place.Node, "removing the marker", DataDirectoryScripts.Unmark(request.DataPath));

    private Task<string> RunAsync(SwarmNode node, string what, string script) =>
        context.Connection(node).RunCheckedAsync(what, new NodeCommand(script) { AsRoot = true }, context.CancellationToken);
}
