using System.Xml.Linq;

namespace SwarmOps.Aws.Dns.Api;

/// <summary>The calls of Route 53 that the module makes.</summary>
/// <param name="client">Sends them.</param>
/// <param name="cancellationToken">Ends them.</param>
internal sealed class Route53(Route53Client client, CancellationToken cancellationToken)
{
    /// <summary>How many health checks one question about tags may name.</summary>
    private const int TagsAtOnce = 10;

    private static readonly XNamespace Xml = Route53Client.Namespace;

    /// <summary>The hosted zones of a name, public and private; or with null all zones.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>.</exception>
    public async Task<IReadOnlyList<HostedZone>> ZonesAsync(string? name)
    {
        var zones = new List<HostedZone>();
        var query = name is null ? "" : $"?dnsname={Uri.EscapeDataString(name)}";
        while (true)
        {
            var answer = await ReadAsync("ListHostedZonesByName", $"hostedzonesbyname{query}").ConfigureAwait(false);
            var page = Items(answer, "HostedZones", "HostedZone").Select(Zone).ToList();
            zones.AddRange(page.Where(zone => name is null || zone.Name == name));
            // Zones come in order of their names, so the first other one ends the list.
            if (!IsTruncated(answer) || (name is not null && page.Any(zone => zone.Name != name)))
                return zones;
            query =
                $"?dnsname={Uri.EscapeDataString(Text(answer, "NextDNSName"))}&hostedzoneid={Uri.EscapeDataString(Text(answer, "NextHostedZoneId"))}";
        }
    }

    /// <summary>The record sets of a name, and with <paramref name="withSubdomains"/> of all names under it.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>.</exception>
    public async Task<IReadOnlyList<DnsRecordSet>> RecordsAsync(HostedZone zone, string name, bool withSubdomains)
    {
        var records = new List<DnsRecordSet>();
        var query = $"?name={Uri.EscapeDataString(name + ".")}";
        while (true)
        {
            var answer = await ReadAsync("ListResourceRecordSets", $"hostedzone/{zone.Id}/rrset{query}").ConfigureAwait(false);
            var page = Items(answer, "ResourceRecordSets", "ResourceRecordSet").Select(element => new DnsRecordSet(element)).ToList();
            var own = page.Where(record => record.Name == name || (withSubdomains && DnsNames.IsUnder(record.Name, name))).ToList();
            records.AddRange(own);
            // Names come in the order of their labels from the right, so a name is followed by those under it.
            if (!IsTruncated(answer) || own.Count < page.Count)
                return records;
            query =
                $"?name={Uri.EscapeDataString(Text(answer, "NextRecordName"))}&type={Uri.EscapeDataString(Text(answer, "NextRecordType"))}";
            if (Text(answer, "NextRecordIdentifier") is { Length: > 0 } identifier)
                query += $"&identifier={Uri.EscapeDataString(identifier)}";
        }
    }

    /// <summary>All health checks of the account.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>.</exception>
    public async Task<IReadOnlyList<HealthCheck>> HealthChecksAsync()
    {
        var checks = new List<HealthCheck>();
        var query = "";
        while (true)
        {
            var answer = await ReadAsync("ListHealthChecks", $"healthcheck{query}").ConfigureAwait(false);
            checks.AddRange(Items(answer, "HealthChecks", "HealthCheck").Select(HealthCheck.From));
            if (!IsTruncated(answer))
                return checks;
            query = $"?marker={Uri.EscapeDataString(Text(answer, "NextMarker"))}";
        }
    }

    /// <summary>The tags of health checks, by id of the check.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> TagsAsync(IEnumerable<string> healthCheckIds)
    {
        var tags = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var some in healthCheckIds.Chunk(TagsAtOnce))
        {
            var body = new XElement(
                Xml + "ListTagsForResourcesRequest",
                new XElement(Xml + "ResourceIds", some.Select(id => new XElement(Xml + "ResourceId", id)))
            );
            var answer = await client
                .AskAsync("ListTagsForResources", HttpMethod.Post, "tags/healthcheck", body, isRepeatable: true, cancellationToken)
                .ConfigureAwait(false);
            foreach (var set in Items(Whole("ListTagsForResources", answer), "ResourceTagSets", "ResourceTagSet"))
                tags[Text(set, "ResourceId")] = Items(set, "Tags", "Tag")
                    .ToDictionary(tag => Text(tag, "Key"), tag => Text(tag, "Value"), StringComparer.Ordinal);
        }

