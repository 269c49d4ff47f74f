using System.Diagnostics;
using System.Globalization;
using System.Security;

namespace SwarmOps.Tests.Lab;

/// <summary>A Galera cluster is backed up with its swarm while clients write, all hosts are lost, and it comes back. Real MariaDB; all tests are long.</summary>
public sealed class DatabaseBackupTests(LabFixture lab) : IDisposable
{
    private readonly BackupGround ground = new(lab);

    private Session Session => ground.Session;

    private LabHost First => lab.Hosts[0];

    public void Dispose() => ground.Dispose();

    [Fact]
    public async Task After_the_loss_of_all_hosts_the_database_forms_from_its_backup()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        var begun = Stopwatch.GetTimestamp();
        var backup = ground.Backup(nodes, "-Galera gal* -Keep 1");
        Say($"backup with a database {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        var database = Assert.Single(backup.Databases);
        Say($"desynced {database.Desynced.TotalSeconds:0.0} s, {database.Bytes} bytes, from {database.Node}");
        Assert.True(database.IsTried);
        Assert.Equal("galera", database.Cluster);
        // The first host's client wrote: it is not the one that is backed up.
        Assert.NotEqual(First.Name, database.Node);
        Assert.Equal(Get(nodes).Uuid, database.Uuid);
        Assert.InRange(database.Seqno, 1, long.Parse(await LastCommittedAsync(), CultureInfo.InvariantCulture));
        await AssertUndisturbedAsync(nodes);
        await GaleraGround.SqlAsync(lab, First, "INSERT INTO seen.t VALUES ('after the backup')");

        await LoseAsync();
        var restored = ground
            .Run("$n | Restore-Swarm -Path $f -Passphrase $p -SkipReachabilityTest -Confirm:$false", Session.Nodes(lab))
            .ThrowOnError()
            .Nodes;
        Assert.Equal(["BackupPassphraseWrong"], Restore(restored, "-Confirm:$false", BackupGround.WrongPassphrase).ErrorIds);
        Assert.Equal(["BackupIsOfDatabase"], ground.Run("$n | Restore-Swarm -Path $f -Passphrase $p", restored, database.Path).ErrorIds);
        Assert.Empty(Restore(restored, "-WhatIf").ThrowOnError().Objects);
        Assert.All(await GaleraGround.OnAllAsync(lab, "ls /srv/mysql 2>/dev/null; true"), left => Assert.Equal("", left.Trim()));
        begun = Stopwatch.GetTimestamp();
        var formed = (GaleraCluster)Restore(restored, "-Confirm:$false").ThrowOnError().Objects.Single();
        Say($"database restored and formed {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");

        GaleraGround.AssertWhole(formed);
        Assert.NotEqual(database.Uuid, formed.Uuid);
        foreach (var host in lab.Hosts)
            Assert.Equal(
                "before the backup",
                (await GaleraGround.SqlAsync(lab, host, "SET SESSION wsrep_sync_wait=1; SELECT * FROM seen.t")).Trim()
            );
        await GaleraGround.AssertWritesReachAllAsync(lab);
        // Again: it is not restored a second time.
        var again = Restore(restored, "-Confirm:$false").ThrowOnError();
        Assert.Contains("runs, so its data was not touched", Assert.Single(again.Warnings), StringComparison.Ordinal);
        Assert.Equal(formed.Uuid, ((GaleraCluster)again.Objects.Single()).Uuid);
        // Its own restart, too.
        Session.Run("$n | Step-GaleraRestart", ("n", restored)).ThrowOnError();
    }

