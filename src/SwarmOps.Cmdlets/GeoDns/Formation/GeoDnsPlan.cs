using System.Globalization;
using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Location;
using SwarmOps.Services.Edge;

namespace SwarmOps.GeoDns.Formation;

/// <summary>Decides what a zone is to be, from what was specified, what it is now and what the swarm has. Asks nobody.</summary>
/// <param name="request">What was specified.</param>
/// <param name="present">The zone as it is; null when it does not exist.</param>
/// <param name="members">The members of the swarm.</param>
internal sealed class GeoDnsPlan(NewGeoDnsRequest request, GeoDnsDefinition? present, IReadOnlyList<EdgeMember> members)
{
    /// <summary>How many name servers a zone gets when nobody says which.</summary>
    private const int DefaultServers = 3;

    private const int DefaultTtlSeconds = 30;

    /// <summary>The definition, except for the addresses on which new name servers listen.</summary>
    /// <param name="edge">The edge service.</param>
    /// <param name="database">The database that was specified; null for none.</param>
    /// <param name="today">The date, for the serial.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="GeoDnsErrors"/>.</exception>
    public GeoDnsDefinition Make(EdgeFacts edge, GeoDatabaseFile? database, DateTime today)
    {
        var service = request.Service ?? present?.Service ?? throw GeoDnsErrors.GeoDnsServiceMissing(request.Zone);
        var regions = Regions(edge, database is not null || present?.Database is not null);
        if (regions.Count == 0)
            throw GeoDnsErrors.GeoDnsEdgeNotFound(service, []);
        var wanted = new GeoDnsDefinition
        {
            Zone = GeoDnsRules.Zone(request.Zone),
            Service = service,
            Records = request.Records ?? present?.Records ?? ["@"],
            TtlSeconds = request.TtlSeconds ?? present?.TtlSeconds ?? DefaultTtlSeconds,
            Check = Check(service, edge),
            Regions = regions,
            Servers = Servers(),
            Networks = Networks([.. regions.Select(region => region.Name)]),
            Database = database?.Use ?? present?.Database,
            RegionsOut = [.. (present?.RegionsOut ?? []).Where(name => regions.Any(region => region.Name == name))],
            RegionsUpdating = [.. (present?.RegionsUpdating ?? []).Where(name => regions.Any(region => region.Name == name))],
            NodesOut = [.. (present?.NodesOut ?? []).Where(name => regions.Any(region => region.Nodes.Any(node => node.Name == name)))],
        };
        return Numbered(wanted, present, today);
    }

    /// <summary>The definition with its serial: the present one when nothing differs, else a higher one.</summary>
    public static GeoDnsDefinition Numbered(GeoDnsDefinition wanted, GeoDnsDefinition? present, DateTime today) =>
        wanted with
        {
            Serial =
                present is null ? FirstSerial(today)
                : wanted.DiffersFrom(present) ? Math.Max(present.Serial + 1, FirstSerial(today))
                : present.Serial,
        };

    /// <summary>The form that RFC 1912 recommends: the date and two digits.</summary>
    private static long FirstSerial(DateTime today) =>
        long.Parse(today.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) * 100;

    private List<GeoDnsRegion> Regions(EdgeFacts edge, bool needsPlaces)
    {
        foreach (var region in edge.Regions)
            GeoDnsRules.CheckRegion(region);
        var order = request.RegionOrder ?? present?.Regions.Select(region => region.Name).ToList() ?? [];
        // A region that was removed since is left out; one that was mistyped is an error.
        if (request.RegionOrder?.FirstOrDefault(region => !edge.Regions.Contains(region)) is { } unknown)
            throw GeoDnsErrors.GeoDnsRegionUnknown(unknown, edge.Regions);
        if (request.Coordinates?.Keys.FirstOrDefault(region => !edge.Regions.Contains(region)) is { } stray)
            throw GeoDnsErrors.GeoDnsRegionUnknown(stray, edge.Regions);
        var names = order.Where(edge.Regions.Contains).Concat(edge.Regions).Distinct(StringComparer.Ordinal);
        return [.. names.Select(name => Region(name, needsPlaces)).Where(region => region.Nodes.Count > 0)];
    }

