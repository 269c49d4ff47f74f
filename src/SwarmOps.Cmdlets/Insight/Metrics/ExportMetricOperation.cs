using System.Text.RegularExpressions;
using SwarmOps.Insight.Report;
using SwarmOps.Insight.Survey;
using SwarmOps.Pipeline;

namespace SwarmOps.Insight.Metrics;

/// <summary>Observes a swarm and writes what it saw as metrics to one file, which a collector never finds half written.</summary>
internal sealed partial class ExportMetricOperation(IOperationContext context, ExportMetricRequest request)
{
    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="ReportErrors"/>, of <see cref="MetricErrors"/> and of <see cref="SwarmSurvey"/>.</exception>
    public async Task RunAsync()
    {
        if (request.Labels.Keys.FirstOrDefault(name => !LabelName().IsMatch(name)) is { } wrong)
            throw MetricErrors.MetricLabelInvalid(wrong);
        ReportFile.CheckDirectory(request.Path);
        if (!await context.ShouldProcessAsync(request.Path, $"Write the metrics of {request.Nodes.Count} nodes").ConfigureAwait(false))
            return;
        var report = await new SwarmSurvey(
            context,
            new SurveyRequest(request.Nodes)
            {
                Activity = "Export-SwarmMetric",
                SendsPackets = request.SendsPackets,
                Timeout = request.Timeout,
                ThrottleLimit = request.ThrottleLimit,
                Firewall = request.Firewall,
            }
        ).TakeAsync().ConfigureAwait(false);
        var text = ReportMetrics.Of(report, request.Labels);
        await ReportFile.WriteAsync(request.Path, text, context.CancellationToken).ConfigureAwait(false);
        context.WriteVerbose($"{SwarmFindingSummary.Of(report.Findings)}: written to {request.Path}");
        if (request.PassThru)
            context.WriteObject(text);
    }

    /// <summary>Prometheus' rule for names of labels; those with two underscores are its own.</summary>
    [GeneratedRegex("^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$")]
    private static partial Regex LabelName();
}
