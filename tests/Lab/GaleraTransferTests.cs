using System.Diagnostics;

namespace SwarmOps.Tests.Lab;

/// <summary>A state transfer that takes long, with a repair and the health checks beside it. MariaDB's own transfer, its programs slowed down.</summary>
public sealed class GaleraTransferTests(LabFixture lab) : IDisposable
{
    private static readonly bool AtAll = Environment.GetEnvironmentVariable("SWARMOPS_GALERA") == "all";

    /// <summary>In front of mariadb-backup: a donor sends a piece at a time until the test lets go, and a joiner begins to prepare only then.</summary>
    private const string Slow = """
        #!/bin/bash
        case " $* " in
            *' --backup '*) /usr/bin/mariadb-backup.real "$@" | while dd bs=32k count=8 iflag=fullblock status=none of=/tmp/piece && [ -s /tmp/piece ]; do cat /tmp/piece; [ -e /tmp/fast ] || sleep 0.5; done; exit "${PIPESTATUS[0]}" ;;
            *' --prepare '*) touch /tmp/prepares; until [ -e /tmp/fast ]; do sleep 0.2; done; exec /usr/bin/mariadb-backup.real "$@" ;;
            *) exec /usr/bin/mariadb-backup.real "$@" ;;
        esac
        """;

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_long_transfer_is_left_alone_by_a_repair_beside_it()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var nodes = await GaleraGround.FormAsync(lab, session);
        session.Run($"$n | New-GaleraService -Overlay db {GaleraGround.Image}", ("n", nodes)).ThrowOnError();
        var (donors, joiner) = (lab.Hosts.Take(2).ToList(), lab.Hosts[2]);
        await ServiceSwarm.ManagerAsync(lab, $"docker service update -q --detach --replicas 0 galera-{joiner.Region} >/dev/null");
        await lab.ExecAsync(
            joiner,
            "for try in $(seq 260); do [ -n \"$(docker ps -q -f name=galera-)\" ] || break; sleep 0.5; done; find /srv/mysql -mindepth 1 -delete"
        );
        await Task.WhenAll(donors.Select(SlowAsync));
        await ServiceSwarm.ManagerAsync(lab, $"docker service update -q --detach --replicas 1 galera-{joiner.Region} >/dev/null");
        await UntilAsync(joiner, "pgrep -f wsrep_sst_mariabackup >/dev/null && [ -e /srv/mysql/.sst ]");
        await SlowAsync(joiner);
        var before = await ContainersAsync();

        // While it streams; then while the joiner prepares, when nothing grows.
        var streaming = session.Run("$n | Repair-GaleraCluster -TimeoutSeconds 10", ("n", nodes));
        var shown = (GaleraCluster)session.Run("$n | Get-GaleraCluster -Name galera", ("n", nodes)).ThrowOnError().Objects.Single();
        Assert.Equal(before, await ContainersAsync());
        await Task.WhenAll(donors.Select(host => InsideAsync(host, "touch /tmp/fast")));
        await UntilAsync(joiner, "docker exec $(docker ps -q -f name=galera- | head -n 1) test -e /tmp/prepares");
        // Longer than anything stands still that is stuck.
        var preparing = session.Run("$n | Repair-GaleraCluster -TimeoutSeconds 100", ("n", nodes));
        Assert.Equal(before, await ContainersAsync());
        await InsideAsync(joiner, "touch /tmp/fast");
        var repaired = session.Run("$n | Repair-GaleraCluster", ("n", nodes)).ThrowOnError();

