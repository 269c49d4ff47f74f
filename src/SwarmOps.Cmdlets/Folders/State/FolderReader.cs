using SwarmOps.Folders.Formation;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Folders.State;

/// <summary>Reads shared folders: their services, and each copy's own report.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="throttleLimit">How many nodes are contacted at the same time.</param>
internal sealed class FolderReader(SwarmSession swarm, int throttleLimit)
{
    /// <summary>How long a node may take to report.</summary>
    private static readonly TimeSpan ReportLimit = TimeSpan.FromSeconds(30);

    private const int MostConflicts = 100;

    /// <summary>Whether conflict files are searched; that reads the whole tree.</summary>
    public bool FindsConflicts { get; init; } = true;

    /// <summary>The services of all folders, by the folder's name.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<ILookup<string, ServiceState>> ServicesAsync() =>
        (await ServiceReader.ListAsync(swarm).ConfigureAwait(false))
            .Where(service => service.Labels.ContainsKey(FolderNames.FolderLabel))
            .ToLookup(service => service.Labels[FolderNames.FolderLabel], StringComparer.Ordinal);

    /// <summary>A folder as its copies report it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="services">Its services; at least one.</param>
    /// <exception cref="SwarmOpsException">The transport's errors; a single node's failure is in the copy's Error property.</exception>
    public async Task<SwarmSharedFolder> ReadAsync(string name, IReadOnlyList<ServiceState> services)
    {
        var tasks = await ServiceReader.TasksAsync(swarm, [.. services.Select(service => service.Id)]).ConfigureAwait(false);
        var secrets = await StoredItems.ListAsync(swarm.Manager, StoredKind.Secret, swarm.Context.CancellationToken).ConfigureAwait(false);
        var known = services.Select(service => Known(name, service, secrets)).OrderBy(copy => copy.Node, StringComparer.Ordinal).ToList();
        var devices = known.Where(copy => copy.DeviceId is not null).ToDictionary(copy => copy.DeviceId!, copy => copy.Node);
        var read = await Throttle
            .ForEachAsync(
                known,
                throttleLimit,
                copy => ReadCopyAsync(copy, services.First(service => service.Name == copy.Service), tasks, devices),
                swarm.Context.CancellationToken
            )
            .ConfigureAwait(false);
        var copies = read.Select(one => one.Copy).ToList();
        var conflicts = read.SelectMany(one => one.Conflicts).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var networks = await ServiceReader.NetworkNamesAsync(swarm).ConfigureAwait(false);
        return new SwarmSharedFolder
        {
            Name = name,
            Path = services[0].Labels.GetValueOrDefault(FolderNames.PathLabel, ""),
            Owner = services[0].Labels.GetValueOrDefault(FolderNames.OwnerLabel, ""),
            Status = FolderFindings.Status(copies),
            Files = copies.Max(copy => copy.Files),
            Bytes = copies.Max(copy => copy.Bytes),
            LastChange = copies.Max(copy => copy.LastChange),
            SwarmId = swarm.SwarmId,
            Overlay = string.Join(", ", services[0].Networks.Select(id => networks.GetValueOrDefault(id, id))),
            Image = services[0].Image,
            Copies = copies,
            Conflicts = [.. conflicts.Take(MostConflicts)],
            Findings = FolderFindings.List(name, copies, conflicts),
            Nodes = swarm.Nodes,
        };
    }

    /// <summary>The running containers of copies on nodes that can be asked.</summary>
    /// <param name="services">The folder's services.</param>
    public async Task<IReadOnlyList<FolderContainer>> ContainersAsync(IReadOnlyList<ServiceState> services)
    {
        var found = await Throttle
            .ForEachAsync(
                services.Select(service => (Service: service, Node: NodeOf(service))).Where(copy => copy.Node is not null),
                throttleLimit,
                async copy =>
                {
                    try
                    {
                        return
                            await ContainerAsync(copy.Node!, copy.Service, swarm.Context.CancellationToken).ConfigureAwait(false) is { } id
                            ? new FolderContainer(copy.Node!, copy.Service.Name, id)
                            : null;
                    }
                    catch (SwarmOpsException error)
                    {
                        swarm.Context.WriteVerbose($"{copy.Node!.Name}: {error.Message}");
                        return null;
                    }
                },
                swarm.Context.CancellationToken
            )
            .ConfigureAwait(false);
        return [.. found.OfType<FolderContainer>().OrderBy(container => container.Node.Name, StringComparer.Ordinal)];
    }