    private GeoDnsRegion Region(string name, bool needsPlace)
    {
        var known = present?.Regions.FirstOrDefault(region => region.Name == name);
        (double Latitude, double Longitude)? place =
            request.Coordinates?.TryGetValue(name, out var text) is true ? GeoDnsRules.Place(name, text)
            : known is { HasPlace: true } ? (known.Latitude!.Value, known.Longitude!.Value)
            : RegionPlaces.Find(name);
        if (needsPlace && place is null)
            throw GeoDnsErrors.GeoDnsCoordinateMissing(name);
        // All nodes of the region: the health check knows which of them serve.
        var nodes = members
            .Where(member => member.Region == name)
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => new GeoDnsEdgeNode(
                member.Name,
                member.Address ?? throw GeoDnsErrors.GeoDnsAddressUnknown(member.Name, "it did not answer, and the swarm does not know it")
            ));
        return new GeoDnsRegion(name, place?.Latitude, place?.Longitude, [.. nodes]);
    }

    private GeoDnsCheck Check(string service, EdgeFacts edge)
    {
        // The port of another service is no default for this one.
        var known = present is { } zone && zone.Service == service ? zone.Check : null;
        var check = new GeoDnsCheck
        {
            Port = request.HealthPort ?? known?.Port ?? (edge.Port > 0 ? edge.Port : throw GeoDnsErrors.GeoDnsNoTcpPort(service)),
            Path = request.HealthPath is { } path ? (path.Length > 0 ? path : null) : known?.Path,
            Host = request.HealthHost is { } host ? (host.Length > 0 ? host : null) : known?.Host,
        };
        var other = present?.Check ?? check;
        check = check with
        {
            IntervalSeconds = request.HealthIntervalSeconds ?? other.IntervalSeconds,
            TimeoutSeconds = request.HealthTimeoutSeconds ?? other.TimeoutSeconds,
            Retries = request.HealthRetries ?? other.Retries,
        };
        if (check.TimeoutSeconds >= check.IntervalSeconds)
            throw GeoDnsErrors.GeoDnsHealthInvalid(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a timeout of {check.TimeoutSeconds} s is not below the interval of {check.IntervalSeconds} s"
                )
            );
        return check;
    }

    private IReadOnlyDictionary<string, string> Networks(IReadOnlyCollection<string> regions)
    {
        if (request.NetworkMap is { } map)
            return GeoDnsRules.Networks(map, regions);
        var kept = (present?.Networks ?? new SortedDictionary<string, string>()).Where(network => regions.Contains(network.Value));
        return new SortedDictionary<string, string>(
            kept.ToDictionary(network => network.Key, network => network.Value),
            StringComparer.Ordinal
        );
    }

    private List<GeoDnsHost> Servers()
    {
        var chosen =
            request.NameServers is { } names ? [.. names.Select(Named)]
            : present is not null ? Kept(present)
            : Default();
        var regions = chosen.Select(member => member.Region).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (regions.Count < 2)
            throw GeoDnsErrors.GeoDnsTooFewRegions(request.Zone, regions);
        var taken = new HashSet<int>();
        var servers = new List<GeoDnsHost>();
        foreach (var member in chosen)
            if (present?.Servers.FirstOrDefault(server => server.NodeId == member.Id) is { } known && taken.Add(known.Number))
                servers.Add(known with { Node = member.Name, Region = member.Region!, Address = member.Address ?? known.Address });
        foreach (var member in chosen.Where(member => servers.All(server => server.NodeId != member.Id)))
        {
            var number = Enumerable.Range(1, GeoDnsRules.MostServers + 1).First(taken.Add);
            var address = member.Address ?? throw GeoDnsErrors.GeoDnsAddressUnknown(member.Name, "it did not answer");
            servers.Add(new GeoDnsHost(number, member.Name, member.Id, member.Region!, address, ""));
        }

        return [.. servers.OrderBy(server => server.Number)];
    }

    private EdgeMember Named(string name)
    {
        var member =
            members.FirstOrDefault(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw GeoDnsErrors.GeoDnsNodeUnknown(name, [.. members.Select(member => member.Name).Order(StringComparer.Ordinal)]);
        if (member.Region is null)
            throw GeoDnsErrors.GeoDnsNodeNotUsable(member.Name, "it has no region");
        // One that is a name server already stays one while it is away.
        return member.IsUsable || present?.Servers.Any(server => server.NodeId == member.Id) is true
            ? member
            : throw GeoDnsErrors.GeoDnsNodeNotUsable(member.Name, "it is not Ready with the availability Active");
    }

    /// <summary>The name servers that there are; those whose node has left the swarm are replaced by default ones only if too few regions are left.</summary>
    private List<EdgeMember> Kept(GeoDnsDefinition zone)
    {
        List<EdgeMember> left =
        [
            .. zone
                .Servers.Select(server => members.FirstOrDefault(member => member.Id == server.NodeId))
                .OfType<EdgeMember>()
                .Where(member => member.Region is not null),
        ];
        return left.DistinctBy(member => member.Region).Count() >= 2
            ? left
            : [.. left, .. Default().Where(member => left.All(other => other.Region != member.Region))];
    }

    /// <summary>One node in each region.</summary>
    private List<EdgeMember> Default() =>
        [
            .. members
                .Where(member => member is { IsUsable: true, Region: not null, Address: not null })
                .OrderBy(member => member.Name, StringComparer.Ordinal)
                .GroupBy(member => member.Region, StringComparer.Ordinal)
                .OrderBy(region => region.Key, StringComparer.Ordinal)
                .Select(region => region.First())
                .Take(DefaultServers),
        ];
}
