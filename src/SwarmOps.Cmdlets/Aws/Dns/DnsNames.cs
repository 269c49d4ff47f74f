using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SwarmOps.Aws.Dns.Api;

namespace SwarmOps.Aws.Dns;

/// <summary>The names of what the module creates in Route 53, by which a later run finds it.</summary>
internal static partial class DnsNames
{
    /// <summary>The name of the zone itself, as a record.</summary>
    public const string Apex = "@";

    private const string Owner = "swarmops/";

    /// <summary>The label above the regions: no host name has an underscore, so it is in nobody's way.</summary>
    private const string RegionsLabel = "_swarm";

    /// <summary>Longest name in DNS (RFC 1035).</summary>
    private const int LongestName = 253;

    /// <summary>A name in lower case, without the final dot.</summary>
    public static string Plain(string name) => name.TrimEnd('.').ToLowerInvariant();

    /// <summary>Whether a name is below another one.</summary>
    public static bool IsUnder(string name, string parent) => name.EndsWith("." + parent, StringComparison.Ordinal);

    /// <summary>Checks the name of a zone.</summary>
    /// <exception cref="SwarmOpsException"><c>DnsZoneInvalid</c>.</exception>
    public static string Zone(string text) =>
        Plain(text) is var zone && zone.Contains('.', StringComparison.Ordinal) && IsName(zone)
            ? zone
            : throw DnsRecordErrors.DnsZoneInvalid(text);

    /// <summary>The full name of a record: relative to the zone, <c>@</c> for the zone itself, or with the zone's name.</summary>
    /// <exception cref="SwarmOpsException"><c>DnsRecordNameInvalid</c>.</exception>
    public static string Record(string text, string zone)
    {
        var name = Plain(text);
        var full =
            name == Apex || name == zone ? zone
            : IsUnder(name, zone) ? name
            : $"{name}.{zone}";
        return IsName(full) && full.Length <= LongestName - RegionsLabel.Length - 2 - LongestRegion
            ? full
            : throw DnsRecordErrors.DnsRecordNameInvalid(text, zone);
    }

    /// <summary>The name above those of all regions.</summary>
    public static string RegionsOf(string record) => $"{RegionsLabel}.{record}";

    /// <summary>The name that a region's nodes are answered for.</summary>
    public static string RegionName(string record, string region) => $"{region}.{RegionsOf(record)}";

    /// <summary>The region in such a name.</summary>
    public static string RegionIn(string name, string record) => name[..^(RegionsOf(record).Length + 1)];

    /// <summary>The set identifier of a region's, or a node's, record: it tells whose it is.</summary>
    public static string SetIdentifier(string service, string item) => $"{Owner}{service}/{item}";

    /// <summary>Service and region, or node, of a set identifier; null when it is not the module's.</summary>
    public static (string Service, string Item)? Parse(string? setIdentifier) =>
        setIdentifier?.StartsWith(Owner, StringComparison.Ordinal) is true
        && setIdentifier[Owner.Length..].Split('/', 2) is [var service, var item]
            ? (service, item)
            : null;

    /// <summary>How the caller references of a record's health checks begin. At most 64 characters are allowed, so it is a hash.</summary>
    public static string ReferencePrefix(HostedZone zone, string record) => $"swarmops-{Hash($"{zone.Id}/{record}")}-";

    /// <summary>The caller reference of a health check: the same check has the same one, so a repeated call makes no second check.</summary>
    public static string Reference(HostedZone zone, string record, string address, HealthCheckSettings settings) =>
        ReferencePrefix(zone, record) + Hash($"{address}/{settings}");

    /// <summary>A caller reference for a check like one that was deleted: Route 53 takes no reference twice.</summary>
    public static string ReferenceAgain(string reference, DateTime now) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{reference}-{now:yyyyMMddHHmmss}");

    private const int LongestRegion = 24;

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16].ToLowerInvariant();

    private static bool IsName(string name) => name.Length <= LongestName && Name().IsMatch(name);

    [GeneratedRegex("^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$")]
    private static partial Regex Name();
}
