namespace SwarmOps.Tests.Lab;

/// <summary>Data directories that are not what they seem: links, mounts that are missing, disks of former members, mount points. Real MariaDB, real mounts.</summary>
public sealed class GaleraDiskTests(LabFixture lab) : IDisposable
{
    private static readonly bool AtAll = Environment.GetEnvironmentVariable("SWARMOPS_GALERA") == "all";

    /// <summary>Owner and mode that are nobody's default: the image's mysql, a group of backups that may read.</summary>
    private const string Owner = "100:4242",
        Mode = "0770";

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_stand_alone_database_behind_a_link_is_data_and_stays()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var nodes = await GaleraGround.FormAsync(lab, session);
        await StandAloneAsync(lab.Hosts[1], "/srv/data/mysql");
        await lab.ExecAsync(lab.Hosts[1], "ln -sfn /srv/data/mysql /srv/mysql");
        var before = await SumAsync(lab.Hosts[1], "/srv/data/mysql");
        try
        {
            var run = session.Run($"$n | New-GaleraService -Overlay db {GaleraGround.Image}", ("n", nodes));

            Assert.Equal(before, await SumAsync(lab.Hosts[1], "/srv/data/mysql"));
            Assert.Equal("GaleraDataPresent", Assert.Single(run.ErrorIds));
            Assert.Contains("/srv/data/mysql", run.Errors[0].Exception.Message, StringComparison.Ordinal);
            Assert.Empty(run.Objects);
        }
        finally
        {
            await GaleraGround.WipeAsync(lab);
            await lab.ExecAsync(lab.Hosts[1], "rm -rf /srv/data /srv/mysql");
        }
    }

    [Fact]
    public async Task A_file_system_that_should_be_mounted_and_is_not_may_hold_data()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var nodes = await GaleraGround.FormAsync(lab, session);
        var host = lab.Hosts[1];
        var line = $"$n | New-GaleraService -Overlay db {GaleraGround.Image} -WhatIf -DataPath ";
        await lab.ExecAsync(
            host,
            "cp /etc/fstab /srv/fstab.kept 2>/dev/null || : >/srv/fstab.kept; mkdir -p /srv/tab /srv/unit/disk /srv/data; printf '%s\\n' '# the database' 'tmpfs /srv/tab tmpfs noauto 0 0' >>/etc/fstab; ln -sfn /srv/tab/mysql /srv/tablink"
        );
        await lab.ExecAsync(
            host,
            "printf '[Mount]\\nWhat=tmpfs\\nWhere=/srv/unit/disk\\nType=tmpfs\\n' >/etc/systemd/system/srv-unit-disk.mount && systemctl daemon-reload"
        );
        try
        {
            (string Path, string Words)[] rows =
            [
                ("/srv/tab", "/etc/fstab"),
                ("/srv/tab/mysql", "/etc/fstab"),
                ("/srv/unit/disk/mysql", "srv-unit-disk.mount"),
            ];
            foreach (var (path, words) in rows)
            {
                var run = session.Run(line + path, ("n", nodes));
                Assert.Equal("GaleraMountMissing", Assert.Single(run.ErrorIds));
                Assert.Contains(words, run.Errors[0].Exception.Message, StringComparison.Ordinal);
                Assert.Contains(host.Name, run.Errors[0].Exception.Message, StringComparison.Ordinal);
            }

            await lab.ExecAsync(host, "mount /srv/tab && mkdir -p /srv/tab/mysql && systemctl start srv-unit-disk.mount");
            foreach (var path in new[] { "/srv/tab/mysql", "/srv/tablink", "/srv/unit/disk/mysql" })
                session.Run(line + path, ("n", nodes)).ThrowOnError();
        }
        finally
        {
            await lab.ExecAsync(
                host,
                "umount /srv/tab /srv/unit/disk 2>/dev/null; cp /srv/fstab.kept /etc/fstab; rm -f /etc/systemd/system/srv-unit-disk.mount /srv/fstab.kept /srv/tablink; systemctl daemon-reload; rm -rf /srv/tab /srv/unit /srv/data"
            );
        }
    }

    [Fact]
    public async Task The_empty_directory_of_a_former_member_is_unknown_and_not_empty()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var nodes = await GaleraGround.FormAsync(lab, session);
        session.Run($"$n | New-GaleraService -Overlay db {GaleraGround.Image}", ("n", nodes)).ThrowOnError();
        await GaleraGround.SqlAsync(lab, lab.Hosts[0], "CREATE DATABASE kept; CREATE TABLE kept.t (id INT PRIMARY KEY)");
        // The others leave in order; what is written then is on the last one's disk alone.
        await ScaleAsync(lab.Hosts[1], 0);
        await ScaleAsync(lab.Hosts[2], 0);
        await GaleraGround.SqlAsync(lab, lab.Hosts[0], "INSERT INTO kept.t VALUES (1), (2), (3)");
        await ScaleAsync(lab.Hosts[0], 0);
        // Its disk, which was mounted by hand, is not mounted after a reboot.
        await lab.ExecAsync(lab.Hosts[0], "mv /srv/mysql /srv/mysql.unmounted && mkdir /srv/mysql");
        foreach (var host in lab.Hosts)
            await ScaleAsync(host, 1);

        var formed = session.Run($"$n | New-GaleraService -Overlay db {GaleraGround.Image}", ("n", nodes));
        var refused = session.Run("$n | Repair-GaleraCluster", ("n", nodes));
        await ScaleAsync(lab.Hosts[0], 0);
        await lab.ExecAsync(lab.Hosts[0], "mv /srv/mysql /srv/mysql.empty && mv /srv/mysql.unmounted /srv/mysql");
        await ScaleAsync(lab.Hosts[0], 1);
        var repaired = session.Run("$n | Repair-GaleraCluster", ("n", nodes));

        Assert.Equal("GaleraPositionUnknown", Assert.Single(refused.ErrorIds));
        Assert.Contains($"{lab.Hosts[0].Name}: unknown", refused.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Single(formed.ErrorIds);
        GaleraGround.AssertWhole((GaleraCluster)repaired.ThrowOnError().Objects.Single());
        foreach (var host in lab.Hosts)
            Assert.Equal("3", (await GaleraGround.SqlAsync(lab, host, "SELECT COUNT(*) FROM kept.t")).Trim());
        await GaleraGround.WipeAsync(lab);
    }

    [Fact]
    public async Task Owner_and_mode_that_were_given_are_kept_by_formation_and_repair()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var nodes = await GaleraGround.FormAsync(lab, session);
        // One is there already and has an owner and a mode of its own.
        await lab.ExecAsync(lab.Hosts[0], "mkdir -p /srv/mysql && chown 100:4343 /srv/mysql && chmod 0710 /srv/mysql");
        session
            .Run($"$n | New-GaleraService -Overlay db {GaleraGround.Image} -DataPathOwner {Owner} -DataPathMode {Mode}", ("n", nodes))
            .ThrowOnError();
        string[] wanted = ["100:4343 710", $"{Owner} {Mode[1..]}", $"{Owner} {Mode[1..]}"];
        Assert.Equal(wanted, await AccessAsync());

        // A disk that was lost, the directory with it.
        await ScaleAsync(lab.Hosts[0], 0);
        await ScaleAsync(lab.Hosts[2], 0);
        await lab.ExecAsync(lab.Hosts[0], "mv /srv/mysql /srv/mysql.lost");
        await lab.ExecAsync(lab.Hosts[2], "mv /srv/mysql /srv/mysql.lost");
        var repaired = session.Run("$n | Repair-GaleraCluster", ("n", nodes));
        Assert.Equal(wanted, await AccessAsync());
        GaleraGround.AssertWhole((GaleraCluster)repaired.ThrowOnError().Objects.Single());

        // Data of another history is moved aside, into a directory like it.
        await AnotherHistoryAsync(lab.Hosts[2]);
        GaleraGround.AssertWhole((GaleraCluster)session.Run("$n | Repair-GaleraCluster", ("n", nodes)).ThrowOnError().Objects.Single());
        Assert.Equal(wanted, await AccessAsync());

        // A run that was killed between moving the old directory and putting the new one.
        await ScaleAsync(lab.Hosts[2], 0);
        await lab.ExecAsync(
            lab.Hosts[2],
            "mkdir /srv/mysql.empty && chown --reference=/srv/mysql /srv/mysql.empty && chmod --reference=/srv/mysql /srv/mysql.empty && mv -T /srv/mysql /srv/mysql.aside-20200101T000000Z"
        );
        GaleraGround.AssertWhole((GaleraCluster)session.Run("$n | Repair-GaleraCluster", ("n", nodes)).ThrowOnError().Objects.Single());
        Assert.Equal(wanted, await AccessAsync());
        await GaleraGround.WipeAsync(lab);
    }

    [Fact]
    public async Task A_data_directory_that_is_a_mount_point_is_moved_aside_inside_the_mount_and_survives_the_transfer()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var nodes = await GaleraGround.FormAsync(lab, session);
        var host = lab.Hosts[2];
        await lab.ExecAsync(host, "mkdir -p /srv/disk /srv/mysql && mount --bind /srv/disk /srv/mysql");
        try
        {
            session.Run($"$n | New-GaleraService -Overlay db {GaleraGround.Image}", ("n", nodes)).ThrowOnError();
            await AnotherHistoryAsync(host);
            // As a run leaves it that is ended while it moves the data: no server may start on the rest.
            await lab.ExecAsync(
                host,
                "cd /srv/mysql && mkdir -p .swarmops-aside/20200101T000000Z && mv ibdata1 .swarmops-aside/20200101T000000Z/ && echo .swarmops-aside/20200101T000000Z >.swarmops-moving"
            );
            await ScaleAsync(host, 1);
            Assert.Contains(
                "being moved aside",
                await lab.ExecAsync(
                    host,
                    "for try in $(seq 240); do grep '^reason=.' /srv/mysql/.swarmops-state 2>/dev/null && exit 0; sleep 0.5; done; exit 1"
                ),
                StringComparison.Ordinal
            );
            Assert.Equal("", (await lab.ExecAsync(host, "ls /srv/mysql/ibdata1 2>/dev/null || true")).Trim());

            var repaired = session.Run("$n | Repair-GaleraCluster -WarningVariable w; $w", ("n", nodes)).ThrowOnError();

            GaleraGround.AssertWhole(repaired.Objects.OfType<GaleraCluster>().Single());
            Assert.Equal(
                "yes",
                (
                    await lab.ExecAsync(host, "mountpoint -q /srv/mysql && ls /srv/mysql/.swarmops-aside/*/ibdata1 >/dev/null && echo yes")
                ).Trim()
            );
            Assert.Contains(".swarmops-aside", await lab.ExecAsync(host, "ls -a /srv/disk"), StringComparison.Ordinal);
            Assert.DoesNotContain("swarmops-aside", await GaleraGround.SqlAsync(lab, host, "SHOW DATABASES"), StringComparison.Ordinal);
            await GaleraGround.AssertWritesReachAllAsync(lab);

            // As a donor it does not hand its copies on, and its own restart leaves them.
            await ScaleAsync(lab.Hosts[0], 0);
            await ScaleAsync(lab.Hosts[1], 0);
            await lab.ExecAsync(lab.Hosts[1], "find /srv/mysql -mindepth 1 -delete");
            session.Run("$n | Repair-GaleraCluster", ("n", nodes)).ThrowOnError();
            Assert.Equal("", (await lab.ExecAsync(lab.Hosts[1], "find /srv/mysql -path '*aside*'")).Trim());
            Assert.Equal("yes", (await lab.ExecAsync(host, "ls /srv/mysql/.swarmops-aside/*/ibdata1 >/dev/null && echo yes")).Trim());
        }
        finally
        {
            // A mount point cannot be removed: the mount goes first, whoever still uses it.
            await lab.ExecAsync(host, "umount --lazy /srv/mysql; true");
            await GaleraGround.WipeAsync(lab);
            await lab.ExecAsync(host, "rm -rf /srv/mysql /srv/disk");
        }
    }

    /// <summary>A database of its own, with a row, ended in order.</summary>
    private Task<string> StandAloneAsync(LabHost host, string path) =>
        lab.ExecAsync(
            host,
            $$"""
            mkdir -p {{path}} && chown 100:101 {{path}}
            id=$(docker run -d -e MARIADB_ROOT_PASSWORD=own -v {{path}}:/var/lib/mysql lab/mariadb:10.11)
            for try in $(seq 400); do docker exec "$id" mariadb -h127.0.0.1 -uroot -pown -e 'CREATE DATABASE IF NOT EXISTS shop; CREATE TABLE IF NOT EXISTS shop.orders (id INT); INSERT INTO shop.orders VALUES (1)' 2>/dev/null && break; sleep 0.5; done
            docker stop "$id" >/dev/null && docker rm "$id" >/dev/null
            ls {{path}}/shop/orders.frm
            """
        );

    private Task<string> SumAsync(LabHost host, string path) =>
        lab.ExecAsync(host, $"cd {path} && find . -type f ! -name '.swarmops-*' | sort | xargs md5sum | md5sum");

    private Task<string[]> AccessAsync() =>
        Task.WhenAll(lab.Hosts.Select(async host => (await lab.ExecAsync(host, "stat -c '%u:%g %a' /srv/mysql")).Trim()));

    /// <summary>Runs a region's node, or ends it in order; returns when its container is as wanted.</summary>
    private async Task ScaleAsync(LabHost host, int replicas)
    {
        await ServiceSwarm.ManagerAsync(lab, $"docker service update -q --detach --replicas {replicas} galera-{host.Region} >/dev/null");
        if (replicas == 0)
            await lab.ExecAsync(
                host,
                "for try in $(seq 260); do [ -n \"$(docker ps -q -f name=galera-)\" ] || exit 0; sleep 0.5; done; exit 1"
            );
    }

    /// <summary>What a node is left with that founded a cluster of its own.</summary>
    private async Task AnotherHistoryAsync(LabHost host)
    {
        await ScaleAsync(host, 0);
        await lab.ExecAsync(host, "sed -i -e 's/^uuid:.*/uuid:    11111111-2222-11ee-8888-000000000001/' /srv/mysql/grastate.dat");
    }
}