    /// <summary>The running container of a copy, according to the node's own engine: while the swarm has lost contact with a node, its containers keep running.</summary>
    private async Task<string?> ContainerAsync(SwarmNode node, ServiceState service, CancellationToken cancellationToken)
    {
        var running = await ServiceContainers
            .ListAsync(swarm.Context.Connection(node), service.Id, ["running"], cancellationToken)
            .ConfigureAwait(false);
        return running.Count > 0 ? running[0] : null;
    }

    private SwarmNode? NodeOf(ServiceState service) => swarm.Nodes.FirstOrDefault(node => node.NodeId == FolderPlacement.NodeOf(service));

    private SwarmSharedFolderCopy Known(string folder, ServiceState service, IReadOnlyList<StoredItem> secrets)
    {
        var id = FolderPlacement.NodeOf(service);
        var place = swarm.Place(id);
        return new SwarmSharedFolderCopy
        {
            Folder = folder,
            Node = place?.Name ?? id,
            Region = place?.Region,
            Service = service.Name,
            DeviceId = StoredItems.Newest(secrets, FolderNames.Identity(service.Name))?.Labels.GetValueOrDefault(FolderNames.DeviceLabel),
        };
    }

    private async Task<(SwarmSharedFolderCopy Copy, IReadOnlyList<string> Conflicts)> ReadCopyAsync(
        SwarmSharedFolderCopy known,
        ServiceState service,
        IReadOnlyList<TaskState> tasks,
        IReadOnlyDictionary<string, string> devices
    )
    {
        if (NodeOf(service) is not { } node)
            return (known with { State = SwarmSharedFolderState.Unknown, Error = WhyNotAsked(service) }, []);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(swarm.Context.CancellationToken);
        limit.CancelAfter(ReportLimit);
        try
        {
            if (await ContainerAsync(node, service, limit.Token).ConfigureAwait(false) is not { } container)
                return (known with { State = SwarmSharedFolderState.NotRunning, Error = WhyNotRunning(service, tasks) }, []);
            var api = new FolderApi(swarm.Context.Connection(node), container);
            var answers = await api.GetAsync(FolderReport.Questions(known.Folder), limit.Token).ConfigureAwait(false);
            var peers = devices.Where(device => device.Value != known.Node).ToDictionary(device => device.Key, device => device.Value);
            var copy = FolderReport.Read(known, peers, answers);
            return (copy, FindsConflicts ? await api.ConflictsAsync(MostConflicts, limit.Token).ConfigureAwait(false) : []);
        }
        catch (SwarmOpsException error)
        {
            return (known with { State = SwarmSharedFolderState.Unknown, Error = error.Message.TrimEnd('.') }, []);
        }
        catch (OperationCanceledException) when (!swarm.Context.CancellationToken.IsCancellationRequested)
        {
            var why = $"it did not answer within {ReportLimit.TotalSeconds:0} s";
            return (known with { State = SwarmSharedFolderState.Unknown, Error = why }, []);
        }
    }

    private static string WhyNotRunning(ServiceState service, IEnumerable<TaskState> tasks)
    {
        var own = tasks.Where(task => task.ServiceId == service.Id).ToList();
        if (own.Count == 0)
            return "the swarm has created no task";
        var error = own.Select(task => task.Error).FirstOrDefault(text => text.Length > 0) ?? "";
        return $"its task is {own[0].State}{(error.Length > 0 ? $", {TaskWords.Of(error)}" : "")}";
    }

    private string WhyNotAsked(ServiceState service)
    {
        var id = FolderPlacement.NodeOf(service);
        var silent = swarm.Silent.FirstOrDefault(report => swarm.MemberOf(report)?.ID == id);
        return silent?.Failure?.Message.TrimEnd('.') ?? "it is not in the node set";
    }
}
