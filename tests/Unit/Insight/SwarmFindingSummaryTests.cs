namespace SwarmOps.Tests.Unit.Insight;

/// <summary>What Measure-SwarmFinding tells a scheduler.</summary>
public sealed class SwarmFindingSummaryTests
{
    [Theory]
    [InlineData(0, "OK - 0 critical, 0 warnings, 0 unknown, 0 information")]
    [InlineData(0, "OK - 0 critical, 0 warnings, 0 unknown, 1 information", SwarmFindingSeverity.Information)]
    [InlineData(
        3,
        "UNKNOWN - 0 critical, 0 warnings, 1 unknown, 1 information",
        SwarmFindingSeverity.Information,
        SwarmFindingSeverity.Unknown
    )]
    [InlineData(1, "WARNING - 0 critical, 1 warning, 0 unknown, 0 information", SwarmFindingSeverity.Warning)]
    [InlineData(
        2,
        "CRITICAL - 1 critical, 2 warnings, 1 unknown, 0 information",
        SwarmFindingSeverity.Warning,
        SwarmFindingSeverity.Critical,
        SwarmFindingSeverity.Unknown,
        SwarmFindingSeverity.Warning
    )]
    public void The_worst_finding_makes_the_exit_code_and_the_line_counts_all(
        int code,
        string line,
        params SwarmFindingSeverity[] severities
    )
    {
        var summary = SwarmFindingSummary.Of(severities.Select(severity => new SwarmFinding { Severity = severity }));

        Assert.Equal((code, line, severities.Length), (summary.ExitCode, summary.ToString(), summary.Count));
    }

    [Fact]
    public void What_is_resolved_does_not_count()
    {
        var summary = SwarmFindingSummary.Of([new SwarmFinding { Severity = SwarmFindingSeverity.Critical, IsResolved = true }]);

        Assert.Equal((0, 0, null), (summary.ExitCode, summary.CriticalCount, summary.Worst));
    }
}
