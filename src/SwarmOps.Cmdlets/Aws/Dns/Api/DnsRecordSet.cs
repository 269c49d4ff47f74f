using System.Globalization;
using System.Xml.Linq;

namespace SwarmOps.Aws.Dns.Api;

/// <summary>A set of records of one name, type and set identifier.</summary>
/// <param name="element">The element that Route 53 sent; what is deleted must be sent back as it was read.</param>
internal sealed class DnsRecordSet(XElement element)
{
    private static readonly XNamespace Xml = Route53Client.Namespace;

    /// <summary>The element, as Route 53 sent it or takes it.</summary>
    public XElement Element { get; } = element;

    /// <summary>The name, in lower case, without the final dot.</summary>
    public string Name { get; } = DnsNames.Plain((string?)element.Element(Xml + "Name") ?? "");

    /// <summary>The type, such as A.</summary>
    public string Type { get; } = (string?)element.Element(Xml + "Type") ?? "";

    /// <summary>What tells apart sets of one name and type; null for a simple record.</summary>
    public string? SetIdentifier { get; } = (string?)element.Element(Xml + "SetIdentifier");

    /// <summary>The AWS region of a latency record; null for another kind.</summary>
    public string? Region { get; } = (string?)element.Element(Xml + "Region");

    /// <summary>The health check; null for none.</summary>
    public string? HealthCheckId { get; } = (string?)element.Element(Xml + "HealthCheckId");

    /// <summary>The time to live, in seconds; null for an alias.</summary>
    public int? TtlSeconds { get; } =
        element.Element(Xml + "AliasTarget") is null
        && int.TryParse((string?)element.Element(Xml + "TTL"), NumberStyles.None, CultureInfo.InvariantCulture, out var ttl)
            ? ttl
            : null;

    /// <summary>The values; empty for an alias.</summary>
    public IReadOnlyList<string> Values { get; } =
    [
        .. (element.Element(Xml + "ResourceRecords")?.Elements(Xml + "ResourceRecord") ?? []).Select(record =>
            (string?)record.Element(Xml + "Value") ?? ""
        ),
    ];

    /// <summary>Whether healthy sets of this name and type are answered together.</summary>
    public bool IsMultiValue { get; } = IsTrue(element.Element(Xml + "MultiValueAnswer"));

    /// <summary>The name that an alias points to; null for no alias.</summary>
    public string? AliasName { get; } =
        (string?)element.Element(Xml + "AliasTarget")?.Element(Xml + "DNSName") is { } name ? DnsNames.Plain(name) : null;

    private string? AliasZone { get; } = (string?)element.Element(Xml + "AliasTarget")?.Element(Xml + "HostedZoneId");

    private bool EvaluatesTarget { get; } = IsTrue(element.Element(Xml + "AliasTarget")?.Element(Xml + "EvaluateTargetHealth"));

    /// <summary>A latency record that sends the clients near an AWS region to the healthy records of another name in the same zone.</summary>
    public static DnsRecordSet Latency(string name, string identifier, string region, string target, HostedZone zone) =>
        new(
            new XElement(
                Xml + "ResourceRecordSet",
                new XElement(Xml + "Name", name + "."),
                new XElement(Xml + "Type", "A"),
                new XElement(Xml + "SetIdentifier", identifier),
                new XElement(Xml + "Region", region),
                new XElement(
                    Xml + "AliasTarget",
                    new XElement(Xml + "HostedZoneId", zone.Id),
                    new XElement(Xml + "DNSName", target + "."),
                    new XElement(Xml + "EvaluateTargetHealth", "true")
                )
            )
        );

    /// <summary>A record of one address, which is answered while its health check passes.</summary>
    public static DnsRecordSet Address(string name, string identifier, string address, int ttlSeconds, string healthCheckId) =>
        new(
            new XElement(
                Xml + "ResourceRecordSet",
                new XElement(Xml + "Name", name + "."),
                new XElement(Xml + "Type", "A"),
                new XElement(Xml + "SetIdentifier", identifier),
                new XElement(Xml + "MultiValueAnswer", "true"),
                new XElement(Xml + "TTL", ttlSeconds.ToString(CultureInfo.InvariantCulture)),
                new XElement(Xml + "ResourceRecords", new XElement(Xml + "ResourceRecord", new XElement(Xml + "Value", address))),
                new XElement(Xml + "HealthCheckId", healthCheckId)
            )
        );

    /// <summary>Whether both are of the same name, type and set identifier, so that one replaces the other.</summary>
    public bool Replaces(DnsRecordSet other) => Name == other.Name && Type == other.Type && SetIdentifier == other.SetIdentifier;

    /// <summary>Whether both answer the same.</summary>
    public bool SameAs(DnsRecordSet other) =>
        Replaces(other)
        && Region == other.Region
        && HealthCheckId == other.HealthCheckId
        && TtlSeconds == other.TtlSeconds
        && IsMultiValue == other.IsMultiValue
        && Values.SequenceEqual(other.Values)
        && AliasName == other.AliasName
        && AliasZone == other.AliasZone
        && EvaluatesTarget == other.EvaluatesTarget;

    private static bool IsTrue(XElement? text) => string.Equals((string?)text, "true", StringComparison.OrdinalIgnoreCase);
}
