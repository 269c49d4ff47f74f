using System.Globalization;
using System.Net;
using Docker.DotNet;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Galera.State;

/// <summary>Reads Galera clusters: their services, and each node's own report.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="throttleLimit">How many nodes are contacted at the same time.</param>
/// <param name="login">A database account for querying the servers; null for root with the cluster's secret.</param>
internal sealed class GaleraReader(SwarmSession swarm, int throttleLimit, NetworkCredential? login = null)
{
    /// <summary>How long a node may take to report its state.</summary>
    private static readonly TimeSpan ReportLimit = TimeSpan.FromSeconds(20);

    /// <summary>Beginning of the error of a node that keeps exiting.</summary>
    public const string ContainerEnds = "its container exited";

    private const int ManyEnds = 3;

    private const string Unheard = "the swarm has lost contact with its host, and its server may be running";

    /// <summary>The time of each node's first report.</summary>
    private readonly Dictionary<string, long> readAt = new(StringComparer.Ordinal);

    /// <summary>How many of the last lines of an exited container's log are searched: a crash writes about a hundred lines after its cause.</summary>
    private const int LastLines = 400;

    /// <summary>Time between the two readings for rates; zero for a single reading without rates.</summary>
    public TimeSpan Window { get; init; }

    private static readonly TimeSpan EndsWindow = TimeSpan.FromMinutes(2);

    /// <summary>The services of all clusters, by the cluster's name.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<ILookup<string, ServiceState>> ServicesAsync() =>
        (await ServiceReader.ListAsync(swarm).ConfigureAwait(false))
            .Where(service => service.Labels.ContainsKey(GaleraNames.ClusterLabel))
            .ToLookup(service => service.Labels[GaleraNames.ClusterLabel], StringComparer.Ordinal);

    /// <summary>A cluster, as reported by its nodes.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors; a single node's failure is in its Error property.</exception>
    public async Task<GaleraCluster> ReadAsync(string name, IReadOnlyList<ServiceState> services)
    {
        var places = await PlacesAsync(services).ConfigureAwait(false);
        var nodes = await ForEachAsync(places).ConfigureAwait(false);
        var networks = await ServiceReader.NetworkNamesAsync(swarm).ConfigureAwait(false);
        var expected = Expected(services, nodes.Count);
        var recent = await RecentAsync(places, nodes).ConfigureAwait(false);
        var histories = GaleraFindings.Histories(nodes);
        return new GaleraCluster
        {
            Name = name,
            Layout =
                services[0].Labels.GetValueOrDefault(GaleraNames.LayoutLabel) == nameof(GaleraLayout.Global)
                    ? GaleraLayout.Global
                    : GaleraLayout.PerRegion,
            Status = GaleraFindings.Status(nodes, expected, recent),
            SwarmId = swarm.SwarmId,
            Overlay = string.Join(", ", services[0].Networks.Select(id => networks.GetValueOrDefault(id, id))),
            Image = services[0].Image,
            Uuid = histories.Count == 1 && GaleraComponents.Of(nodes).Count == 1 ? histories[0] : null,
            ExpectedSize = expected,
            Size = GaleraFindings.Size(nodes),
            GaleraNodes = nodes,
            Findings = GaleraFindings.List(nodes, expected, recent),
            Nodes = swarm.Nodes,
        };
    }

    /// <summary>The nodes of a cluster, as the swarm knows them, each with its container; null if it has none.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<(GaleraNode Known, string? ContainerId)>> PlacesAsync(IReadOnlyList<ServiceState> services)
    {
        var tasks = await ServiceReader.TasksAsync(swarm, [.. services.Select(service => service.Id)]).ConfigureAwait(false);
        var unheard = await UnheardAsync().ConfigureAwait(false);
        var places = new List<(GaleraNode Known, string? ContainerId)>();
        foreach (var service in services)
        {
            var ends = await EndsAsync(service, tasks).ConfigureAwait(false);
            var seen = Places(service, tasks)
                .Select(place =>
                    ends.TryGetValue(place.Known.Node, out var why) ? (place.Known with { Error = why }, place.ContainerId) : place
                );
            places.AddRange(
                await Throttle
                    .ForEachAsync(seen, throttleLimit, place => SeekAsync(place, service, tasks, unheard), swarm.Context.CancellationToken)
                    .ConfigureAwait(false)
            );
        }

        return places;
    }

