using SwarmOps.Folders.Formation;
using SwarmOps.Folders.State;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Folders.Proof;

/// <summary>Tests shared folders with a file of each node on every other.</summary>
internal sealed class TestFolderOperation(IOperationContext context, TestFolderRequest request)
{
    /// <summary>Runs the operation.</summary>
    /// <returns>Every pair of copies of each folder.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<SwarmSharedFolderPath>> RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var reader = new FolderReader(swarm, request.ThrottleLimit);
        var folders = await reader.ServicesAsync().ConfigureAwait(false);
        var paths = new List<SwarmSharedFolderPath>();
        foreach (var name in request.Names.Distinct(StringComparer.Ordinal))
        {
            if (folders.Contains(name))
                paths.AddRange(await TestAsync(swarm, reader, name, [.. folders[name]]).ConfigureAwait(false));
            else
                context.WriteError(FolderErrors.FolderNotFound(name, swarm.SwarmId));
        }

        return paths;
    }

    private async Task<IEnumerable<SwarmSharedFolderPath>> TestAsync(
        SwarmSession swarm,
        FolderReader reader,
        string name,
        IReadOnlyList<ServiceState> services
    )
    {
        context.WriteProgress(new OperationProgress(0, "Test-SwarmSharedFolder", $"Waiting for the test files of '{name}'"));
        var containers = await reader.ContainersAsync(services).ConfigureAwait(false);
        var tested = await new CanaryProof(context, name, containers).RunAsync(request.Bytes, request.Timeout).ConfigureAwait(false);
        return tested
            .Concat(Untested(swarm, name, services, containers))
            .OrderBy(path => path.From, StringComparer.Ordinal)
            .ThenBy(path => path.To, StringComparer.Ordinal);
    }

    /// <summary>The pairs with a copy that does not run or whose node was not asked: they are no success.</summary>
    private static IEnumerable<SwarmSharedFolderPath> Untested(
        SwarmSession swarm,
        string folder,
        IReadOnlyList<ServiceState> services,
        IReadOnlyList<FolderContainer> containers
    )
    {
        var all = services
            .Select(service =>
                (Service: service.Name, Place: swarm.Place(FolderPlacement.NodeOf(service)) ?? new SwarmPlace(service.Name, null))
            )
            .ToList();
        var absent = all.Where(copy => containers.All(container => container.Service != copy.Service)).ToList();
        foreach (var (from, to) in all.SelectMany(from => all.Where(to => to != from).Select(to => (from, to))))
        {
            var missing = absent.Contains(from) ? from : to;
            if (!absent.Contains(missing))
                continue;
            yield return new SwarmSharedFolderPath
            {
                Folder = folder,
                From = from.Place.Name,
                FromRegion = from.Place.Region,
                To = to.Place.Name,
                ToRegion = to.Place.Region,
                Result = FindingResult.NotTested,
                Detail = $"the copy on '{missing.Place.Name}' does not run, or its node is not in the node set",
                RecommendedAction = $"Pass all nodes of the folder; see Get-SwarmSharedFolder -Name {folder}.",
            };
        }
    }
}
