using System.Net;
using SwarmOps.Aws.Dns.Api;
using SwarmOps.Aws.Session;
using SwarmOps.Nodes;
using SwarmOps.Services.Edge;

namespace SwarmOps.Aws.Dns;

/// <summary>Decides what a name is to answer, from what was specified, what its records have and what the swarm has. Asks nobody.</summary>
/// <param name="request">What was specified.</param>
/// <param name="present">What Route 53 has.</param>
internal sealed class DnsWishBuilder(SyncDnsRecordRequest request, DnsPresent present)
{
    private const int DefaultTtlSeconds = 60;

    /// <summary>Longest path of a health check, from the API Reference.</summary>
    private const int LongestPath = 255;

    /// <summary>What the name is to answer.</summary>
    /// <param name="zone">The hosted zone.</param>
    /// <param name="swarmId">The swarm.</param>
    /// <param name="edge">The edge service.</param>
    /// <param name="members">The members of the swarm.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="DnsRecordErrors"/>.</exception>
    public DnsWish Make(HostedZone zone, string swarmId, EdgeFacts edge, IReadOnlyList<EdgeMember> members)
    {
        var regions = edge
            .Regions.GroupBy(AwsRegion, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new DnsRegion(group.Key, Nodes(members, [.. group])))
            .Where(region => region.Nodes.Count > 0)
            .ToList();
        return regions.Count == 0
            ? throw DnsRecordErrors.DnsServiceHasNoNodes(request.Service)
            : new DnsWish(zone, present.Name, request.Service, swarmId)
            {
                TtlSeconds =
                    request.TtlSeconds
                    ?? present.OwnNodes.Select(record => record.TtlSeconds).FirstOrDefault(ttl => ttl is not null)
                    ?? DefaultTtlSeconds,
                Health = Health(edge),
                Regions = regions,
            };
    }

    private string AwsRegion(string region)
    {
        if (request.RegionMap.TryGetValue(region, out var mapped))
            return RegionNames.Check(mapped);
        return RegionNames.Known.Any(known => known.SystemName == region) ? region : throw DnsRecordErrors.DnsRegionUnknown(region);
    }

    /// <summary>All nodes of the regions: the health checks know which of them serve.</summary>
    private static List<DnsNode> Nodes(IReadOnlyList<EdgeMember> members, IReadOnlyCollection<string> regions)
    {
        List<DnsNode> nodes =
        [
            .. members
                .Where(member => member.Region is { } region && regions.Contains(region))
                .OrderBy(member => member.Name, StringComparer.Ordinal)
                .Select(member => new DnsNode(member.Name, member.Address ?? throw DnsRecordErrors.DnsAddressUnknown(member.Name))),
        ];
        return nodes.Find(node => NodeAddress.IsPrivate(IPAddress.Parse(node.Address))) is { } hidden
            ? throw DnsRecordErrors.DnsAddressPrivate(hidden)
            : nodes;
    }

    private HealthCheckSettings Health(EdgeFacts edge)
    {
        var known = present.Settings;
        var isTls = request.HealthTls ?? known?.IsTls ?? false;
        var path = request.HealthPath is { } text ? (text.Length > 0 ? text : null) : known?.Path;
        var host = request.HealthHost is { } name ? (name.Length > 0 ? name : null) : known?.Host;
        if (path is not null && (path[0] != '/' || path.Length > LongestPath || path.Any(letter => letter <= ' ' || letter > '~')))
            throw DnsRecordErrors.DnsHealthInvalid($"'{path}' is no path");
        if (host is not null && !NodeAddress.IsHostName(host))
            throw DnsRecordErrors.DnsHealthInvalid($"'{host}' is no host name");
        if (path is null && isTls)
            throw DnsRecordErrors.DnsHealthInvalid("over TLS, Route 53 needs a path to request");
        return new HealthCheckSettings
        {
            Port =
                request.HealthPort
                ?? known?.Port
                ?? (edge.Port > 0 ? edge.Port : throw DnsRecordErrors.DnsServiceHasNoTcpPort(request.Service)),
            IsTls = isTls,
            Path = path,
            Host = path is null ? null : host,
            IntervalSeconds = request.HealthIntervalSeconds ?? known?.IntervalSeconds ?? 30,
            Retries = request.HealthRetries ?? known?.Retries ?? 3,
        };
    }
}
