using System.Diagnostics;
using System.Globalization;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Workload;

/// <summary>Watches the counters of a cluster's nodes for a while, and evaluates what applications did. Changes nothing, unless conflicts are to be logged.</summary>
internal sealed class TestGaleraWorkloadOperation(IOperationContext context, TestGaleraWorkloadRequest request)
{
    private const string Activity = "Test-GaleraWorkload";

    /// <summary>Samples in a period, within the limits of the pause between them.</summary>
    private const int SamplesWanted = 30;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1),
        LongestPause = TimeSpan.FromSeconds(10),
        SampleLimit = TimeSpan.FromSeconds(10);

    /// <summary>Runs the test and writes its result to the pipeline; nothing if the user declined to log conflicts.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNotFound</c>, <c>GaleraNotQueryable</c>, <c>GaleraConflictsNotLogged</c>, the transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var (open, closed) = await new GaleraSites(swarm, request.ThrottleLimit, request.Login)
            .FindAsync(request.Cluster)
            .ConfigureAwait(false);
        if (!request.LogsConflicts)
        {
            context.WriteObject(await WatchAsync(swarm, open, closed).ConfigureAwait(false));
            return;
        }

        if (
            !await context
                .ShouldProcessAsync(
                    $"{request.Cluster} on {string.Join(", ", open.Select(site => site.Node))}",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Log conflicts for {request.Duration.TotalSeconds:0} s (wsrep_log_conflicts)"
                    )
                )
                .ConfigureAwait(false)
        )
            return;
        var log = new ConflictLog(swarm, open, request.Login);
        GaleraWorkload workload;
        try
        {
            await log.StartAsync(request.Duration).ConfigureAwait(false);
            workload = await WatchAsync(swarm, open, closed).ConfigureAwait(false);
        }
        finally
        {
            await log.EndAsync().ConfigureAwait(false);
        }

        var (conflicts, unread) = await log.ReadAsync().ConfigureAwait(false);
        foreach (var node in unread)
            context.WriteWarning($"The log of '{node.Key}' could not be read, so its conflicts are not listed: {node.Value}.");
        context.WriteObject(WorkloadVerdict.Name(workload with { Conflicts = conflicts }));
    }

    private async Task<GaleraWorkload> WatchAsync(
        SwarmSession swarm,
        IReadOnlyList<GaleraSite> open,
        IReadOnlyDictionary<string, string> closed
    )
    {
        var since = DateTimeOffset.UtcNow;
        var tracks = await WatchAllAsync(swarm, open, Stopwatch.StartNew()).ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
        if (tracks.All(track => track.Samples.Count == 0))
            throw GaleraErrors.GaleraNotQueryable(
                request.Cluster,
                tracks.ToDictionary(track => track.Node, track => track.Error ?? "it did not answer", StringComparer.Ordinal)
            );
        return new GaleraWorkload
        {
            Cluster = request.Cluster,
            Since = since,
            Duration = tracks.Max(track => track.Time),
            GaleraNodes = [.. tracks.Where(track => track.IsComparable).Select(track => track.Describe())],
            Findings = WorkloadVerdict.Of(request.Cluster, tracks, closed),
        };
    }

    private async Task<WorkloadTrack[]> WatchAllAsync(SwarmSession swarm, IReadOnlyList<GaleraSite> open, Stopwatch clock)
    {
        using var progress = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var shown = ShowAsync(clock, open.Count, progress.Token);
        try
        {
            var sql = new NodeSql(swarm, request.Login);
            // All at once, whatever the limit: they are watched over the same period.
            return await Throttle
                .ForEachAsync(open, open.Count, site => WatchAsync(sql, site, clock), context.CancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            await progress.CancelAsync().ConfigureAwait(false);
            await shown.ConfigureAwait(false);
        }
    }

    /// <summary>Samples one node until the period is over. The last sample is taken at its end.</summary>
    private async Task<WorkloadTrack> WatchAsync(NodeSql sql, GaleraSite site, Stopwatch clock)
    {
        var pause = TimeSpan.FromTicks(Math.Clamp(request.Duration.Ticks / SamplesWanted, ShortestPause.Ticks, LongestPause.Ticks));
        var samples = new List<WorkloadSample>();
        string? error = null;
        var next = TimeSpan.Zero;
        while (true)
        {
            var isLast = next >= request.Duration;
            try
            {
                var asked = clock.Elapsed;
                var rows = await sql.RunAsync(site.Node, site.ContainerId, WorkloadSample.Statements, SampleLimit).ConfigureAwait(false);
                samples.Add(WorkloadSample.Read((asked + clock.Elapsed) / 2, rows));
            }
            catch (SwarmOpsException failure)
            {
                error = failure.Message.TrimEnd('.');
                context.WriteVerbose($"{site.Node}: {failure.Message}");
            }

            if (isLast)
                return new WorkloadTrack(site.State, samples, error);
            // A slow answer must not lengthen the period.
            next = TimeSpan.FromTicks(Math.Min(request.Duration.Ticks, Math.Max((next + pause).Ticks, clock.Elapsed.Ticks)));
            if (next - clock.Elapsed is { } rest && rest > TimeSpan.Zero)
                await Task.Delay(rest, context.CancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ShowAsync(Stopwatch clock, int nodes, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var share = Math.Min(1, clock.Elapsed / request.Duration);
            context.WriteProgress(
                new OperationProgress(
                    0,
                    Activity,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Watching {nodes} nodes: {Math.Min(clock.Elapsed.TotalSeconds, request.Duration.TotalSeconds):0} of {request.Duration.TotalSeconds:0} s"
                    ),
                    (int)(share * 100)
                )
            );
            await Task.Delay(ShortestPause, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
