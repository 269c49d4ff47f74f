namespace SwarmOps.Tests.Lab;

/// <summary>Outages in which a database must neither be lost nor stopped: what is not known is waited for, refused, or kept. Real MariaDB on the lab.</summary>
public sealed class GaleraOutageTests(LabFixture lab) : IDisposable
{
    private const string Line = $"$n | New-GaleraService -Overlay db {GaleraGround.Image}";

    /// <summary>An image whose recovery of a position takes as many seconds as a file in the data directory says: a big redo log does that.</summary>
    private const string SlowImage = "lab/mariadb-slow:1";

    private static readonly bool AtAll = Environment.GetEnvironmentVariable("SWARMOPS_GALERA") == "all";

    private readonly Session session = new();
    private IReadOnlyList<SwarmNode> nodes = [];

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_root_password_changed_by_SQL_stops_nothing_and_is_no_outage()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        await FormAsync();
        var before = await TasksAsync();
        await GaleraGround.SqlAsync(
            lab,
            lab.Hosts[0],
            "ALTER USER root@localhost IDENTIFIED BY 'changed-by-sql'; ALTER USER root@'%' IDENTIFIED BY 'changed-by-sql'"
        );

        var seen = Get();
        var repaired = session.Run("$n | Repair-GaleraCluster -TimeoutSeconds 120", ("n", nodes));

        Assert.Equal(before, await TasksAsync());
        Assert.NotEqual(GaleraStatus.Down, seen.Status);
        Assert.All(seen.GaleraNodes, node => Assert.Equal(("Synced", "Primary", 3), (node.State, node.ClusterStatus, node.ClusterSize)));
        Assert.Contains(
            seen.Findings,
            finding => finding.Contains("Update-SwarmSecret -Name GALERA_ROOT_PASSWORD", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(seen.Findings, finding => finding.Contains("Repair-GaleraCluster", StringComparison.Ordinal));
        Assert.Empty(repaired.ErrorIds);
    }

    [Fact]
    public async Task The_node_that_is_furthest_is_waited_for_while_it_recovers_its_position()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        await GaleraGround.FormAsync(lab, session);
        await GaleraGround.OnAllAsync(
            lab,
            $$"""
            printf '%s\n' 'FROM lab/mariadb:10.11' "RUN mv /usr/sbin/mariadbd /usr/sbin/mariadbd.real && printf '#!/bin/sh\\nfor word; do [ \"\$word\" != --wsrep-recover ] || sleep \$(cat /var/lib/mysql/.swarmops-slow 2>/dev/null || echo 0); done\\nexec /usr/sbin/mariadbd.real \"\$@\"\\n' >/usr/sbin/mariadbd && chmod 0755 /usr/sbin/mariadbd" | docker build -q -t {{SlowImage}} - >/dev/null
            """
        );
        await FormAsync($"$n | New-GaleraService -Overlay db -Image {SlowImage} -NoResolveImage");
        var ahead = lab.Hosts[0];
        await ScaleAsync(0, lab.Hosts.Skip(1));
        await GoneAsync(lab.Hosts.Skip(1));
        await GaleraGround.SqlAsync(lab, ahead, "CREATE TABLE seen.rows (id INT PRIMARY KEY)");
        await GaleraGround.SqlAsync(
            lab,
            ahead,
            string.Concat(Enumerable.Range(1, 300).Select(row => $"INSERT INTO seen.rows VALUES ({row}); "))
        );
        await lab.ExecAsync(ahead, "echo 100 >/srv/mysql/.swarmops-slow; pkill -9 mariadbd");
        await ScaleAsync(1, lab.Hosts.Skip(1));

        var repaired = session.Run("$n | Repair-GaleraCluster -Verbose", ("n", nodes));
        await GaleraGround.OnAllAsync(lab, "rm -f /srv/mysql/.swarmops-slow");

        Assert.Empty(repaired.ErrorIds);
        Assert.Equal(GaleraStatus.Healthy, ((GaleraCluster)repaired.Objects.Single()).Status);
        Assert.Equal(["300", "300", "300"], await CountAsync("seen.rows"));
    }

