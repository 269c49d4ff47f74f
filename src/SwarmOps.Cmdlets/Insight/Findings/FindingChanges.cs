namespace SwarmOps.Insight.Findings;

/// <summary>What changed from one pass to the next. What a pass could not see is not resolved: it stays until it is seen again.</summary>
internal sealed class FindingChanges
{
    private Dictionary<string, SwarmFinding> before = new(StringComparer.Ordinal);

    /// <summary>The findings that are new or matter more or less than before, then those that are gone; of the first pass all.</summary>
    /// <param name="findings">The findings of the present pass.</param>
    /// <param name="now">The present time.</param>
    public IReadOnlyList<SwarmFinding> Next(IReadOnlyList<SwarmFinding> findings, DateTime now)
    {
        var present = new Dictionary<string, SwarmFinding>(StringComparer.Ordinal);
        var changes = new List<SwarmFinding>();
        foreach (var finding in findings)
        {
            var known = before.GetValueOrDefault(finding.Key);
            var dated = finding with { Since = finding.Since ?? known?.Since ?? now };
            if (!present.TryAdd(finding.Key, dated))
                continue;
            if (known is null || known.Severity != finding.Severity)
                changes.Add(dated);
        }

        var blind = new Blindness(findings);
        foreach (var (key, finding) in before.Where(entry => !present.ContainsKey(entry.Key)))
        {
            if (blind.Hides(finding))
                present.Add(key, finding);
            else
                changes.Add(finding with { IsResolved = true });
        }

        before = present;
        return changes;
    }

    /// <summary>What a pass could not see: the whole swarm, an area, or a node.</summary>
    private sealed class Blindness(IReadOnlyList<SwarmFinding> findings)
    {
        private readonly bool isSwarmUnseen = findings.Any(finding => finding.Check == ReportJudge.SwarmNotAvailable);
        private readonly HashSet<SwarmFindingArea> areas =
        [
            .. findings
                .Where(finding => finding is { Severity: SwarmFindingSeverity.Unknown, Area: not SwarmFindingArea.Node })
                .Select(finding => finding.Area),
        ];
        private readonly HashSet<string> nodes = new(
            findings
                .Where(finding => finding is { Severity: SwarmFindingSeverity.Unknown, Area: SwarmFindingArea.Node })
                .Select(finding => finding.Subject),
            StringComparer.OrdinalIgnoreCase
        );

        // What was not known of the swarm is not known the better in an outage; the hosts and EC2 are asked in an outage, too.
        public bool Hides(SwarmFinding finding) =>
            finding.Severity == SwarmFindingSeverity.Unknown
                ? isSwarmUnseen && finding.Area is not (SwarmFindingArea.Node or SwarmFindingArea.Firewall)
                : (isSwarmUnseen && finding.Area != SwarmFindingArea.Firewall)
                    || areas.Contains(finding.Area)
                    || (finding.Area == SwarmFindingArea.Node && nodes.Contains(finding.Subject));
    }
}
