namespace SwarmOps.Tests.Lab;

/// <summary>A Galera cluster over all hosts of the lab, made by the module, and what a test does to it by hand.</summary>
internal sealed class GaleraSwarm(LabFixture lab, Session session)
{
    public const string Data = "/srv/mysql";

    // What stands before the first test of a class is another class' swarm.
    private static bool formed;

    /// <summary>The nodes of the swarm.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; private set; } = [];

    /// <summary>Forms swarm, network and cluster, or takes them as they stand.</summary>
    public async Task FormAsync()
    {
        Nodes = session.Nodes(lab);
        if (!formed)
        {
            await lab.ResetAsync();
            await OnAllAsync($"rm -rf {Data}* /srv/writes");
            await GaleraGround.LoadImageAsync(lab);
            var network = session
                .Run(
                    "$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest | New-EncryptedOverlay -Name internal -Unencrypted",
                    ("n", Nodes)
                )
                .ThrowOnError()
                .Objects.Single();
            session.Run("$o | New-GaleraService -Image lab/mariadb:10.11 -NoResolveImage", ("o", network)).ThrowOnError();
            formed = true;
        }
    }

    /// <summary>The cluster, as the module sees it.</summary>
    public GaleraCluster Get() =>
        (GaleraCluster)session.Run("$n | Get-GaleraCluster -Name galera", ("n", Nodes)).ThrowOnError().Objects.Single();

    /// <summary>The cluster when it is Healthy again by itself.</summary>
    public async Task<GaleraCluster> HealthyAsync(TimeSpan limit)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var outcome = session.Run("$n | Get-GaleraCluster -Name galera", ("n", Nodes));
            if (outcome.Objects.OfType<GaleraCluster>().FirstOrDefault() is { Status: GaleraStatus.Healthy } cluster)
                return cluster;
            if (clock.Elapsed > limit)
                throw new TimeoutException(
                    $"Not Healthy within {limit.TotalSeconds:0} s: {string.Join("; ", outcome.Objects.OfType<GaleraCluster>().SelectMany(seen => seen.Findings))} {string.Join("; ", outcome.Errors)}"
                );
            await Task.Delay(1000, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Runs a script on every host at the same time.</summary>
    public Task<string[]> OnAllAsync(string script) => Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, script)));

    /// <summary>Runs a statement in a region's node, as its root.</summary>
    public Task<string> SqlAsync(LabHost host, string statement) =>
        lab.ExecAsync(
            host,
            $"docker exec $(docker ps -qf name=galera-{host.Region} | head -n 1) bash -c 'MYSQL_PWD=$(cat /run/secrets/GALERA_ROOT_PASSWORD) mariadb -uroot -NB -e \"$1\"' - \"{statement}\""
        );

    /// <summary>Ends all database servers at the same moment, as a power cut does.</summary>
    public Task KillAllAsync() => OnAllAsync("pkill -9 mariadbd || true");

    /// <summary>How many replicas each region's service has; waits for nothing.</summary>
    public Task<string> ScaleAsync(int replicas) =>
        ServiceSwarm.ManagerAsync(
            lab,
            $"for service in $(docker service ls -qf label=swarmops.galera.cluster=galera); do docker service update -q --detach --replicas {replicas} $service >/dev/null; done"
        );

    /// <summary>Waits until no database container runs anywhere.</summary>
    public Task<string[]> GoneAsync() =>
        OnAllAsync("for try in $(seq 120); do [ -z \"$(docker ps -qf name=galera-)\" ] && exit 0; sleep 1; done; exit 1");
}