    [Fact]
    public async Task A_marker_beside_a_database_without_grastate_founds_from_that_database()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        await FormAsync();
        await ScaleAsync(0, lab.Hosts);
        await GoneAsync(lab.Hosts);
        await lab.ExecAsync(lab.Hosts[0], "rm -f /srv/mysql/grastate.dat /srv/mysql/gvwstate.dat; touch /srv/mysql/.swarmops-bootstrap");
        await ScaleAsync(1, lab.Hosts);

        var seen = await UntilAsync(cluster => cluster.Status == GaleraStatus.Healthy);

        Assert.Equal((GaleraStatus.Healthy, ""), (seen.Status, string.Join("; ", seen.Findings)));
        Assert.Equal(["3", "3", "3"], await CountAsync("seen.t"));
    }

    [Fact]
    public async Task A_node_of_another_history_waits_and_its_data_is_moved_aside_on_request()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        await FormAsync();
        var apart = lab.Hosts[2];
        await ScaleAsync(0, lab.Hosts);
        await GoneAsync(lab.Hosts);
        // The others begin a new cluster; this host still holds the old one.
        await Task.WhenAll(lab.Hosts.Take(2).Select(host => lab.ExecAsync(host, "find /srv/mysql -mindepth 1 -delete")));
        await lab.ExecAsync(lab.Hosts[0], "touch /srv/mysql/.swarmops-bootstrap");
        await ScaleAsync(1, lab.Hosts.Take(2));
        await UntilAsync(cluster => cluster.Size == 2);
        await ScaleAsync(1, [apart]);

        var seen = await UntilAsync(cluster =>
            cluster.Findings.Any(finding => finding.Contains("its data would be overwritten", StringComparison.Ordinal))
        );
        Assert.Equal("Waiting", seen.GaleraNodes.Single(node => node.Node == apart.Name).State);
        Assert.Equal("/srv/mysql/seen/t.ibd", (await lab.ExecAsync(apart, "ls /srv/mysql/seen/t.ibd")).Trim());

        // Nothing can be moved there: the run fails after it has stopped the node, which must run again then.
        await lab.ExecAsync(apart, "mount -o remount,bind,ro /srv");
        Outcome failed;
        try
        {
            failed = session.Run("$n | Repair-GaleraCluster", ("n", nodes));
        }
        finally
        {
            await lab.ExecAsync(apart, "mount -o remount,bind,rw /srv");
        }

        Assert.Equal("CommandFailed", Assert.Single(failed.ErrorIds));
        Assert.Equal(
            "1",
            (
                await ServiceSwarm.ManagerAsync(
                    lab,
                    $"docker service inspect -f '{{{{.Spec.Mode.Replicated.Replicas}}}}' galera-{apart.Region}"
                )
            ).Trim()
        );
        Assert.Equal("/srv/mysql/seen/t.ibd", (await lab.ExecAsync(apart, "ls /srv/mysql/seen/t.ibd")).Trim());

        var repaired = session.Run("$n | Repair-GaleraCluster", ("n", nodes)).ThrowOnError();
        GaleraGround.AssertWhole((GaleraCluster)repaired.Objects.Single());
        Assert.NotEqual("", (await lab.ExecAsync(apart, "ls /srv/mysql.aside-*/seen/t.ibd")).Trim());
    }

    [Fact]
    public async Task A_backup_is_restored_into_a_fresh_cluster_physically_and_as_a_dump()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        await FormAsync();
        var password = (
            await lab.ExecAsync(lab.Hosts[0], "docker exec $(docker ps -q -f volume=/srv/mysql) cat /run/secrets/GALERA_ROOT_PASSWORD")
        ).Trim();
        var first = Get().Uuid;
        // Both kinds of backup, by the words of docs/galera.md.
        await lab.ExecAsync(
            lab.Hosts[0],
            """
            rm -rf /srv/backup /srv/shop.sql
            mkdir -p /srv/backup
            id=$(docker ps -q -f volume=/srv/mysql)
            docker exec "$id" bash -c 'MYSQL_PWD=$(<"$MARIADB_ROOT_PASSWORD_FILE") mariadb-backup --backup --user=root --target-dir=/tmp/backup 2>/tmp/backup.log || { cat /tmp/backup.log; exit 1; }'
            docker cp "$id":/tmp/backup/. /srv/backup/
            docker exec "$id" bash -c 'MYSQL_PWD=$(<"$MARIADB_ROOT_PASSWORD_FILE") mariadb-dump -uroot --single-transaction --routines --events --databases seen' >/srv/shop.sql
            """
        );
        await GaleraGround.SqlAsync(lab, lab.Hosts[1], "INSERT INTO seen.t VALUES ('after the backup')");
        session.Run("$n | Remove-GaleraService -Name galera -Confirm:$false", ("n", nodes)).ThrowOnError();
        await GaleraGround.OnAllAsync(lab, "mv /srv/mysql /srv/mysql.before");

        await lab.ExecAsync(lab.Hosts[1], "mkdir -p /srv/mysql");
        await lab.ExecAsync(
            lab.Hosts[0],
            """
            mkdir -p /srv/mysql
            docker run --rm --entrypoint bash -v /srv/backup:/backup -v /srv/mysql:/var/lib/mysql lab/mariadb:10.11 -c 'mariadb-backup --prepare --target-dir=/backup && mariadb-backup --copy-back --target-dir=/backup' >/srv/restore.log 2>&1 || { tail -n 20 /srv/restore.log; exit 1; }
            # What an emptied directory keeps: it must not make the backup a part of the old history.
            cp /srv/mysql.before/.swarmops-member /srv/mysql/
            touch /srv/mysql/.swarmops-joining /srv/mysql/.swarmops-bootstrap
            """
        );
        var restored = (GaleraCluster)session.Run(Line, ("n", nodes)).ThrowOnError().Objects.Single();

        GaleraGround.AssertWhole(restored);
        Assert.NotEqual(first, restored.Uuid);
        Assert.Equal(["3", "3", "3"], await CountAsync("seen.t"));
        Assert.All(
            await GaleraGround.OnAllAsync(lab, "ls /srv/mysql.before/seen/t.ibd"),
            path => Assert.Equal("/srv/mysql.before/seen/t.ibd", path.Trim())
        );
        await GaleraGround.SqlAsync(lab, lab.Hosts[1], "INSERT INTO seen.t VALUES ('after the restore')");
        Assert.Equal(["4", "4", "4"], await CountAsync("seen.t"));
        Assert.Equal(
            password,
            (
                await lab.ExecAsync(lab.Hosts[0], "docker exec $(docker ps -q -f volume=/srv/mysql) cat /run/secrets/GALERA_ROOT_PASSWORD")
            ).Trim()
        );
        // Its own restart, too: the history is on its disk.
        session.Run("$n | Step-GaleraRestart", ("n", nodes)).ThrowOnError();

        await GaleraGround.WipeAsync(lab);
        GaleraGround.AssertWhole((GaleraCluster)session.Run(Line, ("n", nodes)).ThrowOnError().Objects.Single());
        await lab.ExecAsync(
            lab.Hosts[0],
            """docker exec -i $(docker ps -q -f volume=/srv/mysql) bash -c 'MYSQL_PWD=$(<"$MARIADB_ROOT_PASSWORD_FILE") mariadb -uroot' </srv/shop.sql"""
        );
        Assert.Equal(["3", "3", "3"], await CountAsync("seen.t"));
        await GaleraGround.WipeAsync(lab);
        await lab.ExecAsync(lab.Hosts[0], "rm -rf /srv/backup /srv/shop.sql /srv/restore.log");
    }

    [Fact]
    public async Task Servers_that_nobody_can_ask_are_not_known_and_neither_stopped_nor_founded_beside()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        await FormAsync();
        // Root's password is another one, and the account of state transfers is gone: nobody can ask.
        await GaleraGround.SqlAsync(
            lab,
            lab.Hosts[0],
            "ALTER USER root@localhost IDENTIFIED BY 'by-sql'; ALTER USER root@'%' IDENTIFIED BY 'by-sql'; CREATE USER IF NOT EXISTS asker@localhost IDENTIFIED BY 'asks'; DROP USER IF EXISTS mysql@localhost"
        );
        var before = await TasksAsync();

        var seen = Get();
        var refused = session.Run("$n | Repair-GaleraCluster -TimeoutSeconds 60", ("n", nodes));
        var forced = session.Run("$n | Repair-GaleraCluster -Force -TimeoutSeconds 60", ("n", nodes));
        var formed = session.Run(Line, ("n", nodes));
        var asked = (GaleraCluster)
            session
                .Run(
                    "$n | Get-GaleraCluster -Name galera -RootCredential $c",
                    ("n", nodes),
                    (
                        "c",
                        new System.Management.Automation.PSCredential("asker", new System.Net.NetworkCredential("", "asks").SecurePassword)
                    )
                )
                .ThrowOnError()
                .Objects.Single();

        Assert.Equal(GaleraStatus.Unknown, seen.Status);
        Assert.DoesNotContain(
            seen.Findings,
            finding =>
                finding.Contains("accepts no writes", StringComparison.Ordinal)
                || finding.Contains("Repair-GaleraCluster", StringComparison.Ordinal)
        );
        Assert.Equal(
            ["GaleraStatusUnknown", "GaleraStatusUnknown", "GaleraStatusUnknown"],
            [.. refused.ErrorIds, .. forced.ErrorIds, .. formed.ErrorIds]
        );
        Assert.Contains("-RootCredential", refused.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal((GaleraStatus.Healthy, 3), (asked.Status, asked.Size));
        Assert.Equal(before, await TasksAsync());
        await GaleraGround.WipeAsync(lab);
    }

    [Fact]
    public async Task A_host_that_the_swarm_does_not_hear_of_is_asked_itself_and_its_server_goes_on()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        await FormAsync();
        var apart = lab.Hosts[2];
        var before = await lab.ExecAsync(apart, "docker ps -q -f volume=/srv/mysql");
        await lab.OnLabAsync("fault", "drop", apart.Name, "2377/tcp");
        try
        {
            // Its task is given up, and the one in its place waits for the host.
            await ServiceSwarm.ManagerAsync(
                lab,
                $"for try in $(seq 240); do docker service ps -f desired-state=running --format '{{{{.CurrentState}}}}' galera-{apart.Region} | grep -q '^Pending' && exit 0; sleep 0.5; done; exit 1"
            );

            var seen = Get();
            var repaired = session.Run("$n | Repair-GaleraCluster -TimeoutSeconds 120", ("n", nodes));

            Assert.All(
                seen.GaleraNodes,
                node => Assert.Equal(("Synced", "Primary", 3), (node.State, node.ClusterStatus, node.ClusterSize))
            );
            Assert.Empty(repaired.ErrorIds);
            Assert.Equal(before, await lab.ExecAsync(apart, "docker ps -q -f volume=/srv/mysql"));
        }
        finally
        {
            await lab.OnLabAsync("fault", "heal");
        }

        await UntilAsync(cluster => cluster.Status == GaleraStatus.Healthy);
        await GaleraGround.WipeAsync(lab);
    }

    [Fact]
    public async Task Beside_hosts_that_are_down_no_cluster_is_founded_on_spare_ones()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var old = lab.Hosts.ToList();
        var added = new List<string>();
        try
        {
            foreach (var host in old)
                added.Add((await lab.OnLabAsync("host", "add", host.Region)).Trim().Split('\n')[^1]);
            await lab.RefreshAsync();
            var spare = lab.Hosts.Where(host => added.Contains(host.Name)).ToList();
            await lab.ResetAsync();
            await GaleraGround.OnAllAsync(lab, "rm -rf /srv/mysql /srv/mysql.*");
            await lab.OnLabAsync("image", "load", "all", "mariadb");
            // Managers are the spare hosts, so that the swarm itself outlives the others.
            nodes = session
                .Run(
                    "$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest",
                    ("n", spare.Concat(old).Select(session.Node).ToList())
                )
                .ThrowOnError()
                .Nodes;
            session.Run("$n | New-EncryptedOverlay -Name db -Unencrypted -WarningAction SilentlyContinue", ("n", nodes)).ThrowOnError();
            var ordered = old.Concat(spare).Select(host => nodes.Single(node => node.Name == host.Name)).ToList();
            GaleraGround.AssertWhole((GaleraCluster)session.Run(Line, ("n", ordered)).ThrowOnError().Objects.Single());
            Task<string> Services() =>
                lab.ExecAsync(spare[0], "docker service inspect -f '{{.Spec.Name}} {{.Version.Index}}' $(docker service ls -q) | sort");
            foreach (var host in old)
                await lab.ExecAsync(host, "systemctl stop docker.socket docker");
            // Before the swarm knows it their servers are unknown, which is refused too (GaleraStatusUnknown).
            await ManagerLab.UntilAsync(
                async () =>
                    await lab.ExecAsync(spare[0], "docker node ls --format '{{.Status}}'") is var said
                    && said.Split("Down").Length - 1 == old.Count
                        ? (true, said)
                        : (false, said),
                60
            );
            var before = await Services();

            var refused = session.Run($"{Line} -ConnectionTimeoutSeconds 5 -TimeoutSeconds 120", ("n", ordered));
            var without = session.Run($"{Line} -ConnectionTimeoutSeconds 5 -TimeoutSeconds 120", ("n", ordered.Skip(3).ToList()));
            var after = await Services();
            foreach (var host in old)
                await lab.ExecAsync(host, "systemctl start docker.socket docker");

            Assert.Empty(refused.Objects);
            Assert.Equal("GaleraDataPresent", Assert.Single(refused.ErrorIds));
            Assert.All(old, host => Assert.Contains(host.Name, refused.Errors[^1].Exception.Message, StringComparison.Ordinal));
            Assert.Equal("GaleraHostsUnseen", Assert.Single(without.ErrorIds));
            Assert.All(old, host => Assert.Contains(host.Name, without.Errors[^1].Exception.Message, StringComparison.Ordinal));
            Assert.Equal(before, after);
            Assert.All(
                await Task.WhenAll(spare.Select(host => lab.ExecAsync(host, "ls /srv/mysql/ibdata1 2>/dev/null || true"))),
                text => Assert.Equal("", text.Trim())
            );
        }
        finally
        {
            foreach (var name in added)
                await lab.OnLabAsync("host", "remove", name);
            await lab.RefreshAsync();
            await lab.ResetAsync();
            await GaleraGround.OnAllAsync(lab, "rm -rf /srv/mysql /srv/mysql.*");
        }
    }

    private Task<string> ScaleAsync(int replicas, IEnumerable<LabHost> hosts) =>
        ServiceSwarm.ManagerAsync(
            lab,
            string.Concat(
                hosts.Select(host => $"docker service update -q --detach --replicas {replicas} galera-{host.Region} >/dev/null; ")
            )
        );

    private Task<string[]> GoneAsync(IEnumerable<LabHost> hosts) =>
        Task.WhenAll(
            hosts.Select(host =>
                lab.ExecAsync(
                    host,
                    "for try in $(seq 240); do [ -n \"$(docker ps -q -f volume=/srv/mysql)\" ] || exit 0; sleep 0.5; done; exit 1"
                )
            )
        );

    private async Task<IReadOnlyList<string>> CountAsync(string table) =>
        [
            .. (
                await Task.WhenAll(
                    lab.Hosts.Select(host =>
                        GaleraGround.SqlAsync(lab, host, $"SET SESSION wsrep_sync_wait=1; SELECT COUNT(*) FROM {table}")
                    )
                )
            ).Select(text => text.Trim()),
        ];

    private async Task<GaleraCluster> UntilAsync(Func<GaleraCluster, bool> reached)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var cluster = Get();
            if (reached(cluster) || clock.Elapsed > TimeSpan.FromMinutes(3))
                return cluster;
            await Task.Delay(1000, TestContext.Current.CancellationToken);
        }
    }

    private async Task FormAsync(string line = Line)
    {
        nodes = await GaleraGround.FormAsync(lab, session);
        GaleraGround.AssertWhole((GaleraCluster)session.Run(line, ("n", nodes)).ThrowOnError().Objects.Single());
        await GaleraGround.AssertWritesReachAllAsync(lab);
    }

    private GaleraCluster Get() =>
        (GaleraCluster)session.Run("$n | Get-GaleraCluster -Name galera", ("n", nodes)).ThrowOnError().Objects.Single();

    /// <summary>The tasks that run: another list means that a server was stopped.</summary>
    private Task<string> TasksAsync() =>
        ServiceSwarm.ManagerAsync(
            lab,
            "docker service ps -q --filter desired-state=running $(docker service ls -q) | sort; docker service ls --format '{{.Name}} {{.Replicas}}' | sort"
        );
}
