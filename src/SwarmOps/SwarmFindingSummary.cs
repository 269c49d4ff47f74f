using System.Globalization;

namespace SwarmOps;

/// <summary>How many findings there are of each severity, and the exit code that tells a scheduler.</summary>
public sealed record SwarmFindingSummary
{
    /// <summary>Number of findings.</summary>
    public int Count { get; init; }

    /// <summary>Number of findings with the severity Critical.</summary>
    public int CriticalCount { get; init; }

    /// <summary>Number of findings with the severity Warning.</summary>
    public int WarningCount { get; init; }

    /// <summary>Number of findings with the severity Unknown.</summary>
    public int UnknownCount { get; init; }

    /// <summary>Number of findings with the severity Information.</summary>
    public int InformationCount { get; init; }

    /// <summary>The worst severity; null when there is no finding.</summary>
    public SwarmFindingSeverity? Worst { get; init; }

    /// <summary>Exit code by the convention of monitoring plugins: 0 nothing needs attention, 1 warning, 2 critical, 3 unknown.</summary>
    public int ExitCode =>
        Worst switch
        {
            SwarmFindingSeverity.Critical => 2,
            SwarmFindingSeverity.Warning => 1,
            SwarmFindingSeverity.Unknown => 3,
            _ => 0,
        };

    /// <summary>One line for a scheduler's log, such as <c>WARNING - 0 critical, 2 warnings, 0 unknown, 1 information</c>.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Word} - {CriticalCount} critical, {WarningCount} {(WarningCount == 1 ? "warning" : "warnings")}, {UnknownCount} unknown, {InformationCount} information"
        );

    private string Word =>
        Worst switch
        {
            SwarmFindingSeverity.Critical => "CRITICAL",
            SwarmFindingSeverity.Warning => "WARNING",
            SwarmFindingSeverity.Unknown => "UNKNOWN",
            _ => "OK",
        };

    /// <summary>Counts findings; what is resolved does not count.</summary>
    /// <param name="findings">The findings.</param>
    internal static SwarmFindingSummary Of(IEnumerable<SwarmFinding> findings)
    {
        var open = findings.Where(finding => !finding.IsResolved).Select(finding => finding.Severity).ToList();
        return new SwarmFindingSummary
        {
            Count = open.Count,
            CriticalCount = open.Count(severity => severity == SwarmFindingSeverity.Critical),
            WarningCount = open.Count(severity => severity == SwarmFindingSeverity.Warning),
            UnknownCount = open.Count(severity => severity == SwarmFindingSeverity.Unknown),
            InformationCount = open.Count(severity => severity == SwarmFindingSeverity.Information),
            Worst = open.Count == 0 ? null : open.Max(),
        };
    }
}
