using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Schema;

/// <summary>Reads the schema of a cluster on each of its nodes, and checks it. Changes nothing.</summary>
internal sealed class TestGaleraSchemaOperation(IOperationContext context, TestGaleraSchemaRequest request)
{
    private const string Activity = "Test-GaleraSchema";

    private const int SequencesAtOnce = 200;

    /// <summary>A schema change reaches the nodes one after the other: what differs is read again after this time.</summary>
    private static readonly TimeSpan SettlePause = TimeSpan.FromSeconds(2);

    /// <summary>Runs the checks.</summary>
    /// <returns>The findings, the most severe first.</returns>
    /// <exception cref="SwarmOpsException"><c>GaleraNotFound</c>, <c>GaleraNotQueryable</c>, the transport's errors.</exception>
    public async Task<IReadOnlyList<GaleraFinding>> RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var sites = new GaleraSites(swarm, request.ThrottleLimit, request.Login);
        Say("Finding the nodes of the cluster");
        var (open, closed) = await sites.FindAsync(request.Cluster).ConfigureAwait(false);
        Say($"Reading the schema on {open.Count} nodes");
        var situation = await ReadAsync(swarm, open, closed).ConfigureAwait(false);
        if (CoverageChecks.Drift(situation).Any())
        {
            await Task.Delay(SettlePause, context.CancellationToken).ConfigureAwait(false);
            situation = await ReadAsync(swarm, open, closed).ConfigureAwait(false);
        }

        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
        foreach (
            var missing in request.Databases.Where(name =>
                !name.IsPattern && !situation.Readings.SelectMany(reading => reading.Databases).Any(name.Matches)
            )
        )
            context.WriteError(GaleraErrors.GaleraDatabaseNotFound(request.Cluster, missing.Text));
        return SchemaCheck.RunAll(situation);
    }

    private async Task<SchemaSituation> ReadAsync(
        SwarmSession swarm,
        IReadOnlyList<GaleraSite> open,
        IReadOnlyDictionary<string, string> closed
    )
    {
        var sql = new NodeSql(swarm, request.Login);
        var unread = new Dictionary<string, string>(closed, StringComparer.Ordinal);
        var answers = await Throttle
            .ForEachAsync(open, request.ThrottleLimit, site => ReadAsync(sql, site), context.CancellationToken)
            .ConfigureAwait(false);
        var readings = new List<SchemaReading>();
        foreach (var (node, reading, error) in answers)
        {
            if (reading is not null)
                readings.Add(reading);
            else
                unread[node] = error ?? "it did not answer";
        }

        if (readings.Count == 0)
            throw GaleraErrors.GaleraNotQueryable(request.Cluster, unread);
        return new SchemaSituation
        {
            Cluster = request.Cluster,
            Readings = readings,
            Unread = unread,
            Databases = request.Databases,
            LargeTable = request.LargeTable,
        };
    }

    private async Task<(string Node, SchemaReading? Reading, string? Error)> ReadAsync(NodeSql sql, GaleraSite site)
    {
        try
        {
            var rows = await sql.RunAsync(site.Node, site.ContainerId, SchemaQuery.Statements(request.Timeout), request.Timeout)
                .ConfigureAwait(false);
            var reading = SchemaQuery.Read(site.Node, rows);
            var sequences = reading.Tables.Where(table => table.IsSequence && IsWanted(table.Database)).ToList();
            var more = new List<string[]>();
            // A statement text is passed in one variable of the environment, which has a limit of 128 KiB.
            foreach (var portion in sequences.Chunk(SequencesAtOnce))
                more.AddRange((await TryAsync(sql, site, SchemaQuery.Sequences(portion)).ConfigureAwait(false)).Rows);
            var (recorded, hidden) = await TryAsync(
                    sql,
                    site,
                    reading.Is("performance_schema") ? SchemaQuery.Recorded(request.Timeout) : null
                )
                .ConfigureAwait(false);
            return (site.Node, SchemaQuery.Read(site.Node, [.. rows, .. more, .. recorded], hidden), null);
        }
        catch (SwarmOpsException error)
        {
            return (site.Node, null, error.Message.TrimEnd('.'));
        }
    }

    private bool IsWanted(string database) => request.Databases.Count == 0 || request.Databases.Any(name => name.Matches(database));

    /// <summary>What an account may not read, or was dropped just now, is reported as not tested and hides nothing else.</summary>
    private async Task<(IReadOnlyList<string[]> Rows, string? Error)> TryAsync(NodeSql sql, GaleraSite site, string? statements)
    {
        if (statements is null)
            return ([], null);
        try
        {
            return (await sql.RunAsync(site.Node, site.ContainerId, statements, request.Timeout).ConfigureAwait(false), null);
        }
        catch (SwarmOpsException error)
        {
            context.WriteVerbose($"{site.Node}: {error.Message}");
            return ([], error.Message.TrimEnd('.'));
        }
    }

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, Activity, status));
}