    /// <summary>The nodes' activity between this reading and another one; none if no counter requires it.</summary>
    private async Task<IReadOnlyDictionary<string, GaleraRecent>> RecentAsync(
        IReadOnlyList<(GaleraNode Known, string? ContainerId)> places,
        IReadOnlyList<GaleraNode> nodes
    )
    {
        var recent = new Dictionary<string, GaleraRecent>(StringComparer.Ordinal);
        if (Window <= TimeSpan.Zero || !nodes.Any(GaleraFindings.IsWorthWatching))
            return recent;
        await Task.Delay(Window, swarm.Context.CancellationToken).ConfigureAwait(false);
        var first = nodes.DistinctBy(GaleraFindings.Key).ToDictionary(GaleraFindings.Key);
        foreach (
            var (node, read) in await Throttle
                .ForEachAsync(places, throttleLimit, TimedAsync, swarm.Context.CancellationToken)
                .ConfigureAwait(false)
        )
        {
            if (
                first.TryGetValue(GaleraFindings.Key(node), out var before)
                && readAt.TryGetValue(GaleraFindings.Key(node), out var since)
                && GaleraRecent.Between(before, node, System.Diagnostics.Stopwatch.GetElapsedTime(since, read)) is { } did
            )
                recent[GaleraFindings.Key(node)] = did;
        }

        return recent;
    }

    /// <summary>A node's report and its time.</summary>
    private async Task<(GaleraNode Node, long At)> TimedAsync((GaleraNode Known, string? ContainerId) place) =>
        (await AskAsync(place.Known, place.ContainerId).ConfigureAwait(false), System.Diagnostics.Stopwatch.GetTimestamp());

    /// <summary>A node's own report; a connection error is in its Error property.</summary>
    public async Task<GaleraNode> AskAsync(GaleraNode known, string? containerId)
    {
        if (containerId is null)
            return known with { State = known.IsSilent ? GaleraReport.Unknown : GaleraReport.NotRunning };
        if (swarm.Nodes.FirstOrDefault(node => node.Name == known.Node) is not { } node)
            return known with
            {
                State = GaleraReport.Unknown,
                IsSilent = !known.IsArbitrator,
                Error = known.Error ?? $"'{known.Node}' is not in the node set or did not answer",
            };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(swarm.Context.CancellationToken);
        limit.CancelAfter(ReportLimit);
        try
        {
            var said = await ContainerExec
                .BashAsync(swarm.Context.Connection(node), containerId, GaleraScript.Report.Text, limit.Token, Account())
                .ConfigureAwait(false);
            var report = GaleraReport.Parse(said);
            var described = report.Describe(known);
            return report.Missing.Count > 0 ? described with { Error = $"the image lacks {string.Join(", ", report.Missing)}" } : described;
        }
        catch (OperationCanceledException) when (!swarm.Context.CancellationToken.IsCancellationRequested)
        {
            return known with
            {
                IsSilent = true,
                Error = string.Create(CultureInfo.InvariantCulture, $"it did not report its state within {ReportLimit.TotalSeconds:0} s"),
            };
        }
        catch (SwarmOpsException error)
        {
            // Only if the engine reports that the container has exited is the server known to be stopped.
            return known with { IsSilent = !known.IsArbitrator && !HasEnded(error), Error = error.Message };
        }
    }

