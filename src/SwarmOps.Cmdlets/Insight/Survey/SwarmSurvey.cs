using System.Diagnostics;
using SwarmOps.Insight.Findings;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Insight.Survey;

/// <summary>
/// One pass over a swarm and all that runs on it. Each part is read once, the parts at the same time; a part that fails is a finding, and the others continue. Also an outage is a
/// result: of a swarm without quorum the report says so, and what the hosts themselves tell.
/// </summary>
/// <param name="outer">The stage that works.</param>
/// <param name="request">What to look at.</param>
internal sealed class SwarmSurvey(IOperationContext outer, SurveyRequest request)
{
    /// <summary>Takes the pass.</summary>
    /// <exception cref="SwarmOpsException"><c>NodesInDifferentSwarms</c>, and a manager's error that no other manager can help with.</exception>
    public async Task<SwarmReport> TakeAsync()
    {
        var (begun, clock) = (DateTime.UtcNow, Stopwatch.GetTimestamp());
        var context = new SurveyContext(outer, request.Activity);
        context.Say($"Asking {request.Nodes.Count} nodes");
        try
        {
            var session = await SwarmSession
                .LookAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout)
                .ConfigureAwait(false);
            var firewall = new FirewallSurvey(context, request).FindAsync();
            var report = session is { IsFound: true, View.SwarmId.Length: > 0 }
                ? await TakeAsync(context, session).ConfigureAwait(false)
                : await WithoutSwarmAsync(context, session).ConfigureAwait(false);
            var open = await firewall.ConfigureAwait(false);
            return report with
            {
                TakenAt = begun,
                Duration = Stopwatch.GetElapsedTime(clock),
                Findings = FindingOrder.Sort([.. report.Findings, .. open]),
            };
        }
        finally
        {
            context.Say("Done", completed: true);
        }
    }

    private async Task<SwarmReport> TakeAsync(SurveyContext context, SwarmSession session)
    {
        var parts = new SurveyParts(context, session, request);
        var hosts = new HostSurvey(context, session, request);
        var reading = hosts.ReadAsync();
        var summary = parts.SwarmAsync();
        var services = parts.ServicesAsync();
        var galera = parts.GaleraAsync();
        var folders = parts.FoldersAsync();
        var zones = parts.ZonesAsync();
        await reading.ConfigureAwait(false);
        context.Say("Reading services, networks and databases");
        // One after the other: the packets of both are sent by the same hosts.
        var checks = await hosts.CheckAsync().ConfigureAwait(false);
        var (overlays, paths) = await parts.OverlaysAsync().ConfigureAwait(false);
        await Task.WhenAll(summary, services, galera, folders, zones).ConfigureAwait(false);

        var swarm = await summary.ConfigureAwait(false);
        var (running, failed) = await services.ConfigureAwait(false);
        var report = new SwarmReport
        {
            Swarm = swarm is null ? null : swarm with { Nodes = [.. swarm.Nodes.Select(WithoutPaths)] },
            Nodes = hosts.Describe(swarm?.Nodes),
            Overlays = overlays,
            Paths = paths,
            Services = running,
            FailedTasks = failed,
            GaleraClusters = await galera.ConfigureAwait(false),
            SharedFolders = await folders.ConfigureAwait(false),
            Zones = await zones.ConfigureAwait(false),
        };
        var silent = session.Silent.Select(silent => silent.Node.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return report with
        {
            Findings =
            [
                .. swarm?.Findings ?? [],
                .. NodeJudge.Of(checks, silent, swarm is not null),
                .. hosts.Findings(report.Nodes),
                .. ReportJudge.Of(report, silent),
                .. parts.Failures,
                .. ReportJudge.Of(context.Errors, silent),
            ],
        };
    }

    /// <summary>An outage: why there is no swarm to ask, and what the hosts tell.</summary>
    private async Task<SwarmReport> WithoutSwarmAsync(SurveyContext context, SwarmSession session)
    {
        var why = await session.WhyNoSwarmAsync(request.ThrottleLimit).ConfigureAwait(false);
        var hosts = new HostSurvey(context, session, request);
        await hosts.ReadAsync().ConfigureAwait(false);
        var checks = await hosts.CheckAsync().ConfigureAwait(false);
        var nodes = hosts.Describe(null);
        var silent = session.Silent.Select(silent => silent.Node.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new SwarmReport
        {
            Nodes = nodes,
            Findings =
            [
                ReportJudge.NoSwarm(why),
                .. session.Silent.Select(ReportJudge.Silent),
                .. NodeJudge.Of(checks, silent, knowsVersions: false),
                .. hosts.Findings(nodes),
                .. ReportJudge.Of(context.Errors, silent),
            ],
        };
    }

    /// <summary>A report may be mailed: where this machine keeps its keys is nobody's business.</summary>
    private static SwarmNode WithoutPaths(SwarmNode node) =>
        node with
        {
            KeyFilePath = null,
            KnownHostsPath = null,
            CertificatePath = null,
            Credential = null,
        };
}
