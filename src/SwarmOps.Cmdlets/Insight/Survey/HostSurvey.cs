using SwarmOps.Insight.Findings;
using SwarmOps.Nodes.Preflight;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Insight.Survey;

/// <summary>The part of a pass that the hosts tell: clocks, disks, memory, certificates, updates, and the ports between them.</summary>
/// <param name="context">The context of the pass.</param>
/// <param name="session">What came of asking the engines.</param>
/// <param name="request">What to look at.</param>
internal sealed class HostSurvey(SurveyContext context, SwarmSession session, SurveyRequest request)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    private IReadOnlyList<HostView> views = [];

    /// <summary>Reads the hosts, all at once.</summary>
    public async Task ReadAsync() =>
        views = await Throttle
            .ForEachAsync(session.Reports, request.ThrottleLimit, ReadAsync, context.CancellationToken)
            .ConfigureAwait(false);

    /// <summary>The checks of Test-SwarmNode, from what was read; with packets between the nodes if that is wanted.</summary>
    public Task<IReadOnlyList<NodeFinding>> CheckAsync() =>
        new PreflightOperation(
            context,
            new PreflightRequest([.. session.Reports.Select(report => report.Node)])
            {
                ThrottleLimit = request.ThrottleLimit,
                Facts = [.. views.Select(view => view.Facts)],
                SendsPackets = request.SendsPackets,
            }
        ).RunAsync();

    /// <summary>The members of the swarm, and the nodes of the set that are none.</summary>
    /// <param name="members">The members; null when they are not known.</param>
    public IReadOnlyList<SwarmReportNode> Describe(IReadOnlyList<SwarmNode>? members)
    {
        var known = members ?? [];
        var byName = views.ToDictionary(view => view.Report.Node.Name, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. known.Select(member => Describe(member, byName.GetValueOrDefault(member.Name))),
            .. views
                .Where(view => !known.Any(member => member.Name.Equals(view.Report.Node.Name, StringComparison.OrdinalIgnoreCase)))
                .Select(view =>
                    Describe(
                        view.Report.Node with
                        {
                            Role = null,
                            State = null,
                            Availability = null,
                            Reachability = null,
                            IsLeader = false,
                        },
                        view
                    )
                ),
        ];
    }

    /// <summary>The findings about the hosts.</summary>
    public IEnumerable<SwarmFinding> Findings(IReadOnlyList<SwarmReportNode> nodes)
    {
        var byName = views.ToDictionary(view => view.Report.Node.Name, StringComparer.OrdinalIgnoreCase);
        var now = DateTime.UtcNow;
        foreach (var node in nodes)
        {
            var view = byName.GetValueOrDefault(node.Node);
            foreach (var finding in HostJudge.Of(node, view?.Status?.Certificate, now))
                yield return finding;
            if (view is { Report.Failure: null, Error: { } error })
                yield return ReportJudge.HostNotRead(node.Node, error);
        }
    }

    private async Task<HostView> ReadAsync(NodeReport report)
    {
        var info = report.Observation?.Info;
        try
        {
            var facts = await NodeFactsReader.ReadHostAsync(context, report.Node, info, report.Failure).ConfigureAwait(false);
            if (facts.Host is null)
                return new HostView(report, facts, null, facts.HostError);
            var script = HostStatus.Script(info?.DockerRootDir, request.IsThorough);
            var connection = context.Connection(report.Node);
            var result = await connection
                .RunAsync(new NodeCommand(script) { AsRoot = true, Timeout = Limit }, context.CancellationToken)
                .ConfigureAwait(false);
            // Only the certificate needs root.
            if (!result.Succeeded)
                result = await connection
                    .RunAsync(new NodeCommand(script) { Timeout = Limit }, context.CancellationToken)
                    .ConfigureAwait(false);
            return new HostView(report, facts, HostStatus.Parse(result.Output), null);
        }
        catch (SwarmOpsException error)
        {
            return new HostView(
                report,
                new NodeFacts(report.Node)
                {
                    Info = info,
                    EngineError = report.Failure,
                    HostError = error,
                },
                null,
                error
            );
        }
    }

    private static SwarmReportNode Describe(SwarmNode node, HostView? view)
    {
        var (facts, status) = (view?.Facts, view?.Status);
        return new SwarmReportNode
        {
            Node = node.Name,
            Region = node.Region,
            Role = node.Role,
            IsLeader = node.IsLeader,
            State = node.State,
            Availability = node.Availability,
            Reachability = node.Reachability,
            EngineVersion = facts?.Info?.ServerVersion ?? node.EngineVersion,
            OperatingSystem = facts?.Info?.OperatingSystem ?? facts?.Host?.OperatingSystem,
            KernelVersion = facts?.Info?.KernelVersion ?? facts?.Host?.KernelVersion,
            Processors = (int?)facts?.Info?.NCPU,
            Load = status?.Load,
            MemoryBytes = status?.MemoryBytes ?? facts?.Info?.MemTotal,
            MemoryAvailableBytes = status?.MemoryAvailableBytes,
            Disks = status?.Disks ?? [],
            StartedAt = status?.Uptime is { } uptime ? (facts?.Host?.Clock ?? DateTime.UtcNow) - uptime : null,
            ClockOffsetSeconds = facts?.Clock?.Offset.TotalSeconds,
            CertificateExpiry = status?.Certificate?.Until,
            UpdateCount = status?.Updates,
            SecurityUpdateCount = status?.SecurityUpdates,
            RebootRequired = status?.RebootRequired,
            Error = view is null ? "It is not in the node set that was passed." : view.Error?.Message ?? view.Report.Failure?.Message,
        };
    }

    /// <summary>What came of asking one host.</summary>
    private sealed record HostView(NodeReport Report, NodeFacts Facts, HostStatus? Status, SwarmOpsException? Error);
}
