using SwarmOps.Folders.State;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Folders.Formation;

/// <summary>Creates a shared folder, adds nodes to it that have no copy yet, and drops nodes that have left the swarm.</summary>
internal sealed class FormFolderOperation(IOperationContext context, FormFolderRequest request)
{
    private const int MostListed = 5;

    /// <summary>More are not compared name by name; that they differ is known from their hash.</summary>
    private const int MostCompared = 20_000;

    private FolderRequest Folder => request.Folder;

    /// <summary>Runs the operation and writes the folder to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="FolderErrors"/>, of services and the transport.</exception>
    public async Task RunAsync()
    {
        FolderRules.CheckName(Folder.Name);
        FolderRules.CheckPath(Folder.Path);
        ImageName.Normalize(Folder.Image);
        var swarm = await SwarmSession
            .FindAsync(context, request.Nodes, request.Options.ThrottleLimit, request.Options.Patience)
            .ConfigureAwait(false);
        swarm.ReportSilent();
        await RequireOverlayAsync(swarm).ConfigureAwait(false);
        var reader = new FolderReader(swarm, request.Options.ThrottleLimit) { FindsConflicts = false };
        var all = await reader.ServicesAsync().ConfigureAwait(false);
        IReadOnlyList<ServiceState> services = [.. all[Folder.Name]];
        RequireSame(services);
        var members = swarm.Nodes.ToLookup(node => node.NodeId is { } id && swarm.Members.ContainsKey(id));
        foreach (var stranger in members[false])
            context.WriteError(SwarmErrors.NodeNotInSwarm(stranger, swarm.SwarmId));
        var places = FolderPlacement.Decide(Folder.Name, [.. members[true]], services, swarm.Members);
        await RequireNamesAsync(swarm, places, services).ConfigureAwait(false);
        var plan = await PlanAsync(places, services, [.. all.Where(other => other.Key != Folder.Name).Select(Known)]).ConfigureAwait(false);
        await new FolderStart(context, Folder, request.Options, swarm, reader).RunAsync(plan, services).ConfigureAwait(false);
    }

    private static (string Name, string Path) Known(IGrouping<string, ServiceState> folder) =>
        (folder.Key, folder.First().Labels.GetValueOrDefault(FolderNames.PathLabel, ""));

    private async Task RequireOverlayAsync(SwarmSession swarm)
    {
        var networks = await swarm.ReadNetworksAsync().ConfigureAwait(false);
        if (
            !request.ExpectsOverlay
            && !networks.Any(network => network.Name == Folder.Overlay && network.Driver == "overlay" && network.Scope == "swarm")
        )
            throw FolderErrors.FolderOverlayNotFound(Folder.Overlay, swarm.SwarmId);
    }

    private void RequireSame(IReadOnlyList<ServiceState> services)
    {
        if (services.Count == 0)
            return;
        var labels = services[0].Labels;
        if (labels.GetValueOrDefault(FolderNames.PathLabel) is { } path && path != Folder.Path)
            throw FolderErrors.FolderSettingDiffers(Folder.Name, "-Path", path, Folder.Path);
        if (labels.GetValueOrDefault(FolderNames.OwnerLabel) is { } owner && Folder.Owner is { } wanted && owner != wanted.ToString())
            throw FolderErrors.FolderSettingDiffers(Folder.Name, "-Owner", owner, wanted.ToString());
    }

    private static async Task RequireNamesAsync(SwarmSession swarm, IReadOnlyList<FolderPlace> places, IReadOnlyList<ServiceState> own)
    {
        var all = await ServiceReader.ListAsync(swarm).ConfigureAwait(false);
        var foreign = all.Select(service => service.Name).Except(own.Select(service => service.Name)).ToHashSet(StringComparer.Ordinal);
        if (places.FirstOrDefault(place => foreign.Contains(place.Service)) is { } taken)
            throw FolderErrors.FolderServiceTaken(taken.Service);
    }

