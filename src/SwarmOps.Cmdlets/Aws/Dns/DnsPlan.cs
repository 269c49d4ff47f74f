using SwarmOps.Aws.Dns.Api;

namespace SwarmOps.Aws.Dns;

/// <summary>Compares what a name is to answer with what Route 53 has. Asks nobody.</summary>
/// <param name="wish">What it is to answer.</param>
/// <param name="present">What there is.</param>
internal sealed class DnsPlan(DnsWish wish, DnsPresent present)
{
    /// <summary>The regions to answer, and those that are answered and must not be.</summary>
    public IReadOnlyList<DnsRegionChange> Changes()
    {
        var wanted = wish.Regions.Select(region => region.Name).ToHashSet(StringComparer.Ordinal);
        var gone = present
            .Own.Select(RegionOf)
            .Where(region => !wanted.Contains(region))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(region => new DnsRegion(region, []));
        return [.. wish.Regions.Concat(gone).Select(Compare)];
    }

    /// <summary>Health checks that no record uses and no region needs: an earlier run that was interrupted left them.</summary>
    public IReadOnlyList<HealthCheck> Orphans()
    {
        var used = present.Records.Select(record => record.HealthCheckId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var needed = wish
            .Regions.SelectMany(region => region.Nodes)
            .Select(Choose)
            .OfType<HealthCheck>()
            .Select(check => check.Id)
            .ToHashSet();
        return [.. present.Checks.Where(check => !used.Contains(check.Id) && !needed.Contains(check.Id))];
    }

    /// <summary>What an admin has set by hand in the checks in use, and is left as it is.</summary>
    public IEnumerable<string> Overrides() =>
        wish.Regions.SelectMany(region => region.Nodes).Select(node => (Node: node, Check: Choose(node))).Select(Override).OfType<string>();

    private static string? Override((DnsNode Node, HealthCheck? Check) pair) =>
        pair.Check switch
        {
            // Disabled counts as healthy, and inverted turns that round (API Reference, HealthCheckConfig).
            { IsInverted: true, IsDisabled: true } =>
                $"{pair.Node} is taken out of DNS by hand: its health check {pair.Check.Id} is disabled and inverted. It was left as it is.",
            { IsInverted: true } =>
                $"The health check {pair.Check.Id} of {pair.Node} is inverted: clients are sent there only while it fails. It was left as it is.",
            { IsDisabled: true } =>
                $"The health check {pair.Check.Id} of {pair.Node} is disabled: clients are sent there even if it fails. It was left as it is.",
            _ => null,
        };

    private DnsRegionChange Compare(DnsRegion region)
    {
        var words = new List<string>();
        var checks = new Dictionary<string, HealthCheck>(StringComparer.Ordinal);
        var (newChecks, untagged, newRecords) = (new List<DnsNode>(), new List<DnsNode>(), new List<DnsNode>());
        foreach (var node in region.Nodes)
        {
            if (Choose(node) is not { } check)
            {
                newChecks.Add(node);
                words.Add($"create a health check of {node}: {wish.Health}");
            }
            else
            {
                checks[node.Name] = check;
                if (!HasTags(check, node))
                {
                    untagged.Add(node);
                    words.Add($"tag the health check of {node}");
                }
            }

            var there = RecordOf(region.Name, node);
            if (there is null || !checks.TryGetValue(node.Name, out var right) || !NodeRecord(region.Name, node, right.Id).SameAs(there))
            {
                newRecords.Add(node);
                words.Add(
                    $"{(there is null ? "answer" : "change")} {DnsNames.RegionName(wish.Name, region.Name)} {(there is null ? "with" : "to")} {node}, time to live {wish.TtlSeconds} s"
                );
            }
        }

        var latency = Latency(region, words);
        var deleted = Deleted(region, words);
        var freed = Freed(region, words);
        return new DnsRegionChange(region.Name, region.Nodes)
        {
            Checks = checks,
            NewChecks = newChecks,
            Untagged = untagged,
            NewRecords = newRecords,
            Latency = latency,
            Deleted = deleted,
            Freed = freed,
            Words = words,
        };
    }

    /// <summary>The record of a node.</summary>
    public DnsRecordSet NodeRecord(string region, DnsNode node, string healthCheckId) =>
        DnsRecordSet.Address(
            DnsNames.RegionName(wish.Name, region),
            DnsNames.SetIdentifier(wish.Service, node.Name),
            node.Address,
            wish.TtlSeconds,
            healthCheckId
        );

    private DnsRecordSet? Latency(DnsRegion region, List<string> words)
    {
        if (region.Nodes.Count == 0)
            return null;
        var target = DnsNames.RegionName(wish.Name, region.Name);
        var wanted = DnsRecordSet.Latency(wish.Name, DnsNames.SetIdentifier(wish.Service, region.Name), region.Name, target, wish.Zone);
        var there = present.Own.FirstOrDefault(wanted.Replaces);
        if (there is not null && wanted.SameAs(there))
            return null;
        words.Add($"{(there is null ? "send" : "send again")} clients near {region.Name} to {target}");
        return wanted;
    }

    private List<DnsRecordSet> Deleted(DnsRegion region, List<string> words)
    {
        var names = region.Nodes.Select(node => DnsNames.SetIdentifier(wish.Service, node.Name)).ToHashSet(StringComparer.Ordinal);
        List<DnsRecordSet> deleted =
        [
            .. present.Own.Where(record =>
                RegionOf(record) == region.Name
                && (record.Name == wish.Name ? region.Nodes.Count == 0 : !names.Contains(record.SetIdentifier!))
            ),
        ];
        foreach (var record in deleted)
            words.Add(
                record.Name == wish.Name
                    ? $"no longer send clients near {region.Name} to its nodes"
                    : $"no longer answer {record.Name} with '{DnsNames.Parse(record.SetIdentifier)!.Value.Item}' ({string.Join(", ", record.Values)})"
            );
        return deleted;
    }

    /// <summary>The checks of the region's present records that no wanted one uses.</summary>
    private List<HealthCheck> Freed(DnsRegion region, List<string> words)
    {
        var needed = wish
            .Regions.SelectMany(other => other.Nodes)
            .Select(Choose)
            .OfType<HealthCheck>()
            .Select(check => check.Id)
            .ToHashSet();
        var used = present
            .OwnNodes.Where(record => RegionOf(record) == region.Name)
            .Select(record => record.HealthCheckId)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        List<HealthCheck> freed = [.. present.Checks.Where(check => used.Contains(check.Id) && !needed.Contains(check.Id))];
        words.AddRange(freed.Select(check => $"delete the health check {check.Id} of {check.Address}"));
        return freed;
    }

    /// <summary>The check of a node: the one that its record uses, if it is right, else any that is.</summary>
    private HealthCheck? Choose(DnsNode node)
    {
        var right = present.Checks.Where(check => check.Address == node.Address && check.Settings == wish.Health).ToList();
        var identifier = DnsNames.SetIdentifier(wish.Service, node.Name);
        var used = present.OwnNodes.Where(record => record.SetIdentifier == identifier).Select(record => record.HealthCheckId).ToList();
        return right.Find(check => used.Contains(check.Id)) ?? right.FirstOrDefault();
    }

    private bool HasTags(HealthCheck check, DnsNode node)
    {
        var tags = present.Tags.GetValueOrDefault(check.Id);
        return tags is not null && wish.TagsOf(node).All(tag => tags.GetValueOrDefault(tag.Key) == tag.Value);
    }

    private DnsRecordSet? RecordOf(string region, DnsNode node)
    {
        var (name, identifier) = (DnsNames.RegionName(wish.Name, region), DnsNames.SetIdentifier(wish.Service, node.Name));
        return present.OwnNodes.FirstOrDefault(record => record.Name == name && record.SetIdentifier == identifier);
    }

    private string RegionOf(DnsRecordSet record) =>
        record.Name == wish.Name ? DnsNames.Parse(record.SetIdentifier)!.Value.Item : DnsNames.RegionIn(record.Name, wish.Name);
}
