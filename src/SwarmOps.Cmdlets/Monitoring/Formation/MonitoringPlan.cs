using System.Globalization;
using SwarmOps.Monitoring.Definition;
using SwarmOps.Nodes;
using SwarmOps.Services.Edge;

namespace SwarmOps.Monitoring.Formation;

/// <summary>What the swarm has.</summary>
/// <param name="Members">Its members.</param>
/// <param name="Managers">Address and port of each manager, by its node's id.</param>
/// <param name="Edge">Finds an edge service; null when there is none.</param>
/// <param name="EdgeNames">The names of all edge services.</param>
/// <param name="Galera">The Galera clusters.</param>
/// <param name="CertificateValidity">How long the certificates of nodes are valid.</param>
internal sealed record MonitoringGround(
    IReadOnlyList<EdgeMember> Members,
    IReadOnlyDictionary<string, string> Managers,
    Func<string, EdgeFacts?> Edge,
    IReadOnlyList<string> EdgeNames,
    IReadOnlyList<MonitoredGalera> Galera,
    TimeSpan CertificateValidity
);

/// <summary>Decides what the monitoring is to be, from what was specified, what it is now and what the swarm has. Asks nobody.</summary>
/// <param name="request">What was specified.</param>
/// <param name="present">The monitoring as it is; null when it does not exist.</param>
/// <param name="ground">What the swarm has.</param>
internal sealed class MonitoringPlan(NewMonitoringRequest request, MonitoringDefinition? present, MonitoringGround ground)
{
    /// <summary>Prometheus and Alertmanager run on this many nodes: each of them watches alone when the other one is lost.</summary>
    private const int ServerCount = 2;

    private const int DefaultScrapeSeconds = 15,
        DefaultAlertSeconds = 60,
        DefaultRetentionDays = 15,
        DefaultMetricSeconds = 900;

    /// <summary>A certificate with less left should have been renewed; an engine renews it when 50 to 80 % of the validity are over (swarmkit, ca/certificates.go).</summary>
    private const double LeastValidity = 0.15;

    private static readonly TimeSpan CertificateNotice = TimeSpan.FromDays(14);

    /// <summary>The definition.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="MonitoringErrors"/>.</exception>
    public MonitoringDefinition Make()
    {
        if (present is not null && present.Overlay != request.Overlay)
            throw MonitoringErrors.MonitoringOverlayDiffers(request.Name, present.Overlay, request.Overlay);
        var regions = ground.Members.Select(member => member.Region).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        if (regions.Count == 0)
            throw MonitoringErrors.MonitoringRegionMissing();
        var services = request.EdgeServices ?? present?.EdgeServices ?? [];
        return new MonitoringDefinition
        {
            Name = request.Name,
            Overlay = request.Overlay,
            Servers = Servers(),
            Nodes =
            [
                .. ground
                    .Members.OrderBy(member => member.Name, StringComparer.Ordinal)
                    .Select(member => new MonitoredNode(
                        member.Name,
                        member.Id,
                        member.Region,
                        ground.Managers.GetValueOrDefault(member.Id)
                    )),
            ],
            Regions = regions,
            EdgeServices = services,
            EdgePath = Kept(request.EdgePath, present?.EdgePath),
            EdgeHost = Kept(request.EdgeHost, present?.EdgeHost),
            Edges = [.. services.SelectMany(Edges)],
            Urls = request.Urls ?? present?.Urls ?? [],
            Galera = Galera(),
            ScrapeSeconds = request.ScrapeSeconds ?? present?.ScrapeSeconds ?? DefaultScrapeSeconds,
            AlertSeconds = request.AlertSeconds ?? present?.AlertSeconds ?? DefaultAlertSeconds,
            RetentionDays = request.RetentionDays ?? present?.RetentionDays ?? DefaultRetentionDays,
            SwarmMetricSeconds = request.SwarmMetricSeconds ?? present?.SwarmMetricSeconds ?? DefaultMetricSeconds,
            CertificateSeconds = (long)Math.Min(CertificateNotice.TotalSeconds, ground.CertificateValidity.TotalSeconds * LeastValidity),
            PublishPrometheus = request.PublishPrometheus ?? present?.PublishPrometheus ?? 0,
            PublishAlertmanager = request.PublishAlertmanager ?? present?.PublishAlertmanager ?? 0,
            Images = Images(present?.Images ?? new MonitoringImages()),
        };
    }

    /// <summary>An empty text removes what there was.</summary>
    private static string? Kept(string? specified, string? known) =>
        specified is null ? known
        : specified.Length > 0 ? specified
        : null;

    private MonitoringImages Images(MonitoringImages known) =>
        new()
        {
            Prometheus = request.PrometheusImage ?? known.Prometheus,
            Alertmanager = request.AlertmanagerImage ?? known.Alertmanager,
            NodeExporter = request.NodeExporterImage ?? known.NodeExporter,
            Blackbox = request.BlackboxExporterImage ?? known.Blackbox,
            Mysql = request.MysqldExporterImage ?? known.Mysql,
        };