    /// <summary>Looks at the hosts and decides what each of them needs.</summary>
    private async Task<FolderPlan> PlanAsync(
        IReadOnlyList<FolderPlace> places,
        IReadOnlyList<ServiceState> services,
        IReadOnlyList<(string Name, string Path)> others
    )
    {
        var present = services.Select(FolderPlacement.NodeOf).ToHashSet(StringComparer.Ordinal);
        var seen = places.Where(place => place.Node is not null).ToList();
        if (places.Count < 2)
            throw FolderErrors.FolderTooFewNodes(Folder.Name, [.. places.Select(place => place.Name)]);
        var disks = new HostFolders(context, Folder.Name, Folder.Path, request.Options.ThrottleLimit);
        var hosts = await disks.LookAsync(seen, place => !present.Contains(place.NodeId)).ConfigureAwait(false);
        var kept = hosts.Where(host => present.Contains(host.Place.NodeId) && host.HasIndex).ToList();
        foreach (var host in kept)
            HostFolderRules.CheckKept(Folder.Name, Folder.Path, host);
        var joining = hosts.Except(kept).ToList();
        // The copies that are kept are compared with those that join, and give the size of what is to be copied.
        if (joining.Count > 0 && present.Count > 0)
        {
            var names = kept.Select(host => host.Place).ToHashSet();
            hosts = await disks.LookAsync(seen, _ => true).ConfigureAwait(false);
            (kept, joining) = ([.. hosts.Where(host => names.Contains(host.Place))], [.. hosts.Where(host => !names.Contains(host.Place))]);
        }

        return await DecideAsync(places, disks, kept, joining, services, others).ConfigureAwait(false);
    }

    private async Task<FolderPlan> DecideAsync(
        IReadOnlyList<FolderPlace> places,
        HostFolders disks,
        IReadOnlyList<HostFolder> kept,
        IReadOnlyList<HostFolder> joining,
        IReadOnlyList<ServiceState> services,
        IReadOnlyList<(string Name, string Path)> others
    )
    {
        foreach (var host in joining)
        {
            if (!IsUsable(host.Place.Node!))
                throw FolderErrors.FolderNodeNotUsable(host.Place.Name);
            HostFolderRules.CheckDirectory(Folder.Path, host);
            HostFolderRules.CheckNested(Folder.Name, [Folder.Path, host.Real], others);
        }

        var toHash = FolderSource.ToHash(kept, joining);
        var hashes = toHash.Count == 0 ? new Dictionary<FolderPlace, string>() : await disks.HashAsync(toHash).ConfigureAwait(false);
        var source = await SourceAsync(disks, kept, joining, hashes).ConfigureAwait(false);
        var staying = joining.Except(source.Aside).ToList();
        var known = services.Select(service => FolderOwner.Parse(service.Labels.GetValueOrDefault(FolderNames.OwnerLabel, "")));
        var owner = HostFolderRules.Owner(Folder.Path, Folder.Owner, known.OfType<FolderOwner>().FirstOrDefault(), staying, source.Source);
        foreach (var host in joining)
            HostFolderRules.CheckSpace(Folder.Path, host, source.Source, staying.Contains(host) && host.Files > 0);
        return new FolderPlan(places, joining, source, owner, disks);
    }

    private async Task<FolderSource> SourceAsync(
        HostFolders disks,
        IReadOnlyList<HostFolder> kept,
        IReadOnlyList<HostFolder> joining,
        IReadOnlyDictionary<FolderPlace, string> hashes
    )
    {
        try
        {
            return FolderSource.Decide(Folder.Path, kept, joining, hashes, Folder.From);
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(FolderErrors.FolderContentDiffers))
        {
            var lists = await disks
                .ForEachAsync(
                    [.. kept.Concat(joining).Where(host => host.Files > 0).Select(host => host.Place)],
                    async place => (place.Name, Files: await disks.ListAsync(place, MostCompared).ConfigureAwait(false))
                )
                .ConfigureAwait(false);
            throw FolderErrors.FolderContentDiffers(error, FolderDifferences.List([.. lists], MostListed));
        }
    }

    private static bool IsUsable(SwarmNode node) =>
        node is { Availability: null or SwarmNodeAvailability.Active, State: null or SwarmNodeState.Ready };
}
