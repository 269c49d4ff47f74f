using SwarmOps.Aws.Dns.Api;

namespace SwarmOps.Aws.Dns;

/// <summary>What Route 53 has for a name.</summary>
/// <param name="Name">The full name.</param>
/// <param name="Records">All record sets of the name, and of the names of its regions.</param>
/// <param name="Checks">The health checks that the module created for the name.</param>
/// <param name="Tags">The tags of these checks, by id.</param>
internal sealed record DnsPresent(
    string Name,
    IReadOnlyList<DnsRecordSet> Records,
    IReadOnlyList<HealthCheck> Checks,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Tags
)
{
    /// <summary>The record sets that the module created.</summary>
    public IEnumerable<DnsRecordSet> Own =>
        Records.Where(record =>
            DnsNames.Parse(record.SetIdentifier) is not null
            && (record.Name == Name || DnsNames.IsUnder(record.Name, DnsNames.RegionsOf(Name)))
        );

    /// <summary>The nodes' own records.</summary>
    public IEnumerable<DnsRecordSet> OwnNodes => Own.Where(record => record.Name != Name);

    /// <summary>The latency records.</summary>
    public IEnumerable<DnsRecordSet> OwnRegions => Own.Where(record => record.Name == Name);

    /// <summary>The address of a node in its record; null when it has none.</summary>
    public string? AddressOf(string node) =>
        OwnNodes.FirstOrDefault(record => DnsNames.Parse(record.SetIdentifier)?.Item == node)?.Values is [var address, ..] ? address : null;

    /// <summary>The settings that most of the checks in use have; null when there is none.</summary>
    public HealthCheckSettings? Settings =>
        OwnNodes
            .Select(record => Checks.FirstOrDefault(check => check.Id == record.HealthCheckId)?.Settings)
            .OfType<HealthCheckSettings>()
            .GroupBy(settings => settings)
            .OrderByDescending(group => group.Count())
            .FirstOrDefault()
            ?.Key;

    /// <summary>Reads it.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>.</exception>
    public static async Task<DnsPresent> ReadAsync(Route53 route53, HostedZone zone, string name)
    {
        var own = await route53.RecordsAsync(zone, name, withSubdomains: false).ConfigureAwait(false);
        var regions = await route53.RecordsAsync(zone, DnsNames.RegionsOf(name), withSubdomains: true).ConfigureAwait(false);
        var prefix = DnsNames.ReferencePrefix(zone, name);
        List<HealthCheck> checks =
        [
            .. (await route53.HealthChecksAsync().ConfigureAwait(false))
                .Where(check => check.CallerReference.StartsWith(prefix, StringComparison.Ordinal))
                .OrderBy(check => check.Id, StringComparer.Ordinal),
        ];
        var tags = await route53.TagsAsync(checks.Select(check => check.Id)).ConfigureAwait(false);
        return new DnsPresent(name, [.. own, .. regions], checks, tags);
    }
}
