using System.Collections.Concurrent;
using SwarmOps.Folders;
using SwarmOps.Folders.State;
using SwarmOps.Galera;
using SwarmOps.Galera.State;
using SwarmOps.GeoDns.Running;
using SwarmOps.GeoDns.State;
using SwarmOps.Insight.Findings;
using SwarmOps.Overlay;
using SwarmOps.Overlay.Proof;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Insight.Survey;

/// <summary>The parts of a pass that the managers and the containers tell. A part that cannot be read is null.</summary>
/// <param name="context">The context of the pass.</param>
/// <param name="session">The swarm.</param>
/// <param name="request">What to look at.</param>
internal sealed class SurveyParts(SurveyContext context, SwarmSession session, SurveyRequest request)
{
    /// <summary>Long enough for some transactions, as in Get-GaleraCluster.</summary>
    private static readonly TimeSpan GaleraWindow = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RuleLimit = TimeSpan.FromSeconds(60);

    /// <summary>How far back failed tasks are listed.</summary>
    private static readonly TimeSpan History = TimeSpan.FromHours(24);

    private readonly ConcurrentQueue<SwarmFinding> failures = [];

    /// <summary>The services, listed once for all parts.</summary>
    private readonly Lazy<Task<IReadOnlyList<ServiceState>>> listing = new(() => ServiceReader.ListAsync(session));

    /// <summary>The parts that could not be read.</summary>
    public IReadOnlyCollection<SwarmFinding> Failures => failures;

    /// <summary>The swarm.</summary>
    public Task<SwarmSummary?> SwarmAsync() =>
        TryAsync(SwarmFindingArea.Swarm, "swarm", () => new SummaryReader(context, request.ThrottleLimit).ReadAsync(session));

    /// <summary>The services with their tasks, and the tasks that failed lately.</summary>
    public async Task<(IReadOnlyList<SwarmService>? Services, IReadOnlyList<SwarmTask>? Failed)> ServicesAsync()
    {
        var read = await TryAsync(SwarmFindingArea.Service, "services", ReadServicesAsync).ConfigureAwait(false);
        return (read?.Services, read?.Failed);
    }

    /// <summary>The Galera clusters.</summary>
    public Task<IReadOnlyList<GaleraCluster>?> GaleraAsync() =>
        TryAsync<IReadOnlyList<GaleraCluster>>(
            SwarmFindingArea.Galera,
            "Galera clusters",
            async () =>
            {
                var reader = new GaleraReader(session, request.ThrottleLimit) { Window = GaleraWindow };
                var clusters = new List<GaleraCluster>();
                foreach (var cluster in await ByLabelAsync(GaleraNames.ClusterLabel).ConfigureAwait(false))
                {
                    if (
                        await TryAsync(SwarmFindingArea.Galera, cluster.Key, () => reader.ReadAsync(cluster.Key, [.. cluster]))
                            .ConfigureAwait(false) is
                        { } read
                    )
                        clusters.Add(read with { Nodes = [] });
                }

                return clusters;
            }
        );

    /// <summary>The shared folders.</summary>
    public Task<IReadOnlyList<SwarmSharedFolder>?> FoldersAsync() =>
        TryAsync<IReadOnlyList<SwarmSharedFolder>>(
            SwarmFindingArea.SharedFolder,
            "shared folders",
            async () =>
            {
                var reader = new FolderReader(session, request.ThrottleLimit) { FindsConflicts = request.IsThorough };
                var folders = new List<SwarmSharedFolder>();
                foreach (var folder in await ByLabelAsync(FolderNames.FolderLabel).ConfigureAwait(false))
                {
                    if (
                        await TryAsync(SwarmFindingArea.SharedFolder, folder.Key, () => reader.ReadAsync(folder.Key, [.. folder]))
                            .ConfigureAwait(false) is
                        { } read
                    )
                        folders.Add(read with { Nodes = [] });
                }

                return folders;
            }
        );

    /// <summary>The zones of name servers on the swarm.</summary>
    public Task<IReadOnlyList<SwarmGeoDns>?> ZonesAsync() =>
        TryAsync<IReadOnlyList<SwarmGeoDns>>(
            SwarmFindingArea.GeoDns,
            "zones",
            async () =>
            {
                var known = await GeoDnsZones.ReadAsync(session, listing.Value).ConfigureAwait(false);
                var reader = new GeoDnsReader(session, request.ThrottleLimit) { LooksUpDelegation = true };
                var zones = new List<SwarmGeoDns>();
                foreach (var zone in known.Names)
                {
                    if (
                        await TryAsync(SwarmFindingArea.GeoDns, zone, () => reader.ReadAsync(known.Require(zone))).ConfigureAwait(false) is
                        { } read
                    )
                        zones.Add(read with { Nodes = [] });
                }

                return zones;
            }
        );

