using System.Globalization;
using System.Net;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Galera.Workload;

/// <summary>
/// Makes the servers of a cluster log conflicts for a period. A process in each container ends it by its own clock, so that a server does not stay as it is when this run is killed.
/// </summary>
/// <param name="swarm">The swarm.</param>
/// <param name="sites">The nodes.</param>
/// <param name="login">The database account; null for root with the cluster's secret.</param>
internal sealed class ConflictLog(SwarmSession swarm, IReadOnlyList<GaleraSite> sites, NetworkCredential? login)
{
    /// <summary>The process in the container ends the logging this long after the period, if this run did not.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(15),
        EndLimit = TimeSpan.FromSeconds(15),
        QueryLimit = TimeSpan.FromSeconds(10);

    /// <summary>Enough for some thousand conflicts.</summary>
    private const int MostLines = 50_000;

    private const string IsOn = "SELECT @@GLOBAL.wsrep_log_conflicts, UNIX_TIMESTAMP()";

    private readonly NodeSql sql = new(swarm, login);

    /// <summary>The time on each host's clock at which the logging began.</summary>
    private readonly Dictionary<string, long> begun = new(StringComparer.Ordinal);

    /// <summary>Starts it, and waits until the servers have it.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraConflictsNotLogged</c>, <c>GaleraQueryFailed</c>, the transport's errors.</exception>
    public async Task StartAsync(TimeSpan period)
    {
        foreach (var site in sites)
        {
            await ContainerExec
                .StartBashAsync(
                    Connection(swarm.Context, site),
                    site.ContainerId,
                    GaleraScript.Conflicts.Text,
                    swarm.Context.CancellationToken,
                    Environment(period + Margin)
                )
                .ConfigureAwait(false);
        }

        foreach (var site in sites)
        {
            var on = await Polling
                .UntilAsync(() => StateAsync(site), StartLimit, swarm.Context.CancellationToken, TimeSpan.FromMilliseconds(200))
                .ConfigureAwait(false);
            begun[site.Node] = on is null
                ? throw GaleraErrors.GaleraConflictsNotLogged(site.Node)
                : long.Parse(on, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Ends it, also after Ctrl+C. What cannot be reached ends it by itself.</summary>
    public async Task EndAsync()
    {
        using var hold = swarm.Context.HoldConnections();
        using var limit = new CancellationTokenSource(EndLimit);
        var aftercare = new AftercareContext(swarm.Context, limit.Token);
        await Task.WhenAll(
                sites.Select(async site =>
                {
                    try
                    {
                        await ContainerExec
                            .BashAsync(
                                Connection(aftercare, site),
                                site.ContainerId,
                                GaleraScript.Conflicts.Text,
                                limit.Token,
                                Environment(TimeSpan.Zero)
                            )
                            .ConfigureAwait(false);
                    }
                    catch (Exception error) when (error is SwarmOpsException or OperationCanceledException)
                    {
                        swarm.Context.WriteVerbose(
                            $"{site.Node}: could not end the logging of conflicts: {error.Message} It ends by itself."
                        );
                    }
                })
            )
            .ConfigureAwait(false);
    }

    /// <summary>The conflicts that the servers logged, and the nodes whose logs could not be read, with the reason.</summary>
    public async Task<(IReadOnlyList<GaleraConflict> Conflicts, IReadOnlyDictionary<string, string> Unread)> ReadAsync()
    {
        var conflicts = new List<GaleraConflict>();
        var unread = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var site in sites)
        {
            try
            {
                var log = await new EngineContainers(Connection(swarm.Context, site))
                    .LogAsync(site.ContainerId, begun[site.Node], MostLines, swarm.Context.CancellationToken)
                    .ConfigureAwait(false);
                conflicts.AddRange(ConflictText.Read(site.Node, log));
            }
            catch (SwarmOpsException error)
            {
                // A logging driver of the engine may keep logs elsewhere.
                unread[site.Node] = error.Message.TrimEnd('.');
            }
        }

        return ([.. conflicts.OrderByDescending(conflict => conflict.Count)], unread);
    }

    private async Task<string?> StateAsync(GaleraSite site) =>
        await sql.RunAsync(site.Node, site.ContainerId, IsOn, QueryLimit).ConfigureAwait(false) is [["1", var now]] ? now : null;

    private INodeConnection Connection(IOperationContext context, GaleraSite site) =>
        context.Connection(swarm.Nodes.First(node => node.Name == site.Node));

    private Dictionary<string, string> Environment(TimeSpan period)
    {
        var environment = new Dictionary<string, string>
        {
            ["GALERA_SECONDS"] = Math.Ceiling(period.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        };
        if (login is not null)
            (environment["GALERA_SQL_USER"], environment["GALERA_SQL_PASSWORD"]) = (login.UserName, login.Password);
        return environment;
    }
}