    [Fact]
    public async Task A_running_database_is_not_replaced_and_moved_aside_only_when_that_is_said()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        ground.Backup(nodes, "-Method Freeze -SkipTrial -Galera galera");
        Assert.Equal(["DatabaseIsRunning"], Restore(nodes, "-Confirm:$false").ErrorIds);
        await GaleraGround.SqlAsync(lab, First, "DROP TABLE seen.t");
        Session.Run("$n | Remove-GaleraService -Name galera -Confirm:$false", ("n", nodes)).ThrowOnError();
        await GaleraGround.OnAllAsync(
            lab,
            "for try in $(seq 120); do [ -z \"$(docker ps -qf volume=/srv/mysql)\" ] && exit 0; sleep 1; done; exit 1"
        );
        Assert.Equal(["DatabaseDataPresent"], Restore(nodes, "-Confirm:$false").ErrorIds);

        var restored = Restore(nodes, "-Force -Confirm:$false").ThrowOnError();
        Assert.Contains(restored.Warnings, line => line.Contains("New-GaleraService", StringComparison.Ordinal));
        var formed = (GaleraCluster)
            Session.Run($"$n | New-GaleraService -Overlay db {GaleraGround.Image}", ("n", nodes)).ThrowOnError().Objects.Single();

        GaleraGround.AssertWhole(formed);
        Assert.Equal("before the backup", (await GaleraGround.SqlAsync(lab, lab.Hosts[2], "SELECT * FROM seen.t")).Trim());
        Assert.All(await GaleraGround.OnAllAsync(lab, "ls -d /srv/mysql.aside-*"), kept => Assert.NotEqual("", kept.Trim()));
        await GaleraGround.OnAllAsync(lab, "rm -rf /srv/mysql.aside-*");
    }

    [Fact]
    public async Task Killed_anywhere_a_backup_leaves_no_node_desynced_and_the_next_one_succeeds()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        var script = ground.Script("Backup-Swarm -Destination", "-Method Freeze -SkipTrial -Galera galera");
        var total = await KillRun.RunAsync(script, 0) ?? throw new InvalidOperationException("The backup does not even run whole.");
        for (var point = 1; point <= total; point += Math.Max(1, total / 8))
        {
            await KillRun.RunAsync(script, point);
            await UntilSyncedAsync();
        }

        var database = Assert.Single(ground.Backup(nodes, "-Method Freeze -Galera galera").Databases);
        Assert.True(database.IsTried);
        await AssertUndisturbedAsync(nodes);
    }

    [Fact]
    public async Task A_backup_that_fails_says_why_the_node_is_back_and_the_swarm_is_backed_up()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        await GaleraGround.OnAllAsync(
            lab,
            "id=$(docker ps -q -f volume=/srv/mysql); docker exec $id sh -c 'mv /usr/bin/mariadb-backup /usr/bin/mariadb-backup.real; printf \"#!/bin/sh\\necho Error: the disk is on fire >&2; exit 1\\n\" >/usr/bin/mariadb-backup; chmod 755 /usr/bin/mariadb-backup'"
        );
        try
        {
            var failed = ground.Run(
                "$n | Backup-Swarm -Destination $f -Passphrase $p -Method Freeze -SkipTrial -Galera galera -Confirm:$false",
                nodes
            );

            Assert.Equal(["DatabaseBackupFailed"], failed.ErrorIds);
            Assert.Contains("the disk is on fire", failed.Errors[0].Exception.Message, StringComparison.Ordinal);
            Assert.Empty(((SwarmBackup)failed.Objects.Single()).Databases);
            await AssertUndisturbedAsync(nodes);
        }
        finally
        {
            await GaleraGround.OnAllAsync(
                lab,
                "id=$(docker ps -q -f volume=/srv/mysql); docker exec $id sh -c 'mv /usr/bin/mariadb-backup.real /usr/bin/mariadb-backup'"
            );
        }

        (string Options, string ErrorId)[] rows =
        [
            ("-Galera nothing", "GaleraNotFound"),
            ("-Galera galera -GaleraNode nowhere", "DatabaseNoNodeToBackUp"),
            ("-Galera galera -GaleraTimeoutSeconds 0", "ParameterArgumentValidationError"),
        ];
        foreach (var (options, errorId) in rows)
            Assert.Equal(
                [errorId],
                ground
                    .Run($"$n | Backup-Swarm -Destination $f -Passphrase $p -Method Freeze -SkipTrial {options} -Confirm:$false", nodes)
                    .ErrorIds
            );
    }

    private async Task<IReadOnlyList<SwarmNode>> FormAsync()
    {
        await lab.ResetAsync();
        await GaleraGround.OnAllAsync(lab, "rm -rf /srv/mysql /srv/mysql.*; docker volume ls -q | xargs -r docker volume rm >/dev/null");
        await GaleraGround.LoadImageAsync(lab);
        IReadOnlyList<SwarmNode> nodes = Session
            .Run(
                "$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest | Step-SwarmPromotion",
                ("n", Session.Nodes(lab))
            )
            .ThrowOnError()
            .Nodes;
        Session.Run("$n | New-EncryptedOverlay -Name db -Unencrypted -WarningAction SilentlyContinue", ("n", nodes)).ThrowOnError();
        Session.Run($"$n | New-GaleraService -Overlay db {GaleraGround.Image}", ("n", nodes)).ThrowOnError();
        await GaleraGround.SqlAsync(
            lab,
            First,
            "CREATE DATABASE seen; CREATE TABLE seen.t (region VARCHAR(40) PRIMARY KEY); INSERT INTO seen.t VALUES ('before the backup'); CREATE TABLE seen.u (id INT PRIMARY KEY AUTO_INCREMENT); INSERT INTO seen.u VALUES (); INSERT INTO seen.u VALUES ()"
        );
        return nodes;
    }

    private Outcome Restore(IReadOnlyList<SwarmNode> nodes, string options, SecureString? passphrase = null) =>
        ground.Run($"$n | Restore-GaleraCluster -Path $f -Passphrase $p -TimeoutSeconds 240 {options}", nodes, passphrase: passphrase);

    private GaleraCluster Get(IReadOnlyList<SwarmNode> nodes) =>
        (GaleraCluster)Session.Run("$n | Get-GaleraCluster -Name galera", ("n", nodes)).ThrowOnError().Objects.Single();

    private async Task<string> LastCommittedAsync() =>
        (await GaleraGround.SqlAsync(lab, First, "SHOW GLOBAL STATUS LIKE 'wsrep_last_committed'")).Trim().Split('\t')[^1];

    private Task LoseAsync() => ground.LoseAsync(lab.Hosts, "rm -rf /srv/mysql /srv/mysql.*");

    /// <summary>Every node is Synced, nobody is desynced, and no container, volume or file of a backup is left.</summary>
    private async Task AssertUndisturbedAsync(IReadOnlyList<SwarmNode> nodes)
    {
        await UntilSyncedAsync();
        GaleraGround.AssertWhole(Get(nodes));
        Assert.All(
            await GaleraGround.OnAllAsync(
                lab,
                "docker ps -aq -f label=swarmops.galera.backup; docker volume ls -q; docker exec $(docker ps -q -f volume=/srv/mysql) sh -c 'ls /run/galera/backup-* 2>/dev/null; true'"
            ),
            left => Assert.Equal("", left.Trim())
        );
    }

    private Task UntilSyncedAsync() =>
        ManagerLab.UntilAsync(
            async () =>
            {
                var said = await Task.WhenAll(
                    lab.Hosts.Select(host =>
                        GaleraGround.SqlAsync(lab, host, "SELECT @@wsrep_desync; SHOW GLOBAL STATUS LIKE 'wsrep_local_state_comment'")
                    )
                );
                return (
                    said.All(lines =>
                        lines.StartsWith("0\n", StringComparison.Ordinal) && lines.Contains("Synced", StringComparison.Ordinal)
                    ),
                    string.Join("; ", said)
                );
            },
            120
        );

    private static void Say(string line) => GaleraGround.Say(line);
}
