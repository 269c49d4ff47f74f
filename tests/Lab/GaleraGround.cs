namespace SwarmOps.Tests.Lab;

/// <summary>What every Galera test stands on: a swarm with an overlay and MariaDB's image, and no database yet.</summary>
internal static class GaleraGround
{
    /// <summary>The lab's image, which no registry knows.</summary>
    public const string Image = "-Image lab/mariadb:10.11 -NoResolveImage";

    /// <summary>Forms swarm and overlay, the plain network <c>db</c>: the lab's kernel has no ESP.</summary>
    public static async Task<IReadOnlyList<SwarmNode>> FormAsync(LabFixture lab, Session session)
    {
        await LoadImageAsync(lab);
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await WipeAsync(lab);
        session.Run("$n | New-EncryptedOverlay -Name db -Unencrypted -WarningAction SilentlyContinue", ("n", nodes)).ThrowOnError();
        return nodes;
    }

    /// <summary>Brings the image to all hosts.</summary>
    public static Task LoadImageAsync(LabFixture lab) => ServiceSwarm.LoadAsync(lab, "lab/mariadb:10.11", "mariadb");

    /// <summary>Takes away services, what they were given, their containers and data.</summary>
    public static async Task WipeAsync(LabFixture lab)
    {
        await ServiceSwarm.ManagerAsync(lab, "for id in $(docker service ls -q); do docker service rm $id >/dev/null; done");
        await OnAllAsync(
            lab,
            "for try in $(seq 200); do pkill -9 'mariadbd|garbd'; [ -n \"$(docker ps -q)\" ] || break; sleep 0.3; done; rm -rf /srv/mysql /srv/mysql.* /srv/other"
        );
        await ServiceSwarm.ManagerAsync(
            lab,
            "for id in $(docker secret ls -q); do docker secret rm $id >/dev/null; done; for id in $(docker config ls -q); do docker config rm $id >/dev/null; done"
        );
    }

    /// <summary>Runs a script on every host at the same time.</summary>
    public static Task<string[]> OnAllAsync(LabFixture lab, string script) =>
        Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, script)));

    /// <summary>Runs a statement in a host's database, as its root.</summary>
    public static Task<string> SqlAsync(LabFixture lab, LabHost host, string statement) =>
        lab.ExecAsync(
            host,
            $$"""
            id=$(docker ps -q --filter volume=/srv/mysql | head -n 1)
            docker exec -e STATEMENT="{{statement}}" "$id" bash -c 'MYSQL_PWD=$(<"$MARIADB_ROOT_PASSWORD_FILE") mariadb -uroot -NB -e "$STATEMENT"'
            """
        );

    /// <summary>Every node is Synced in the one cluster, and there is nothing to say about it.</summary>
    public static void AssertWhole(GaleraCluster cluster, int size = 3)
    {
        Assert.Equal((GaleraStatus.Healthy, size, size), (cluster.Status, cluster.Size, cluster.ExpectedSize));
        Assert.NotNull(cluster.Uuid);
        Assert.All(
            cluster.GaleraNodes,
            node => Assert.Equal(("Synced", "Primary", size, cluster.Uuid), (node.State, node.ClusterStatus, node.ClusterSize, node.Uuid))
        );
        Assert.All(cluster.GaleraNodes, node => Assert.Equal(size, node.DnsAnswers.Count));
        Assert.Empty(cluster.Findings);
    }

    /// <summary>A row that is written in each region is read in all others.</summary>
    public static async Task AssertWritesReachAllAsync(LabFixture lab)
    {
        await SqlAsync(
            lab,
            lab.Hosts[0],
            "CREATE DATABASE IF NOT EXISTS seen; CREATE OR REPLACE TABLE seen.t (region VARCHAR(40) PRIMARY KEY)"
        );
        foreach (var host in lab.Hosts)
            await SqlAsync(lab, host, $"INSERT INTO seen.t VALUES ('{host.Region}')");
        foreach (var host in lab.Hosts)
            Assert.Equal(
                string.Join('\n', lab.Hosts.Select(other => other.Region).Order()),
                (await SqlAsync(lab, host, "SET SESSION wsrep_sync_wait=1; SELECT region FROM seen.t ORDER BY region")).Trim()
            );
    }

    /// <summary>What stands, with versions: the same as long as nobody changes anything.</summary>
    public static Task<string> VersionsAsync(LabFixture lab) =>
        ServiceSwarm.ManagerAsync(
            lab,
            "docker service inspect -f '{{.Spec.Name}} {{.Version.Index}}' $(docker service ls -q) 2>/dev/null | sort; for id in $(docker secret ls -q) $(docker config ls -q); do echo $id; done"
        );

    /// <summary>Writes a figure to the output, and to the file that SWARMOPS_GALERA_FIGURES names.</summary>
    public static void Say(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("SWARMOPS_GALERA_FIGURES") is { Length: > 0 } file)
            File.AppendAllText(file, line + Environment.NewLine);
    }
}
