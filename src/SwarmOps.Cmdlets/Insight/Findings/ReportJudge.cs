using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Insight.Findings;

/// <summary>The findings that a pass adds to those of its parts: what could not be read, and what the parts show together.</summary>
internal static class ReportJudge
{
    /// <summary>The check whose finding says that nothing of the swarm could be read.</summary>
    public const string SwarmNotAvailable = nameof(SwarmNotAvailable);

    /// <summary>The findings about networks, services, databases, folders and zones of a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="silent">Names of nodes that did not answer.</param>
    public static IEnumerable<SwarmFinding> Of(SwarmReport report, IReadOnlySet<string> silent)
    {
        var failed = (report.FailedTasks ?? []).ToLookup(task => task.Service, StringComparer.Ordinal);
        return
        [
            .. OverlayJudge.OfRules(report.Overlays ?? []),
            .. (report.Paths ?? []).GroupBy(path => path.Overlay).SelectMany(network => OverlayJudge.OfPaths([.. network], silent)),
            // Only where others were tested: without packets nothing was.
            .. (report.Overlays ?? [])
                .Where(overlay => !overlay.Attachable && report.Paths is not null)
                .Select(overlay => OverlayJudge.NotAttachable(overlay.Name)),
            .. (report.Services ?? []).SelectMany(service =>
                ServiceJudge.Of(service, [.. failed[service.Name]], report.TakenAt == default ? DateTime.UtcNow : report.TakenAt)
            ),
            .. (report.GaleraClusters ?? []).SelectMany(TextJudge.Of),
            .. (report.SharedFolders ?? []).SelectMany(TextJudge.Of),
            .. (report.Zones ?? []).SelectMany(TextJudge.Of),
            .. Outside(report),
        ];
    }

    /// <summary>Errors of single nodes, each once; those of silent nodes are known.</summary>
    public static IEnumerable<SwarmFinding> Of(IEnumerable<SwarmOpsException> errors, IReadOnlySet<string> silent) =>
        errors
            .Where(error => error.Target is not SwarmNode node || !silent.Contains(node.Name))
            .DistinctBy(error => error.Message)
            .Select(error => NotRead(SwarmFindingArea.Node, error.Target is SwarmNode node ? node.Name : "swarm", error));

    /// <summary>That a part could not be read.</summary>
    public static SwarmFinding NotRead(SwarmFindingArea area, string subject, SwarmOpsException error) =>
        new()
        {
            Severity = SwarmFindingSeverity.Unknown,
            Area = area,
            Subject = subject,
            Check = error.ErrorId,
            // A pass changes nothing anyway.
            Message = error.Message.Replace(" Nothing was changed.", "", StringComparison.Ordinal),
            RecommendedAction = error.RecommendedAction,
        };

    /// <summary>That there is no swarm to ask: it has no quorum, or no manager of it is in the set.</summary>
    public static SwarmFinding NoSwarm(SwarmOpsException error) =>
        NotRead(SwarmFindingArea.Swarm, "swarm", error) with
        {
            Severity = SwarmFindingSeverity.Critical,
            Check = SwarmNotAvailable,
        };

    /// <summary>That a node did not answer.</summary>
    public static SwarmFinding Silent(NodeReport report) =>
        NotRead(SwarmFindingArea.Node, report.Node.Name, report.Failure!) with
        {
            Check = "NodeSilent",
        };

    /// <summary>That a host could not be asked although its engine answers. Where no command can be run at all, that is no surprise.</summary>
    public static SwarmFinding HostNotRead(string node, SwarmOpsException error) =>
        NotRead(SwarmFindingArea.Node, node, error) with
        {
            Severity =
                error.ErrorId == nameof(TransportErrors.CommandsNotSupported)
                    ? SwarmFindingSeverity.Information
                    : SwarmFindingSeverity.Unknown,
        };

    /// <summary>Members whose hosts were not asked, since they were not passed.</summary>
    private static IEnumerable<SwarmFinding> Outside(SwarmReport report)
    {
        var outside = (report.Swarm?.Nodes ?? []).Where(member => member.DockerHost is null).Select(member => member.Name).ToList();
        if (outside.Count > 0)
            yield return new SwarmFinding
            {
                Severity = SwarmFindingSeverity.Information,
                Area = SwarmFindingArea.Swarm,
                Subject = "swarm",
                Check = "NodesNotPassed",
                Message =
                    $"{NodeJudge.Names(outside)} {(outside.Count == 1 ? "is a member" : "are members")} of the swarm and {(outside.Count == 1 ? "was" : "were")} not passed: what only {(outside.Count == 1 ? "its host knows" : "their hosts know")} is missing here.",
                RecommendedAction = "Pass all nodes of the swarm with -Node.",
            };
    }
}
