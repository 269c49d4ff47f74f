using SwarmOps.Aws.Dns.Api;

namespace SwarmOps.Aws.Dns;

/// <summary>Finds the hosted zone that the world asks.</summary>
internal static class ZoneFinder
{
    /// <summary>The public zone of a name.</summary>
    /// <param name="route53">The account.</param>
    /// <param name="name">The name.</param>
    /// <param name="id">Its id, where several have the name; null for none.</param>
    /// <exception cref="SwarmOpsException"><c>DnsZoneInvalid</c>, <c>DnsZoneNotFound</c>, <c>DnsZoneAmbiguous</c>; those of <see cref="Route53Errors"/>.</exception>
    public static async Task<HostedZone> FindAsync(Route53 route53, string name, string? id)
    {
        var zone = DnsNames.Zone(name);
        var named = (await route53.ZonesAsync(zone).ConfigureAwait(false)).Where(found => !found.IsPrivate).ToList();
        var chosen = id is null ? named : named.FindAll(found => found.Id == id);
        if (chosen is [var only])
            return only;
        if (chosen.Count > 1)
            throw DnsRecordErrors.DnsZoneAmbiguous(zone, [.. chosen.Select(found => found.Id)]);
        var all = await route53.ZonesAsync(null).ConfigureAwait(false);
        throw DnsRecordErrors.DnsZoneNotFound(
            id is null ? zone : $"{zone} ({id})",
            [.. all.Where(found => !found.IsPrivate).Select(found => id is null ? found.Name : $"{found.Name} ({found.Id})")]
        );
    }
}
