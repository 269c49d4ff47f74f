using SwarmOps.Galera.Formation;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Galera.Removal;

/// <summary>Deletes data directories on their hosts, after checking that each contains a database.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="throttleLimit">How many hosts are processed at the same time.</param>
internal sealed class DataRemoval(IOperationContext context, int throttleLimit)
{
    /// <summary>A stopping container has two minutes, and deleting a large database takes a while.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Inspects all of them before anything is removed.</summary>
    /// <returns>The existing directories, each with its size in kilobytes.</returns>
    /// <exception cref="SwarmOpsException"><c>GaleraDataOutOfReach</c>, <c>GaleraDataUnlike</c>, <c>GaleraDataPathInvalid</c>.</exception>
    public async Task<IReadOnlyList<FoundData>> LookAsync(IReadOnlyList<DataPlace> places, IReadOnlyList<SwarmNode> nodes)
    {
        foreach (var place in places)
            GaleraRules.CheckDataPath(place.Path);
        var absent = places.Where(place => nodes.All(node => node.Name != place.Node)).Select(place => place.Node).ToList();
        if (absent.Count > 0)
            throw GaleraErrors.GaleraDataOutOfReach(absent);
        var hosts = places.Select(place => nodes.First(node => node.Name == place.Node)).ToList();
        var found = await NodeSet
            .ForEachAsync(
                context,
                hosts,
                throttleLimit,
                async node =>
                {
                    var path = places.First(place => place.Node == node.Name).Path;
                    return FoundData.Parse(
                        node,
                        path,
                        await RunAsync(node, "inspecting the data directory", DataDirectoryScripts.Weigh(path)).ConfigureAwait(false)
                    );
                }
            )
            .ConfigureAwait(false);
        var unseen = hosts.Where(host => found.All(directory => directory.Node != host)).Select(host => host.Name).ToList();
        if (unseen.Count > 0)
            throw GaleraErrors.GaleraDataOutOfReach(unseen);
        if (found.FirstOrDefault(directory => directory.IsForeign) is { } foreign)
            throw GaleraErrors.GaleraDataUnlike(foreign.Node, foreign.Path);
        return [.. found.Where(directory => directory.Exists)];
    }

    /// <summary>Deletes them, after confirmation for each. A failure is reported and the remaining ones are still deleted.</summary>
    /// <returns>Whether all were deleted.</returns>
    public async Task<bool> RemoveAsync(IReadOnlyList<FoundData> directories)
    {
        var all = true;
        foreach (var directory in directories)
        {
            if (
                !await context
                    .ShouldProcessAsync(directory.Node.Name, $"Delete the database in {directory.Path} ({directory.Kilobytes / 1024} MiB)")
                    .ConfigureAwait(false)
            )
            {
                all = false;
                continue;
            }

            var gone = await NodeSet
                .ForEachAsync(
                    context,
                    [directory.Node],
                    1,
                    node => RunAsync(node, "deleting the data directory", DataDirectoryScripts.Remove(directory.Path))
                )
                .ConfigureAwait(false);
            all &= gone.Count == 1;
        }

        return all;
    }

    private Task<string> RunAsync(SwarmNode node, string what, string script) =>
        context
            .Connection(node)
            .RunCheckedAsync(what, new NodeCommand(script) { AsRoot = true, Timeout = Patience }, context.CancellationToken);
}