        Assert.Equal(before, await ContainersAsync());
        Assert.All([streaming, preparing], run => Assert.Equal("GaleraTransferInProgress", Assert.Single(run.ErrorIds)));
        Assert.Contains(joiner.Name, streaming.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("prepar", preparing.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains(
            shown.Findings,
            finding =>
                finding.Contains("state transfer", StringComparison.Ordinal) && finding.Contains(joiner.Name, StringComparison.Ordinal)
        );
        GaleraGround.AssertWhole((GaleraCluster)repaired.Objects.Single());
        Assert.Equal("", (await lab.ExecAsync(joiner, "ls -d /srv/mysql.aside-* 2>/dev/null || true")).Trim());
        await GaleraGround.AssertWritesReachAllAsync(lab);
        await GaleraGround.WipeAsync(lab);
    }

    [Fact]
    public async Task A_disk_without_room_for_a_transfer_beside_the_old_data_is_seen_before_anything_is_stopped()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var nodes = await GaleraGround.FormAsync(lab, session);
        var host = lab.Hosts[2];
        await lab.ExecAsync(host, "mkdir -p /srv/mysql && mount -t tmpfs -o size=640m none /srv/mysql");
        try
        {
            session.Run($"$n | New-GaleraService -Overlay db {GaleraGround.Image}", ("n", nodes)).ThrowOnError();
            await ServiceSwarm.ManagerAsync(lab, $"docker service update -q --detach --replicas 0 galera-{host.Region} >/dev/null");
            await lab.ExecAsync(
                host,
                "for try in $(seq 260); do [ -n \"$(docker ps -q -f name=galera-)\" ] || break; sleep 0.5; done; sed -i -e 's/^uuid:.*/uuid:    11111111-2222-11ee-8888-000000000001/' /srv/mysql/grastate.dat; head -c 250M /dev/zero >/srv/mysql/.swarmops-filler"
            );
            var before = await lab.ExecAsync(host, "cd /srv/mysql && find . -type f | sort | xargs md5sum");

            var refused = session.Run("$n | Repair-GaleraCluster", ("n", nodes));
            var after = await lab.ExecAsync(host, "cd /srv/mysql && find . -type f | sort | xargs md5sum");
            await lab.ExecAsync(host, "rm /srv/mysql/.swarmops-filler");
            await lab.ExecAsync(host, "mount -o remount,size=1g /srv/mysql");
            var repaired = session.Run("$n | Repair-GaleraCluster", ("n", nodes)).ThrowOnError();

            Assert.Equal("GaleraDiskTooSmall", Assert.Single(refused.ErrorIds));
            Assert.Equal(before, after);
            GaleraGround.AssertWhole((GaleraCluster)repaired.Objects.Single());
        }
        finally
        {
            // A mount point cannot be removed: the mount goes first, whoever still uses it.
            await lab.ExecAsync(host, "umount --lazy /srv/mysql; true");
            await GaleraGround.WipeAsync(lab);
        }
    }

    private Task<string> InsideAsync(LabHost host, string script) =>
        lab.ExecAsync(host, $"docker exec $(docker ps -q -f name=galera- | head -n 1) bash -c '{script}'");

    private Task<string> SlowAsync(LabHost host) =>
        lab.ExecAsync(
            host,
            $$"""
            cat >/srv/slow <<'END'
            {{Slow}}
            END
            id=$(docker ps -q -f name=galera- | head -n 1)
            docker exec "$id" mv /usr/bin/mariadb-backup /usr/bin/mariadb-backup.real
            docker cp -q /srv/slow "$id":/usr/bin/mariadb-backup 2>/dev/null || docker cp /srv/slow "$id":/usr/bin/mariadb-backup
            docker exec "$id" chmod 0755 /usr/bin/mariadb-backup
            rm /srv/slow
            """
        );

    private Task<string[]> ContainersAsync() => GaleraGround.OnAllAsync(lab, "docker ps -q --no-trunc -f name=galera-");

    private async Task UntilAsync(LabHost host, string condition)
    {
        var clock = Stopwatch.StartNew();
        while ((await lab.ExecAsync(host, $"if {condition}; then echo yes; fi")).Trim() != "yes")
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(3), $"Not within 3 minutes on {host.Name}: {condition}");
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
    }
}
