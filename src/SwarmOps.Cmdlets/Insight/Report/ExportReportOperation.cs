using SwarmOps.Insight.Survey;
using SwarmOps.Pipeline;

namespace SwarmOps.Insight.Report;

/// <summary>Observes a swarm and writes what it saw to one file. What can fail without asking a node fails first.</summary>
internal sealed class ExportReportOperation(IOperationContext context, ExportReportRequest request)
{
    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="ReportErrors"/> and of <see cref="SwarmSurvey"/>.</exception>
    public async Task RunAsync()
    {
        if (request.NoClobber && File.Exists(request.Path))
            throw ReportErrors.ReportFileExists(request.Path);
        ReportFile.CheckDirectory(request.Path);
        var before = request.ComparedPath is { } path ? Read(path) : null;
        if (!await context.ShouldProcessAsync(request.Path, $"Write a report of {request.Nodes.Count} nodes").ConfigureAwait(false))
            return;

        var report = await new SwarmSurvey(
            context,
            new SurveyRequest(request.Nodes)
            {
                Activity = "Export-SwarmReport",
                SendsPackets = request.SendsPackets,
                Timeout = request.Timeout,
                ThrottleLimit = request.ThrottleLimit,
                Firewall = request.Firewall,
            }
        ).TakeAsync().ConfigureAwait(false);
        var text = request.AsJson ? ReportJson.Of(report) : Html(report, before);
        await ReportFile.WriteAsync(request.Path, text, context.CancellationToken).ConfigureAwait(false);
        context.WriteVerbose($"{SwarmFindingSummary.Of(report.Findings)}: written to {request.Path}");
        if (request.PassThru)
            context.WriteObject(report);
    }

    private string Html(SwarmReport report, ReportDigest? before)
    {
        var now = ReportDigest.Of(report);
        if (before is { SwarmId: { } earlier } && now.SwarmId is { } present && earlier != present)
        {
            context.WriteWarning($"'{request.ComparedPath}' is a report of another swarm ({earlier}): nothing was compared.");
            before = null;
        }

        return new HtmlReport(
            report,
            new ReportOptions
            {
                Title = request.Title ?? "Swarm report",
                Coordinates = request.Coordinates,
                Changes = before is null ? null : ReportChanges.Between(before, now),
            }
        ).ToString();
    }

    private static ReportDigest Read(string path)
    {
        try
        {
            return ReportDigest.Find(File.ReadAllText(path)) ?? throw ReportErrors.ReportNotComparable(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ReportErrors.ReportNotReadable(path, error);
        }
    }
}