    private IEnumerable<MonitoredEdge> Edges(string service)
    {
        // A removed edge service is no longer asked for; one that was mistyped is an error.
        if (ground.Edge(service) is not { Port: > 0 } edge)
        {
            if (request.EdgeServices is not null)
                throw MonitoringErrors.MonitoringEdgeNotFound(service, ground.EdgeNames);
            yield break;
        }

        foreach (
            var member in ground
                .Members.Where(member => member.Region is { } region && edge.Regions.Contains(region))
                .OrderBy(member => member.Name, StringComparer.Ordinal)
        )
            yield return new MonitoredEdge(
                service,
                member.Name,
                member.Region!,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{member.Address ?? Known(service, member.Name) ?? throw MonitoringErrors.MonitoringAddressUnknown(member.Name)}:{edge.Port}"
                )
            );
    }

    /// <summary>The address that was known before.</summary>
    private string? Known(string service, string node) =>
        present?.Edges.FirstOrDefault(edge => edge.Service == service && edge.Node == node) is { } known
            ? NodeAddress.WithoutPort(known.Address)
            : null;

    private IReadOnlyList<MonitoredGalera> Galera()
    {
        if (request.Galera is null)
            return
            [
                .. (present?.Galera ?? [])
                    .Select(known => ground.Galera.FirstOrDefault(cluster => cluster.Cluster == known.Cluster))
                    .OfType<MonitoredGalera>(),
            ];
        return
        [
            .. request.Galera.Select(name =>
            {
                var cluster =
                    ground.Galera.FirstOrDefault(cluster => cluster.Cluster == name)
                    ?? throw MonitoringErrors.MonitoringGaleraNotFound(name, [.. ground.Galera.Select(cluster => cluster.Cluster)]);
                return cluster.Nodes.Count > 0 ? cluster : throw MonitoringErrors.MonitoringGaleraGlobal(name);
            }),
        ];
    }

    /// <summary>The two nodes: those that were specified, those that there are, and otherwise one in each of the first two regions.</summary>
    private List<MonitoringHost> Servers()
    {
        List<EdgeMember> chosen = request.PrometheusNodes is { } names ? [.. names.Select(Named)] : Kept();
        if (chosen.Count < ServerCount)
            chosen = [.. chosen, .. Default(chosen).Take(ServerCount - chosen.Count)];
        if (chosen.Count < ServerCount)
            throw MonitoringErrors.MonitoringTooFewNodes([
                .. ground.Members.Where(member => member.IsUsable).Select(member => member.Name),
            ]);
        // A server that stays keeps its number, and so its data.
        var free = Enumerable.Range(1, ServerCount).Except(chosen.Select(member => Present(member)?.Number).OfType<int>()).ToList();
        var hosts = new List<MonitoringHost>();
        foreach (var member in chosen)
        {
            var number = Present(member)?.Number;
            if (number is null)
            {
                number = free[0];
                free.RemoveAt(0);
            }

            hosts.Add(new MonitoringHost(number.Value, member.Name, member.Id, member.Region));
        }

        return [.. hosts.OrderBy(host => host.Number)];
    }

    private MonitoringHost? Present(EdgeMember member) => present?.Servers.FirstOrDefault(server => server.NodeId == member.Id);

    private EdgeMember Named(string name)
    {
        var member =
            ground.Members.FirstOrDefault(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw MonitoringErrors.MonitoringNodeUnknown(
                name,
                [.. ground.Members.Select(member => member.Name).Order(StringComparer.Ordinal)]
            );
        // One that has a Prometheus keeps it while it is away.
        return member.IsUsable || Present(member) is not null ? member : throw MonitoringErrors.MonitoringNodeNotUsable(member.Name);
    }

    /// <summary>Those that there are; one whose node has left the swarm is replaced.</summary>
    private List<EdgeMember> Kept() =>
        [
            .. (present?.Servers ?? [])
                .Select(server => ground.Members.FirstOrDefault(member => member.Id == server.NodeId))
                .OfType<EdgeMember>(),
        ];

    /// <summary>Further nodes: those of other regions first.</summary>
    private IEnumerable<EdgeMember> Default(IReadOnlyList<EdgeMember> chosen)
    {
        var usable = ground
            .Members.Where(member => member.IsUsable && chosen.All(other => other.Id != member.Id))
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .ToList();
        var taken = chosen.Select(member => member.Region).ToHashSet();
        var first = usable
            .Where(member => member.Region is not null && !taken.Contains(member.Region))
            .GroupBy(member => member.Region, StringComparer.Ordinal)
            .OrderBy(region => region.Key, StringComparer.Ordinal)
            .Select(region => region.First())
            .ToList();
        return [.. first, .. usable.Except(first)];
    }
}