    private static bool HasEnded(SwarmOpsException error) =>
        error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound }
        || (
            error.InnerException is DockerApiException { StatusCode: HttpStatusCode.Conflict } conflict
            && TransportErrors.MessageOf(conflict).Contains("is not running", StringComparison.Ordinal)
        );

    /// <summary>The members that the swarm has lost contact with.</summary>
    private async Task<IReadOnlySet<string>> UnheardAsync()
    {
        var view = await swarm.ReadViewAsync().ConfigureAwait(false);
        return view.Members.Where(member => member.Status?.State != "ready").Select(member => member.ID).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>On a host that the swarm has lost contact with, the server may still be in the cluster: its own engine knows.</summary>
    private async Task<(GaleraNode Known, string? ContainerId)> SeekAsync(
        (GaleraNode Known, string? ContainerId) place,
        ServiceState service,
        IReadOnlyList<TaskState> tasks,
        IReadOnlySet<string> unheard
    )
    {
        var (known, containerId) = place;
        var own = tasks.Where(task => task.ServiceId == service.Id).ToList();
        var member =
            swarm.Members.FirstOrDefault(member => member.Value.Name == known.Node).Key ?? own.Find(task => task.NodeId.Length > 0)?.NodeId;
        if (
            containerId is not null
            || known.IsArbitrator
            || member is null
            || !unheard.Contains(member)
            || !own.Exists(task => task.NodeId == member && MayStillRun(task))
        )
            return place;
        if (swarm.Nodes.FirstOrDefault(node => node.Name == known.Node) is not { } host)
            return (known with { IsSilent = true, IsHostLost = true, Error = Unheard }, null);
        try
        {
            var running = await ServiceContainers
                .ListAsync(swarm.Context.Connection(host), service.Id, ["running", "paused"], swarm.Context.CancellationToken)
                .ConfigureAwait(false);
            return running.Count == 0 ? place : (known with { Error = null }, running[0]);
        }
        catch (SwarmOpsException error)
        {
            return (known with { IsSilent = true, Error = $"{Unheard} ({error.Message})" }, null);
        }
    }

    /// <summary>Whether a task's container may be running: its desired state is not what its host reports. An orphaned task was given up without contact.</summary>
    internal static bool MayStillRun(TaskState task) => !task.IsOver || task.State == "orphaned";

    /// <summary>Passed in the environment, never on a command line.</summary>
    private Dictionary<string, string>? Account() =>
        login is null ? null : new() { ["GALERA_SQL_USER"] = login.UserName, ["GALERA_SQL_PASSWORD"] = login.Password };

    /// <summary>The relevant log lines of a container: its first errors, since a crashing server writes pages after them; without errors the last lines.</summary>
    internal static IReadOnlyList<string> WhatCounts(IReadOnlyList<string> lines)
    {
        var errors = lines
            .Where(line => line.Contains("[ERROR]", StringComparison.Ordinal) && !line.EndsWith("Aborting", StringComparison.Ordinal))
            .Distinct()
            .Take(3)
            .ToList();
        return errors.Count > 0 ? errors : [.. lines.Where(line => line.Length > 0).TakeLast(3)];
    }

    private static int Expected(IReadOnlyList<ServiceState> services, int nodes) =>
        services.Any(service => service.Mode == SwarmServiceMode.Global) ? nodes : services.Count;

    /// <summary>Hosts on which a service's container has exited repeatedly and recently, with its log. Failures from before the last change of the service do not count.</summary>
    private async Task<IReadOnlyDictionary<string, string>> EndsAsync(ServiceState service, IReadOnlyList<TaskState> tasks)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var failed = tasks.Where(task =>
            task.ServiceId == service.Id
            && task.HasFailed
            && task.Since > DateTime.UtcNow - EndsWindow
            && task.CreatedAt >= service.UpdatedAt
        );
        foreach (var place in failed.GroupBy(task => task.NodeId).Where(place => place.Count() >= ManyEnds))
        {
            var lines = await ServiceLog.TailAsync(swarm, $"/tasks/{place.First().Id}", LastLines).ConfigureAwait(false);
            var said = Masking.Text(
                string.Join(" / ", WhatCounts([.. lines.Select(line => line.Message.Trim())])),
                SpecSecrets.Known(service.Spec, place.First().Template)
            );
            found[swarm.Place(place.Key)?.Name ?? place.Key] =
                $"{ContainerEnds} {place.Count()} times recently ({TaskWords.Of(place.First().Error)}): {said}";
        }

        return found;
    }

    /// <summary>The task of each Galera node: the one that should run, or else the newest, which gives the reason.</summary>
    private IEnumerable<(GaleraNode Known, string? ContainerId)> Places(ServiceState service, IReadOnlyList<TaskState> tasks)
    {
        var own = tasks.Where(task => task.ServiceId == service.Id).ToList();
        var places = own.Where(task => task.IsWanted).GroupBy(task => task.Place).ToList();
        if (places.Count == 0 && service.Mode != SwarmServiceMode.Global)
            yield return (Known(service, own.FirstOrDefault()), null);
        // A global service has no task on a host that is down, but its Galera node is missing there.
        foreach (
            var id in service.Mode == SwarmServiceMode.Global
                ? swarm.Members.Keys.Where(id => places.All(place => place.First().NodeId != id))
                : []
        )
            yield return (
                Recalled(
                    service,
                    Known(service, own.FirstOrDefault(task => task.NodeId == id)) with
                    {
                        Node = swarm.Members[id].Name,
                        Region = swarm.Members[id].Region,
                        HeldHistory = null,
                    }
                ),
                null
            );
        foreach (var place in places)
        {
            var task = place.FirstOrDefault(task => task.ContainerId is not null && !task.IsOver) ?? place.First();
            yield return (Known(service, task), task.IsOver || task.State is not ("running" or "starting") ? null : task.ContainerId);
        }
    }

    private GaleraNode Known(ServiceState service, TaskState? task)
    {
        var place = swarm.Place(task?.NodeId);
        var labels = service.Labels;
        return Recalled(
            service,
            new GaleraNode
            {
                Node = place?.Name ?? labels.GetValueOrDefault(GaleraNames.NodeLabel, service.Name),
                Region = place?.Region ?? labels.GetValueOrDefault(GaleraNames.RegionLabel),
                Service = service.Name,
                IsArbitrator = labels.GetValueOrDefault(GaleraNames.RoleLabel) == GaleraNames.ArbitratorRole,
                LocalName = service.Name,
                Segment = int.TryParse(
                    labels.GetValueOrDefault(GaleraNames.SegmentLabel),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var segment
                )
                    ? segment
                    : null,
                Error =
                    task is null ? "the swarm has created no task for it"
                    : task.Error.Length > 0 ? TaskWords.Of(task.Error)
                    : null,
            }
        );
    }

    /// <summary>A node with the data recorded in its service's labels: its directory may be empty because its disk is missing.</summary>
    private static GaleraNode Recalled(ServiceState service, GaleraNode node) =>
        service.Labels.GetValueOrDefault(GaleraNames.HoldersLabel)?.Split(',').Contains(node.Node) is true && !node.IsArbitrator
            ? node with
            {
                HeldHistory = service.Labels.GetValueOrDefault(GaleraNames.HistoryLabel),
            }
            : node;

    private async Task<IReadOnlyList<GaleraNode>> ForEachAsync(IReadOnlyList<(GaleraNode Known, string? ContainerId)> places)
    {
        var timed = await Throttle.ForEachAsync(places, throttleLimit, TimedAsync, swarm.Context.CancellationToken).ConfigureAwait(false);
        foreach (var (node, at) in timed)
            readAt[GaleraFindings.Key(node)] = at;
        var asked = timed.Select(report => report.Node);
        return
        [
            .. asked
                .OrderBy(node => node.Segment)
                .ThenBy(node => node.Region, StringComparer.Ordinal)
                .ThenBy(node => node.Node, StringComparer.Ordinal),
        ];
    }
}
