using SwarmOps.Folders.Formation;
using SwarmOps.Folders.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Folders.Removal;

/// <summary>Removes a shared folder's services, identities and settings, and Syncthing's own files on the hosts. All files of the folder stay. Running it again completes an interrupted run.</summary>
internal sealed class RemoveFolderOperation(IOperationContext context, RemoveOneRequest request)
{
    private string Name => request.Name;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException"><c>FolderNotFound</c>, those of services and the transport.</exception>
    public async Task RunAsync()
    {
        FolderRules.CheckName(Name);
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        var reader = new FolderReader(swarm, request.Options.ThrottleLimit);
        IReadOnlyList<ServiceState> services = [.. (await reader.ServicesAsync().ConfigureAwait(false))[Name]];
        var secrets = await StoredAsync(swarm, StoredKind.Secret).ConfigureAwait(false);
        var configs = await StoredAsync(swarm, StoredKind.Config).ConfigureAwait(false);
        var settings = configs.Where(config => config.Name == FolderNames.Settings(Name)).ToList();
        if (services.Count == 0 && secrets.Count == 0 && settings.Count == 0)
            throw FolderErrors.FolderNotFound(Name, swarm.SwarmId);
        var path = services
            .Select(service => service.Labels.GetValueOrDefault(FolderNames.PathLabel))
            .Concat(settings.Select(config => config.Labels.GetValueOrDefault(FolderNames.PathLabel)))
            .FirstOrDefault(found => found is not null);
        var places = Places(swarm, services, secrets);
        if (
            !await context
                .ShouldProcessAsync(
                    $"swarm {swarm.SwarmId}",
                    $"Remove the shared folder '{Name}' on {string.Join(", ", places.Select(place => place.Name))}: the copies are no longer kept alike, and all files stay"
                )
                .ConfigureAwait(false)
        )
            return;
        await Task.WhenAll(services.Select(new ServiceRemoval(context, swarm, request.Options).RunReportedAsync)).ConfigureAwait(false);
        if (path is not null)
            await CleanUpAsync(places, path).ConfigureAwait(false);
        // The identities first: they tell a later run where copies were. The start script stays where another folder uses it.
        await StoredCleaning.RemoveUnusedAsync(swarm, [.. secrets, .. configs], asks: false).ConfigureAwait(false);
    }

    /// <summary>Where copies were: the identities tell it after an interrupted run has removed the services.</summary>
    private static IReadOnlyList<FolderPlace> Places(
        SwarmSession swarm,
        IReadOnlyList<ServiceState> services,
        IReadOnlyList<StoredItem> secrets
    )
    {
        var ids = services
            .Select(FolderPlacement.NodeOf)
            .Concat(secrets.Select(secret => secret.Labels.GetValueOrDefault(FolderNames.NodeLabel)))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);
        return
        [
            .. ids.Select(id => new FolderPlace(
                id,
                swarm.Place(id)?.Name ?? id,
                "",
                swarm.Nodes.FirstOrDefault(node => node.NodeId == id)
            )),
        ];
    }

    private async Task<IReadOnlyList<StoredItem>> StoredAsync(SwarmSession swarm, StoredKind kind) =>
        [
            .. (await StoredItems.ListAsync(swarm.Manager, kind, context.CancellationToken).ConfigureAwait(false)).Where(item =>
                item.Labels.GetValueOrDefault(FolderNames.FolderLabel) == Name
            ),
        ];

    /// <summary>What is left on a host that cannot be asked now does no harm: a new folder of this name begins with an empty index.</summary>
    private async Task CleanUpAsync(IReadOnlyList<FolderPlace> places, string path)
    {
        FolderRules.CheckPath(path);
        foreach (var place in places.Where(place => place.Node is null))
            context.WriteWarning(
                $"Syncthing's own files on '{place.Name}' were not removed, because it does not answer or is not in the node set: {FolderNames.StatePath(Name)}, and {FolderNames.Marker} in {path}."
            );
        var disks = new HostFolders(context, Name, path, request.Options.ThrottleLimit);
        await disks
            .ForEachAsync(
                [.. places.Where(place => place.Node is not null)],
                async place =>
                {
                    await disks.CleanUpAsync(place).ConfigureAwait(false);
                    return place;
                }
            )
            .ConfigureAwait(false);
    }
}
