using System.Security.Cryptography;
using System.Text;
using SwarmOps.Galera;
using SwarmOps.Monitoring.Definition;
using SwarmOps.Pipeline;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Monitoring.Running;

/// <summary>
/// The account of the exporters in a Galera cluster: without any privilege, which is enough for the server's status. Its password is only in the exporters' secrets; the statements
/// have its hash. A secret cannot be read back, so a node that joins the cluster gives all exporters a new password.
/// </summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="store">What the swarm has.</param>
/// <param name="throttleLimit">How many nodes are contacted at the same time.</param>
internal sealed class GaleraAccount(IOperationContext context, SwarmSession swarm, MonitoringStore store, int throttleLimit)
{
    private const int PasswordLength = 32;

    /// <summary>Both Prometheus servers may scrape an exporter at the same time, and an update may have two of them.</summary>
    private const int MostConnections = 5;

    private static readonly TimeSpan SqlLimit = TimeSpan.FromSeconds(30);

    /// <summary>Ensures that the account exists with the password of the exporters' secrets.</summary>
    /// <returns>Whether it does; false if the user declined.</returns>
    /// <exception cref="SwarmOpsException"><c>GaleraNotQueryable</c>, <c>GaleraQueryFailed</c>, those of stored items and the transport.</exception>
    public async Task<bool> EnsureAsync(MonitoringDefinition definition, MonitoredGalera cluster)
    {
        var name = definition.Name;
        var known = cluster
            .Nodes.Select(node => store.Newest(name, StoredKind.Secret, $"mysqld-{node.Service}"))
            .Select(secret => secret?.Labels.GetValueOrDefault(MonitoringNames.PasswordLabel))
            .Distinct()
            .ToList();
        var (open, _) = await new GaleraSites(swarm, throttleLimit, null).FindAsync(cluster.Cluster).ConfigureAwait(false);
        var (sql, site, account) = (new NodeSql(swarm, null), open[0], MonitoringNames.Account(name));
        if (known is [{ } hash] && await HashAsync(sql, site, account).ConfigureAwait(false) == hash)
            return true;
        if (
            !await context
                .ShouldProcessAsync(
                    $"swarm {swarm.SwarmId}",
                    $"Create the account '{account}' without privileges in the Galera cluster '{cluster.Cluster}', with a new password for its exporters"
                )
                .ConfigureAwait(false)
        )
            return false;
        var password = Encoding.ASCII.GetString(SecretGenerator.Generate(PasswordLength));
        hash = NativeHash(password);
        var user = $"'{account}'@'%' IDENTIFIED BY PASSWORD '{hash}' WITH MAX_USER_CONNECTIONS {MostConnections}";
        // The account first: an exporter with a password that is not valid yet would be blocked by the server (max_connect_errors).
        await sql.RunAsync(site.Node, site.ContainerId, $"CREATE USER IF NOT EXISTS {user}; ALTER USER {user}", SqlLimit)
            .ConfigureAwait(false);
        foreach (var node in cluster.Nodes)
            await StoreAsync(name, cluster, node, account, password, hash).ConfigureAwait(false);
        return true;
    }

    /// <summary>Drops the account; one that does not exist is not an error.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNotFound</c>, <c>GaleraNotQueryable</c>, <c>GaleraQueryFailed</c>, the transport's errors.</exception>
    private async Task DropAsync(string name, string cluster)
    {
        var (open, _) = await new GaleraSites(swarm, throttleLimit, null).FindAsync(cluster).ConfigureAwait(false);
        await new NodeSql(swarm, null)
            .RunAsync(open[0].Node, open[0].ContainerId, $"DROP USER IF EXISTS '{MonitoringNames.Account(name)}'@'%'", SqlLimit)
            .ConfigureAwait(false);
    }

    /// <summary>The same; a cluster that cannot be asked keeps the account, which is a warning.</summary>
    public async Task DropReportedAsync(string name, string cluster)
    {
        try
        {
            await DropAsync(name, cluster).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(GaleraErrors.GaleraNotFound))
        {
            context.WriteVerbose($"The Galera cluster '{cluster}' no longer exists, and neither does the account in it");
        }
        catch (SwarmOpsException error)
        {
            context.WriteWarning(
                $"The account '{MonitoringNames.Account(name)}' in the Galera cluster '{cluster}' was not dropped; it has no privileges. {error.Message}"
            );
        }
    }

    /// <summary>What mysql_native_password stores: the hash of the hash (MariaDB, "Authentication Plugin - mysql_native_password").</summary>
    internal static string NativeHash(string password)
    {
#pragma warning disable CA5350 // The server's own format; the password is as random as the hash is long.
        return "*" + Convert.ToHexString(SHA1.HashData(SHA1.HashData(Encoding.UTF8.GetBytes(password))));
#pragma warning restore CA5350
    }

    private static async Task<string?> HashAsync(NodeSql sql, GaleraSite site, string account)
    {
        var rows = await sql.RunAsync(
                site.Node,
                site.ContainerId,
                $"SELECT authentication_string FROM mysql.user WHERE User = '{account}' AND Host = '%'",
                SqlLimit
            )
            .ConfigureAwait(false);
        return rows is [[var hash, ..], ..] ? hash : null;
    }

    private Task<StoredItem> StoreAsync(
        string name,
        MonitoredGalera cluster,
        MonitoredServer node,
        string account,
        string password,
        string hash
    )
    {
        var secret = MonitoringServices.MysqlSecret(name, node.Service);
        var version = (store.Newest(name, StoredKind.Secret, $"mysqld-{node.Service}")?.Version ?? 0) + 1;
        var labels = new Dictionary<string, string>
        {
            [MonitoringNames.NameLabel] = name,
            [MonitoringNames.ClusterLabel] = cluster.Cluster,
            [MonitoringNames.PasswordLabel] = hash,
        };
        return swarm.AskManagerAsync(
            (manager, token) =>
                StoredItems.CreateAsync(
                    manager,
                    StoredKind.Secret,
                    secret,
                    version,
                    labels,
                    Encoding.ASCII.GetBytes($"[client]\nuser={account}\npassword={password}\nhost={node.Service}\nport=3306\n"),
                    token
                )
        );
    }
}
