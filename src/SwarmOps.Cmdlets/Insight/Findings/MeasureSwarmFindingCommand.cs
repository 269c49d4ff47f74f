using System.Management.Automation;

namespace SwarmOps.Insight.Findings;

/// <summary>Counts findings, and says which exit code tells a scheduler.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "SwarmFinding")]
[OutputType(typeof(SwarmFindingSummary))]
public sealed class MeasureSwarmFindingCommand : PSCmdlet
{
    private readonly List<SwarmFinding> findings = [];

    /// <summary>The findings, from <c>Get-SwarmFinding</c>; none is a result, too.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public SwarmFinding[]? Finding { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Finding is not null)
            findings.AddRange(Finding.OfType<SwarmFinding>());
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => WriteObject(SwarmFindingSummary.Of(findings));
}
