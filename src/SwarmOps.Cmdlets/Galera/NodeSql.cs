using System.Globalization;
using System.Net;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Galera;

/// <summary>Runs SQL statements on a cluster's servers, each from inside its own container.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="login">The database account; null for root with the cluster's secret.</param>
internal sealed class NodeSql(SwarmSession swarm, NetworkCredential? login)
{
    /// <summary>The server's own time limit ends a statement first; this is for a connection that is silent.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>Runs statements on one server.</summary>
    /// <param name="node">Name of the host.</param>
    /// <param name="containerId">Its container.</param>
    /// <param name="statements">The statements; visible in the container's process list, so they must not contain secrets.</param>
    /// <param name="limit">The time limit.</param>
    /// <returns>The rows of all results.</returns>
    /// <exception cref="SwarmOpsException"><c>GaleraQueryFailed</c>, the transport's errors.</exception>
    public async Task<IReadOnlyList<string[]>> RunAsync(string node, string containerId, string statements, TimeSpan limit)
    {
        var host =
            swarm.Nodes.FirstOrDefault(host => host.Name == node)
            ?? throw GaleraErrors.GaleraQueryFailed(node, "the host is not in the node set or did not answer");
        var environment = new Dictionary<string, string>
        {
            ["GALERA_SQL"] = statements,
            ["GALERA_SQL_SECONDS"] = Math.Ceiling(limit.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        };
        if (login is not null)
            (environment["GALERA_SQL_USER"], environment["GALERA_SQL_PASSWORD"]) = (login.UserName, login.Password);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(swarm.Context.CancellationToken);
        end.CancelAfter(limit + Margin);
        try
        {
            var text = await ContainerExec
                .BashAsync(swarm.Context.Connection(host), containerId, GaleraScript.Query.Text, end.Token, environment)
                .ConfigureAwait(false);
            var (rows, error) = SqlRows.Parse(text);
            return error is null ? rows : throw GaleraErrors.GaleraQueryFailed(node, error);
        }
        catch (OperationCanceledException) when (!swarm.Context.CancellationToken.IsCancellationRequested)
        {
            throw GaleraErrors.GaleraQueryFailed(
                node,
                string.Create(CultureInfo.InvariantCulture, $"it did not answer within {limit.TotalSeconds:0} s")
            );
        }
    }

    /// <summary>A name as MariaDB quotes it.</summary>
    public static string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
}
