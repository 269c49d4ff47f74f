namespace SwarmOps.Insight.Findings;

/// <summary>The order of findings: what matters most comes first.</summary>
internal static class FindingOrder
{
    /// <summary>Sorts findings, each problem once.</summary>
    public static IReadOnlyList<SwarmFinding> Sort(IEnumerable<SwarmFinding> findings) =>
        [
            .. findings
                .DistinctBy(finding => finding.Key)
                .OrderByDescending(finding => finding.Severity)
                .ThenBy(finding => finding.Area)
                .ThenBy(finding => finding.Subject, StringComparer.OrdinalIgnoreCase)
                .ThenBy(finding => finding.Check, StringComparer.Ordinal),
        ];
}
