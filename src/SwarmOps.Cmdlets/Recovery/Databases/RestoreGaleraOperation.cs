using System.Globalization;
using SwarmOps.Galera;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.Repair;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Store;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Recovery.Databases;

/// <summary>
/// Restores a database on one host, which gets the bootstrap marker, and lets the services of its cluster form it again; the other nodes receive it by state transfer. Nothing is
/// restored beside data that runs, or may run.
/// </summary>
internal sealed class RestoreGaleraOperation(IOperationContext context, RestoreGaleraRequest request)
{
    private const string Activity = "Restore-GaleraCluster";

    /// <summary>Runs it and emits the cluster, if it has services.</summary>
    public async Task RunAsync()
    {
        GaleraRules.CheckName(request.Cluster);
        var swarm = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        var reader = new GaleraReader(swarm, request.ThrottleLimit);
        var services = await ServicesAsync(reader).ConfigureAwait(false);
        var (store, file) = await request
            .Place.FindDatabaseAsync(request.Cluster, swarm.SwarmId, context.CancellationToken)
            .ConfigureAwait(false);
        using (store)
        {
            var record = await ReadRecordAsync(store, file).ConfigureAwait(false);
            var isRunning = await IsRunningAsync(reader, services, file).ConfigureAwait(false);
            var hosts = RestoreHosts.Find(request.Cluster, services, swarm.Nodes);
            var founder = RestoreHosts.Founder(hosts, swarm.Nodes, request.On, record.Node);
            if (!isRunning && !await SeedAsync(swarm, store, file, record, services, hosts, founder).ConfigureAwait(false))
                return;
            await FormAsync(swarm, reader, file, hosts, founder).ConfigureAwait(false);
        }

        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
    }

    private async Task<IReadOnlyList<ServiceState>> ServicesAsync(GaleraReader reader) =>
        [.. (await reader.ServicesAsync().ConfigureAwait(false))[request.Cluster]];