        return tags;
    }

    /// <summary>Sets tags of a health check.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>.</exception>
    public Task TagAsync(string healthCheckId, IReadOnlyDictionary<string, string> tags)
    {
        var body = new XElement(
            Xml + "ChangeTagsForResourceRequest",
            new XElement(
                Xml + "AddTags",
                tags.Select(tag => new XElement(Xml + "Tag", new XElement(Xml + "Key", tag.Key), new XElement(Xml + "Value", tag.Value)))
            )
        );
        var path = $"tags/healthcheck/{Uri.EscapeDataString(healthCheckId)}";
        return client.AskAsync("ChangeTagsForResource", HttpMethod.Post, path, body, isRepeatable: true, cancellationToken);
    }

    /// <summary>Creates a health check. The same reference with the same settings gives the one that exists.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>.</exception>
    public async Task<string> CreateHealthCheckAsync(string callerReference, string address, HealthCheckSettings settings)
    {
        var body = new XElement(
            Xml + "CreateHealthCheckRequest",
            new XElement(Xml + "CallerReference", callerReference),
            settings.ToXml(address)
        );
        var answer = await client
            .AskAsync("CreateHealthCheck", HttpMethod.Post, "healthcheck", body, isRepeatable: true, cancellationToken)
            .ConfigureAwait(false);
        return HealthCheck.From(Whole("CreateHealthCheck", answer).Element(Xml + "HealthCheck") ?? new XElement(Xml + "HealthCheck")).Id;
    }

    /// <summary>Deletes a health check; one that is gone already is no error.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>.</exception>
    public async Task DeleteHealthCheckAsync(string id)
    {
        try
        {
            var path = $"healthcheck/{Uri.EscapeDataString(id)}";
            await client
                .AskAsync("DeleteHealthCheck", HttpMethod.Delete, path, null, isRepeatable: true, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (Route53Errors.CodeOf(error) == "NoSuchHealthCheck")
        {
            // Deleted by an earlier attempt, or by someone else.
        }
    }

    /// <summary>Changes record sets, all of them or none.</summary>
    /// <returns>The id of the change.</returns>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>; the code <see cref="Route53Errors.InvalidChange"/> when the zone has changed meanwhile.</exception>
    public async Task<string> ChangeAsync(HostedZone zone, IEnumerable<DnsRecordSet> upserts, IEnumerable<DnsRecordSet> deletes)
    {
        var changes = upserts.Select(record => Change("UPSERT", record)).Concat(deletes.Select(record => Change("DELETE", record)));
        var body = new XElement(
            Xml + "ChangeResourceRecordSetsRequest",
            new XElement(Xml + "ChangeBatch", new XElement(Xml + "Comment", "SwarmOps"), new XElement(Xml + "Changes", changes))
        );
        var answer = await client
            .AskAsync(
                "ChangeResourceRecordSets",
                HttpMethod.Post,
                $"hostedzone/{zone.Id}/rrset/",
                body,
                isRepeatable: false,
                cancellationToken
            )
            .ConfigureAwait(false);
        return LastPart(
            Text(Whole("ChangeResourceRecordSets", answer).Element(Xml + "ChangeInfo") ?? new XElement(Xml + "ChangeInfo"), "Id")
        );
    }

    /// <summary>Whether all of Route 53's name servers have a change.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>.</exception>
    public async Task<bool> IsInSyncAsync(string changeId)
    {
        var answer = await ReadAsync("GetChange", $"change/{Uri.EscapeDataString(changeId)}").ConfigureAwait(false);
        return answer.Element(Xml + "ChangeInfo") is { } change && Text(change, "Status") == "INSYNC";
    }

    private async Task<XElement> ReadAsync(string action, string path) =>
        Whole(
            action,
            await client.AskAsync(action, HttpMethod.Get, path, null, isRepeatable: true, cancellationToken).ConfigureAwait(false)
        );

    /// <summary>The answer to a call. An empty or another one says nothing: it is never taken for an empty list, or for a change that was made.</summary>
    /// <exception cref="SwarmOpsException"><c>Route53CallFailed</c>.</exception>
    private static XElement Whole(string action, XElement? answer) =>
        answer?.Name == Xml + $"{action}Response"
            ? answer
            : throw Route53Errors.From(new InvalidDataException($"the answer to {action} is not one of Route 53."));

    private static XElement Change(string action, DnsRecordSet record) =>
        new(Xml + "Change", new XElement(Xml + "Action", action), new XElement(record.Element));

    private static HostedZone Zone(XElement element) =>
        new(
            LastPart(Text(element, "Id")),
            DnsNames.Plain(Text(element, "Name")),
            string.Equals(
                (string?)element.Element(Xml + "Config")?.Element(Xml + "PrivateZone"),
                "true",
                StringComparison.OrdinalIgnoreCase
            )
        );

    private static IEnumerable<XElement> Items(XElement answer, string list, string item) =>
        answer.Element(Xml + list)?.Elements(Xml + item) ?? [];

    private static string Text(XElement element, string name) => (string?)element.Element(Xml + name) ?? "";

    private static bool IsTruncated(XElement answer) =>
        string.Equals(Text(answer, "IsTruncated"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Ids come as paths, such as <c>/hostedzone/Z1D633PJN98FT9</c>.</summary>
    private static string LastPart(string id) => id[(id.LastIndexOf('/') + 1)..];
}
