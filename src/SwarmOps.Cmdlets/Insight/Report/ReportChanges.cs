namespace SwarmOps.Insight.Report;

/// <summary>What changed from an earlier report to this one.</summary>
/// <param name="Since">When the earlier one was made, UTC.</param>
/// <param name="NewKeys">Keys of the findings that the earlier one did not have.</param>
/// <param name="Resolved">Findings of the earlier one that are gone.</param>
/// <param name="Changes">Nodes, services and the leader: what was, and what is.</param>
internal sealed record ReportChanges(
    DateTime Since,
    IReadOnlySet<string> NewKeys,
    IReadOnlyList<DigestFinding> Resolved,
    IReadOnlyList<ReportChange> Changes
)
{
    /// <summary>Compares two reports of one swarm.</summary>
    public static ReportChanges Between(ReportDigest before, ReportDigest now)
    {
        var known = before.Findings.Select(finding => finding.Key).ToHashSet(StringComparer.Ordinal);
        var present = now.Findings.Select(finding => finding.Key).ToHashSet(StringComparer.Ordinal);
        List<ReportChange> changes = [];
        if (before.Leader is not null && now.Leader is not null && before.Leader != now.Leader)
            changes.Add(new ReportChange("Leader", "", $"{before.Leader} \u2192 {now.Leader}"));
        changes.AddRange(Of("Node", before.Nodes, now.Nodes));
        if (before.Services is not null && now.Services is not null)
            changes.AddRange(Of("Service", before.Services, now.Services));
        return new ReportChanges(
            before.TakenAt,
            present.Except(known).ToHashSet(StringComparer.Ordinal),
            [.. before.Findings.Where(finding => !present.Contains(finding.Key))],
            changes
        );
    }

    private static IEnumerable<ReportChange> Of(string kind, IReadOnlyList<DigestItem> before, IReadOnlyList<DigestItem> now)
    {
        var old = before.DistinctBy(item => item.Name).ToDictionary(item => item.Name, StringComparer.Ordinal);
        foreach (var item in now)
        {
            if (!old.Remove(item.Name, out var known))
            {
                yield return new ReportChange(kind, item.Name, "new");
                continue;
            }

            foreach (var (name, value) in item.Values)
            {
                if (known.Values.TryGetValue(name, out var earlier) && earlier != value)
                    yield return new ReportChange(
                        kind,
                        item.Name,
                        $"{name}: {ReportWords.Image(earlier)} \u2192 {ReportWords.Image(value)}"
                    );
            }
        }

        foreach (var gone in old.Keys.Order(StringComparer.Ordinal))
            yield return new ReportChange(kind, gone, "gone");
    }
}

/// <summary>One change.</summary>
/// <param name="Kind">Node, Service or Leader.</param>
/// <param name="Name">The object.</param>
/// <param name="What">What was, and what is.</param>
internal sealed record ReportChange(string Kind, string Name, string What);