    /// <summary>The overlay networks, the NAT rule, and the paths of those networks that containers may attach to.</summary>
    public async Task<(IReadOnlyList<SwarmOverlay>? Overlays, IReadOnlyList<SwarmOverlayPath>? Paths)> OverlaysAsync()
    {
        var overlays = await TryAsync(SwarmFindingArea.Overlay, "overlay networks", ReadOverlaysAsync).ConfigureAwait(false);
        if (overlays is null || !request.SendsPackets || session.Observations.Count(session.View.Has) < 2)
            return (overlays, null);
        var paths = new List<SwarmOverlayPath>();
        foreach (var overlay in overlays.Where(overlay => overlay.Attachable))
        {
            context.Say($"Sending packets over '{overlay.Name}'");
            var test = new TestOverlayOperation(
                context,
                new TestOverlayRequest(request.Nodes, overlay.Name) { Swarm = session, ThrottleLimit = request.ThrottleLimit }
            );
            if (await TryAsync(SwarmFindingArea.Overlay, overlay.Name, test.RunAsync).ConfigureAwait(false) is { } found)
                paths.AddRange(found);
        }

        return (overlays, overlays.Any(overlay => overlay.Attachable) ? paths : null);
    }

    private async Task<IReadOnlyList<SwarmOverlay>> ReadOverlaysAsync()
    {
        var members = session.Observations.Where(session.View.Has).ToList();
        var networks = (await OverlayNetworks.OverlaysAsync(session.Manager, context.CancellationToken).ConfigureAwait(false))
            .Where(network => !network.IsIngress)
            .OrderBy(network => network.Name, StringComparer.Ordinal)
            .ToList();
        IReadOnlyList<NatRepairState> rules = [];
        if (networks.Any(network => network.Encrypted))
        {
            var repair = new NatRepair(context, request.ThrottleLimit, RuleLimit, NatRepair.DataPathPort(session));
            rules = repair.Describe(members, await repair.ObserveAsync(members).ConfigureAwait(false));
        }

        return [.. networks.Select(network => network.Describe(session.SwarmId, network.Encrypted ? rules : [], []))];
    }

    private async Task<ServicePart> ReadServicesAsync()
    {
        var tasks = new List<TaskState>();
        var networks = ServiceReader.NetworkNamesAsync(session);
        await ServiceReader
            .ReadTasksAsync(
                session,
                history: true,
                task =>
                {
                    tasks.Add(task);
                    return ValueTask.CompletedTask;
                }
            )
            .ConfigureAwait(false);
        var services = await listing.Value.ConfigureAwait(false);
        // Of these the templates of the tasks decide which ones count.
        string[] ending = [.. services.Where(ServiceReader.CountsEndedTasks).Select(service => service.Id)];
        var ended = await ServiceReader.TasksOfAsync(session, ending).ConfigureAwait(false);
        var own = tasks.ToLookup(task => task.ServiceId, StringComparer.Ordinal);
        var names = await networks.ConfigureAwait(false);
        var now = DateTime.UtcNow;
        return new ServicePart(
            [
                .. services.Select(service =>
                    ServiceReader.Describe(
                        session,
                        service,
                        ServiceReader.CountsEndedTasks(service) ? ended[service.Id] : own[service.Id],
                        names
                    ) with
                    {
                        Nodes = [],
                    }
                ),
            ],
            [
                .. services
                    .SelectMany(service =>
                        own[service.Id]
                            .Where(task => task.HasFailed)
                            .Select(task => task.Describe(service.Name, session.Place(task.NodeId)))
                    )
                    .Where(task => now - task.Since < History)
                    .OrderByDescending(task => task.Since),
            ]
        );
    }

    /// <summary>The services that have a label, by its value.</summary>
    private async Task<IEnumerable<IGrouping<string, ServiceState>>> ByLabelAsync(string label) =>
        (await listing.Value.ConfigureAwait(false))
            .Where(service => service.Labels.ContainsKey(label))
            .GroupBy(service => service.Labels[label], StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal);

    private async Task<T?> TryAsync<T>(SwarmFindingArea area, string subject, Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
        {
            failures.Enqueue(ReportJudge.NotRead(area, subject, error));
            return null;
        }
    }

    private sealed record ServicePart(IReadOnlyList<SwarmService> Services, IReadOnlyList<SwarmTask> Failed);
}
