using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using SwarmOps.GeoDns.Wire;
using SwarmOps.Nodes;

namespace SwarmOps.GeoDns.Formation;

/// <summary>Validation that needs no node.</summary>
internal static partial class GeoDnsRules
{
    /// <summary>As many servers and their addresses fit into an answer of 512 bytes.</summary>
    public const int MostServers = 8;

    /// <summary>RFC 1035; room for <c>ns8.</c> in front.</summary>
    private const int LongestZone = 240;

    /// <summary>A zone as it is stored: lower case, without the final dot.</summary>
    /// <exception cref="SwarmOpsException"><c>GeoDnsZoneInvalid</c>.</exception>
    public static string Zone(string zone)
    {
        var plain = zone.Trim().TrimEnd('.').ToLowerInvariant();
        return plain.Length <= LongestZone && ZonePattern().IsMatch(plain) ? plain : throw GeoDnsErrors.GeoDnsZoneInvalid(zone);
    }

    /// <summary>Checks a request.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="GeoDnsErrors"/> about parameters.</exception>
    public static void Check(NewGeoDnsRequest request)
    {
        _ = Zone(request.Zone);
        if (request.NameServers is { Count: > MostServers } servers)
            throw GeoDnsErrors.GeoDnsTooManyServers(servers.Count, MostServers);
        foreach (var record in request.Records ?? [])
            CheckRecord(record);
        if (request.HealthPath is { Length: > 0 } path && !PathPattern().IsMatch(path))
            throw GeoDnsErrors.GeoDnsHealthInvalid($"'{path}' is not an absolute path");
        if (request.HealthHost is { Length: > 0 } host && !NodeAddress.IsHostName(host))
            throw GeoDnsErrors.GeoDnsHealthInvalid($"'{host}' is not a host name");
    }

    /// <summary>Checks a name to answer.</summary>
    /// <exception cref="SwarmOpsException"><c>GeoDnsRecordInvalid</c>.</exception>
    public static void CheckRecord(string record)
    {
        if (record != "@" && (!RecordPattern().IsMatch(record) || ServerPattern().IsMatch(record)))
            throw GeoDnsErrors.GeoDnsRecordInvalid(record);
    }

    /// <summary>Checks the name of a region: it becomes part of a configuration file.</summary>
    /// <exception cref="SwarmOpsException"><c>GeoDnsRegionNameInvalid</c>.</exception>
    public static void CheckRegion(string region)
    {
        if (!RegionPattern().IsMatch(region))
            throw GeoDnsErrors.GeoDnsRegionNameInvalid(region);
    }

    /// <summary>Latitude and longitude.</summary>
    /// <exception cref="SwarmOpsException"><c>GeoDnsCoordinateInvalid</c>.</exception>
    public static (double Latitude, double Longitude) Place(string region, string text)
    {
        var numbers = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        return
            numbers is [var north, var east]
            && double.TryParse(north, NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
            && double.TryParse(east, NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude)
            && Math.Abs(latitude) <= 90
            && Math.Abs(longitude) <= 180
            ? (latitude, longitude)
            : throw GeoDnsErrors.GeoDnsCoordinateInvalid(region, text);
    }

    /// <summary>The region of each network.</summary>
    /// <exception cref="SwarmOpsException"><c>GeoDnsNetworkInvalid</c>, <c>GeoDnsRegionUnknown</c>.</exception>
    public static IReadOnlyDictionary<string, string> Networks(
        IReadOnlyDictionary<string, IReadOnlyList<string>> map,
        IReadOnlyCollection<string> regions
    )
    {
        var networks = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (region, listed) in map)
        {
            if (!regions.Contains(region))
                throw GeoDnsErrors.GeoDnsRegionUnknown(region, regions);
            foreach (var text in listed)
            {
                if (!text.Contains('/', StringComparison.Ordinal) || DnsNetwork.TryParse(text) is not { } network)
                    throw GeoDnsErrors.GeoDnsNetworkInvalid(text, "it is not a network in CIDR form");
                if (network.ToString() != text.Trim())
                    throw GeoDnsErrors.GeoDnsNetworkInvalid(text, $"it has bits behind its prefix; the network is {network}");
                if (networks.TryGetValue(network.ToString(), out var other) && other != region)
                    throw GeoDnsErrors.GeoDnsNetworkInvalid(text, $"it is mapped to '{other}' and to '{region}'");
                networks[network.ToString()] = region;
            }
        }

        return networks;
    }

    /// <summary>The clients to ask for.</summary>
    /// <exception cref="SwarmOpsException"><c>GeoDnsClientInvalid</c>.</exception>
    public static IReadOnlyList<DnsNetwork> Clients(IEnumerable<string> texts) =>
        [.. texts.Select(text => DnsNetwork.TryParse(text) ?? throw GeoDnsErrors.GeoDnsClientInvalid(text))];

    /// <summary>The address of a resolver.</summary>
    /// <exception cref="SwarmOpsException"><c>GeoDnsResolverInvalid</c>.</exception>
    public static IPEndPoint Resolver(string text) =>
        NodeAddress.TryParse(text) is { } address
            ? new IPEndPoint(address, DnsClient.Port)
            : throw GeoDnsErrors.GeoDnsResolverInvalid(text);

    [GeneratedRegex("^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ZonePattern();

    [GeneratedRegex(
        "^(?:\\*|[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)(?:\\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)*\\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex RecordPattern();

    [GeneratedRegex("^ns[0-9]+\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ServerPattern();

    [GeneratedRegex("^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62})\\z", RegexOptions.CultureInvariant)]
    private static partial Regex RegionPattern();

    [GeneratedRegex("^/[!#-&(-;=?-~]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}