    private async Task<DatabaseRecord> ReadRecordAsync(IBackupStore store, string file)
    {
        context.WriteProgress(new OperationProgress(0, Activity, $"Reading {file}"));
        var source = await store.OpenAsync(file, context.CancellationToken).ConfigureAwait(false);
        await using var _ = source.ConfigureAwait(false);
        var record = await DatabaseFile.ReadRecordAsync(source, request.Passphrase, file, context.CancellationToken).ConfigureAwait(false);
        context.WriteVerbose(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{file}: cluster '{record.Cluster}' at {record.CreatedAt:u}, {record.Uuid}:{record.Seqno}, MariaDB {record.ServerVersion}"
            )
        );
        if (record.Cluster != request.Cluster)
            context.WriteWarning($"{file} is a backup of the cluster '{record.Cluster}', and is restored as '{request.Cluster}'.");
        if (!record.IsTried)
            context.WriteWarning($"{file} was never prepared as a trial (-SkipTrial).");
        return record;
    }

    /// <summary>Whether the cluster runs with this backup already: an earlier run put it in place. A server that cannot be asked may have newer data.</summary>
    private async Task<bool> IsRunningAsync(GaleraReader reader, IReadOnlyList<ServiceState> services, string file)
    {
        if (services.Count == 0)
            return false;
        var cluster = await reader.ReadAsync(request.Cluster, services).ConfigureAwait(false);
        var running = cluster.GaleraNodes.Where(node => node.ClusterStatus is not null || ClusterWatch.MayTakePart(node)).ToList();
        if (running.Count == 0)
            return false;
        if (services.Any(service => service.Labels.GetValueOrDefault(ServiceAdoption.RestoredLabel) != file))
            throw DatabaseErrors.DatabaseIsRunning(request.Cluster, [.. running.Select(node => $"{node.Node} is {node.State}")]);
        context.WriteWarning(
            $"An earlier run restored '{request.Cluster}' from {file}, and it runs, so its data was not touched. This run completes the cluster."
        );
        return true;
    }

    /// <summary>Puts the database on one host. An earlier run may have: its marker is there then, and names this backup. Data with another marker are not from it.</summary>
    /// <returns>False under -WhatIf, or when the user does not want to go on.</returns>
    private async Task<bool> SeedAsync(
        SwarmSession swarm,
        IBackupStore store,
        string file,
        DatabaseRecord record,
        IReadOnlyList<ServiceState> services,
        IReadOnlyList<RestoreHost> hosts,
        SwarmNode founder
    )
    {
        var path = Path(services, record);
        var image =
            services.FirstOrDefault(service => !hosts.Any(host => host.IsArbitrator && host.Service == service))?.Image ?? record.Image;
        var disks = new DataDirectories(context, Wanted(services, path, image), request.ThrottleLimit);
        // Without services any node may have been one of the cluster, and what is on its disk would keep the cluster from forming.
        var holders = hosts.Count > 0 ? hosts.Where(host => !host.IsArbitrator).Select(host => host.Node) : swarm.Nodes;
        var places = holders.Select(node => new GaleraPlace(node, node.Region, 0, "")).ToList();
        var directories = await disks.LookAsync(places).ConfigureAwait(false);
        if (directories.FirstOrDefault(directory => directory.Unmounted is not null) is { } hidden)
            throw GaleraErrors.GaleraMountMissing(hidden.Place.Node, path, hidden.Unmounted!);
        var needed = hosts.Count > 0 ? directories : [.. directories.Where(directory => directory.Place.Node == founder)];
        if (needed.FirstOrDefault(directory => directory.Trouble is not null) is { } unfit)
            throw GaleraErrors.GaleraDirectoryUnfit(unfit.Place.Node, path, unfit.Trouble!);
        var seeded = directories.FirstOrDefault(directory =>
            directory is { IsEmpty: false, HasMarker: true, IsMarkerStale: false } && directory.Backup == record.StreamSha256
        );
        if (seeded?.Place.Node == founder && directories.All(directory => directory == seeded || directory.IsEmpty))
            return true;
        var present = directories.Where(directory => !directory.IsEmpty || directory.HasMarker).ToList();
        if (present.Count > 0 && !request.Force)
            throw DatabaseErrors.DatabaseDataPresent(request.Cluster, [.. present.Select(directory => directory.ToString())]);
        var aside =
            present.Count == 0 ? "" : $"; what is there on {string.Join(", ", present.Select(one => one.Place.Node.Name))} is moved aside";
        var action = string.Create(
            CultureInfo.InvariantCulture,
            $"Restore the database of '{request.Cluster}' as of {record.CreatedAt:u} (seqno {record.Seqno}) in {path}, from which the cluster forms{aside}"
        );
        if (!await context.ShouldProcessAsync(founder.ToString(), action).ConfigureAwait(false))
            return false;
        foreach (var directory in present)
            await MoveAsideAsync(directory, path).ConfigureAwait(false);
        if (!await disks.MakeAsync(needed).ConfigureAwait(false))
            return false;
        var images = new GaleraImages(context, null, request.ThrottleLimit)
        {
            SkipRegistry = true,
            Tls = services.Any(service => service.Labels.ContainsKey(GaleraNames.TlsLabel)),
        };
        if (!await images.CheckAsync([new GaleraImageUse(founder, image, IsArbitrator: false)], Activity).ConfigureAwait(false))
            return false;
        await new DatabaseSeed(context, founder, path, request.Timeout)
            .RunAsync(record, image, store, file, request.Passphrase)
            .ConfigureAwait(false);
        await disks.MarkAsync(places.First(place => place.Node.Name == founder.Name), record.StreamSha256).ConfigureAwait(false);
        return true;
    }

    private string Path(IReadOnlyList<ServiceState> services, DatabaseRecord record) =>
        services.Select(service => service.Labels.GetValueOrDefault(GaleraNames.DataPathLabel)).FirstOrDefault(path => path is not null)
        ?? request.DataPath
        ?? record.DataPath;

    /// <summary>The cluster as far as its directories need it.</summary>
    private GaleraRequest Wanted(IReadOnlyList<ServiceState> services, string path, string image) =>
        new()
        {
            Name = request.Cluster,
            Overlay = "",
            Image = image,
            DataPath = path,
            DataOwner = Label(services, GaleraNames.OwnerLabel) ?? DataAccess.DefaultOwner,
            DataMode = Label(services, GaleraNames.ModeLabel) ?? DataAccess.DefaultMode,
        };

    private static string? Label(IReadOnlyList<ServiceState> services, string name) =>
        services.Select(service => service.Labels.GetValueOrDefault(name)).FirstOrDefault(value => value is not null);

    private async Task MoveAsideAsync(DataDirectory directory, string path)
    {
        var node = directory.Place.Node;
        var connection = context.Connection(node);
        var users = await new EngineContainers(connection)
            .ListAsync(
                new Dictionary<string, IEnumerable<string>> { ["volume"] = [path], ["status"] = ["running", "paused"] },
                all: true,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        if (users.Count > 0)
            throw DatabaseErrors.DatabaseDirectoryInUse(request.Cluster, node.Name, path);
        var aside = await connection
            .RunCheckedAsync(
                "moving the data directory aside",
                new NodeCommand(DiskScripts.MoveAside(path)) { AsRoot = true },
                context.CancellationToken
            )
            .ConfigureAwait(false);
        context.WriteWarning(
            $"The data of '{request.Cluster}' on '{node.Name}' is now in {aside.Trim()}. Delete it when it is not needed any more."
        );
    }

    private async Task FormAsync(SwarmSession swarm, GaleraReader reader, string file, IReadOnlyList<RestoreHost> hosts, SwarmNode founder)
    {
        var services = await ServicesAsync(reader).ConfigureAwait(false);
        if (services.Count == 0)
        {
            context.WriteWarning(
                $"The database is on '{founder.Name}', with the bootstrap marker. The swarm has no services of the cluster '{request.Cluster}': create them with New-GaleraService, as before."
            );
            return;
        }

        var adoption = new ServiceAdoption(context, swarm);
        foreach (var service in services.OrderBy(service => hosts.FirstOrDefault(host => host.Service?.Id == service.Id)?.Node != founder))
        {
            var host = hosts.FirstOrDefault(host => host.Service?.Id == service.Id);
            if (!await adoption.AdoptAsync(service.Id, service.Name, host?.Node, file).ConfigureAwait(false))
                return;
        }

        var names = hosts.Select(host => host.Node.Name).ToList();
        var cluster = await new GaleraWait(context, ReadAsync, Activity)
            .ForAsync(names, names.Count, services[0].Image, request.Timeout)
            .ConfigureAwait(false);
        await new HolderRecord(context, new ServiceUpdater(swarm))
            .KeepAsync(cluster, await ServicesAsync(reader).ConfigureAwait(false))
            .ConfigureAwait(false);
        context.WriteObject(cluster);

        async Task<GaleraCluster> ReadAsync() =>
            await reader.ReadAsync(request.Cluster, await ServicesAsync(reader).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
