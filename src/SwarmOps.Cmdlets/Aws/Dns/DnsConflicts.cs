using SwarmOps.Aws.Dns.Api;

namespace SwarmOps.Aws.Dns;

/// <summary>What someone else has under a name: it is never changed.</summary>
internal static class DnsConflicts
{
    /// <summary>Refuses a name that someone else answers, or that belongs to another service or swarm.</summary>
    /// <param name="wish">What the name is to answer.</param>
    /// <param name="present">What there is.</param>
    /// <param name="isForced">Whether records of another swarm may be taken over.</param>
    /// <returns>Latency records of someone else for other regions, which stay beside the module's.</returns>
    /// <exception cref="SwarmOpsException"><c>DnsNameTaken</c>, <c>DnsNameOfOtherService</c>, <c>DnsNameOfOtherSwarm</c>.</exception>
    public static IReadOnlyList<DnsRecordSet> Check(DnsWish wish, DnsPresent present, bool isForced)
    {
        var wanted = wish.Regions.Select(region => region.Name).ToHashSet(StringComparer.Ordinal);
        var foreign = present
            .Records.Where(record => DnsNames.Parse(record.SetIdentifier) is null && record.Type is ("A" or "CNAME"))
            .ToList();
        if (foreign.Find(record => !IsBeside(record, wish, wanted)) is { } taken)
            throw DnsRecordErrors.DnsNameTaken(taken);
        var other = present
            .Own.Select(record => DnsNames.Parse(record.SetIdentifier)!.Value.Service)
            .FirstOrDefault(name => name != wish.Service);
        if (other is not null)
            throw DnsRecordErrors.DnsNameOfOtherService(wish, other);
        var swarm = present
            .Tags.Values.Select(tags => tags.GetValueOrDefault(DnsTags.Swarm))
            .FirstOrDefault(swarm => swarm is not null && swarm != wish.SwarmId);
        return swarm is null || isForced ? foreign : throw DnsRecordErrors.DnsNameOfOtherSwarm(wish, swarm);
    }

    /// <summary>Route 53 allows one latency record for each region, and no other kind beside them.</summary>
    private static bool IsBeside(DnsRecordSet record, DnsWish wish, HashSet<string> wanted) =>
        record.Name == wish.Name && record.Type == "A" && record.Region is { } region && !wanted.Contains(region);
}
