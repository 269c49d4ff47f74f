namespace SwarmOps.Galera.Schema;

/// <summary>A check of a schema. Its source is in docs/galera-applications.md.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Passed">The detail if there is no finding.</param>
/// <param name="Run">Gives the findings.</param>
internal sealed record SchemaCheck(string Name, Func<SchemaSituation, string> Passed, Func<SchemaSituation, IEnumerable<GaleraFinding>> Run)
{
    /// <summary>All checks.</summary>
    public static IReadOnlyList<SchemaCheck> All { get; } =
    [.. CoverageChecks.All, .. TableChecks.All, .. ServerChecks.All, .. CodeChecks.All];

    /// <summary>Runs all checks: the findings, the most severe first, and one Pass for each check without any.</summary>
    public static IReadOnlyList<GaleraFinding> RunAll(SchemaSituation situation)
    {
        var findings = new List<GaleraFinding>();
        foreach (var check in All)
        {
            var found = check.Run(situation).ToList();
            findings.AddRange(found);
            if (found.Count == 0)
                findings.Add(situation.Finding(check.Name, FindingResult.Pass, check.Passed(situation)));
        }

        return
        [
            .. findings
                .OrderBy(finding => Rank(finding.Result))
                .ThenBy(finding => finding.Database, StringComparer.Ordinal)
                .ThenBy(finding => finding.ObjectName, StringComparer.Ordinal),
        ];
    }

    private static int Rank(FindingResult result) =>
        result switch
        {
            FindingResult.Fail => 0,
            FindingResult.Warning => 1,
            FindingResult.NotTested => 2,
            _ => 3,
        };
}
