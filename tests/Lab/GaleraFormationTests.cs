using System.Diagnostics;
using System.Globalization;
using SwarmOps.Services.Registry;

namespace SwarmOps.Tests.Lab;

/// <summary>A Galera cluster is created once, and removed again. Real MariaDB on a plain overlay: the lab's kernel has no ESP.</summary>
public sealed class GaleraFormationTests(LabFixture lab) : IDisposable
{
    private const string Image = GaleraGround.Image;

    private const string Lacking = "lab/mariadb-lacking:1";

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task One_service_a_region_forms_one_cluster_takes_writes_everywhere_and_goes_without_a_trace()
    {
        var nodes = await GaleraGround.FormAsync(lab, session);
        // What everybody sets first, and what MariaDB's state transfer stumbles over when it is on the server's command line.
        var line =
            $"$n | New-GaleraService -Overlay db {Image} -Database shop -User app -MariaDbOption @{{ 'innodb-buffer-pool-size' = '96M'; 'init-connect' = 'SET @a = \"b\\c\"' }}";

        var plan = session.Run(line + " -WhatIf", ("n", nodes)).ThrowOnError();
        Assert.Empty(plan.Objects);
        Assert.Equal(
            "",
            (
                await ServiceSwarm.ManagerAsync(
                    lab,
                    "docker service ls -q; docker secret ls -q; docker config ls -q; ls /srv/mysql 2>/dev/null || true"
                )
            ).Trim()
        );

        var clock = Stopwatch.StartNew();
        var made = (GaleraCluster)session.Run(line, ("n", nodes)).ThrowOnError().Objects.Single();
        GaleraGround.Say(
            string.Create(CultureInfo.InvariantCulture, $"PerRegion: Synced {clock.Elapsed.TotalSeconds:0.0} s after it was asked for")
        );
        GaleraGround.AssertWhole(made);
        Assert.Equal([0, 1, 2], made.GaleraNodes.Select(node => node.Segment));
        Assert.All(made.GaleraNodes, node => Assert.Equal($"galera-{node.Region}", node.LocalName));
        Assert.All(
            await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "ls -a /srv/mysql"))),
            listed => Assert.DoesNotContain("swarmops-bootstrap", listed, StringComparison.Ordinal)
        );
        await GaleraGround.AssertWritesReachAllAsync(lab);
        Assert.Contains(
            "socket.ssl = YES",
            await GaleraGround.SqlAsync(lab, lab.Hosts[0], "SELECT @@wsrep_provider_options"),
            StringComparison.OrdinalIgnoreCase
        );
        await GaleraIntruderTests.AssertKeptOutAsync(lab);

        Assert.All(
            await Task.WhenAll(
                lab.Hosts.Select(host => GaleraGround.SqlAsync(lab, host, "SELECT @@innodb_buffer_pool_size, @@init_connect"))
            ),
            value => Assert.Equal($"{96 << 20}\tSET @a = \"b\\\\c\"", value.Trim())
        );

        var versions = await GaleraGround.VersionsAsync(lab);
        var again = (GaleraCluster)session.Run(line, ("n", nodes)).ThrowOnError().Objects.Single();
        Assert.Equal(made.Uuid, again.Uuid);
        Assert.Equal(versions, await GaleraGround.VersionsAsync(lab));

        string[] late =
        [
            Id("-Layout Global", "GaleraLayoutDiffers"),
            Id("-Tls:$false", "GaleraTlsDiffers"),
            Id("-Arbitrator us-west-1", "GaleraArbitratorDiffers"),
            Id("-Database shop -User other", "GaleraAccountTooLate"),
        ];
        Assert.Equal(["", "", "", ""], late);
        Assert.Equal(versions, await GaleraGround.VersionsAsync(lab));

        // Root's password changed by SQL: the servers are asked by another account, are not taken for down, and stop nothing.
        await GaleraGround.SqlAsync(lab, lab.Hosts[0], "ALTER USER root@localhost IDENTIFIED BY 'changed'");
        var changed = (GaleraCluster)session.Run("$n | Get-GaleraCluster -Name galera", ("n", nodes)).ThrowOnError().Objects.Single();
        Assert.All(changed.GaleraNodes, node => Assert.Equal(("Synced", "Primary"), (node.State, node.ClusterStatus)));
        Assert.Contains("Update-SwarmSecret -Name GALERA_ROOT_PASSWORD", Assert.Single(changed.Findings), StringComparison.Ordinal);
        Assert.Empty(session.Run("$n | Repair-GaleraCluster", ("n", nodes)).ErrorIds);
        Assert.Equal(versions, await GaleraGround.VersionsAsync(lab));

        session.Run("$n | Remove-GaleraService -Name galera -RemoveSecret -Confirm:$false", ("n", nodes)).ThrowOnError();
        Assert.Equal("", (await ServiceSwarm.ManagerAsync(lab, "docker service ls -q; docker secret ls -q; docker config ls -q")).Trim());
        Assert.All(
            await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "docker ps -q; ls /srv/mysql/ibdata1"))),
            left => Assert.Equal("/srv/mysql/ibdata1", left.Trim())
        );

        var refused = session.Run(line, ("n", nodes));
        Assert.Equal("GaleraDataPresent", Assert.Single(refused.ErrorIds));
        Assert.All(lab.Hosts, host => Assert.Contains($"{host.Name} has ", refused.Errors[0].Exception.Message, StringComparison.Ordinal));
        Assert.Contains("Repair-GaleraCluster", refused.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("", (await ServiceSwarm.ManagerAsync(lab, "docker service ls -q; docker secret ls -q; docker config ls -q")).Trim());

        string Id(string option, string wanted)
        {
            var ids = session.Run($"$n | New-GaleraService -Overlay db {Image} {option}", ("n", nodes)).ErrorIds;
            return ids is [var id] && id == wanted ? "" : $"{option}: {string.Join(", ", ids)} instead of {wanted}";
        }
    }

    [Fact]
    public async Task Two_databases_and_an_arbitrator_form_one_cluster_over_TLS_and_its_data_goes_when_it_is_named()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await GaleraGround.FormAsync(lab, session);

        // From a registry that wants a password, too.
        var image = $"{lab.PrivateRegistry.Address}/closed/mariadb:10.11";
        await lab.PushAsync("lab/mariadb:10.11", image);

        var forming = session
            .Run(
                $"$n | New-GaleraService -Overlay db -Image {image} -RegistryCredential $r -Arbitrator us-west-1 -CacheSize 64MB -WanTimeout -MariaDbOption @{{ 'max-connections' = '77' }}",
                ("n", nodes),
                ("r", lab.PrivateRegistry.Credential())
            )
            .ThrowOnError();

        var made = (GaleraCluster)forming.Objects.Single();
        Assert.Empty(forming.Warnings);

        Assert.Equal((GaleraStatus.Healthy, 3, 3), (made.Status, made.Size, made.ExpectedSize));
        Assert.Equal(["us-west-1"], made.GaleraNodes.Where(node => node.IsArbitrator).Select(node => node.Node));
        Assert.Equal("77", (await GaleraGround.SqlAsync(lab, lab.Hosts[0], "SELECT @@max_connections")).Trim());
        var options = await GaleraGround.SqlAsync(lab, lab.Hosts[0], "SELECT @@wsrep_provider_options");
        Assert.Contains("socket.ssl = YES", options, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("gcache.size = 67108864", options, StringComparison.Ordinal);
        Assert.Contains("evs.suspect_timeout = PT30S", options, StringComparison.Ordinal);
        Assert.Equal(
            "",
            (await lab.ExecAsync(lab.Hosts.Single(host => host.Region == "us-west-1"), "ls -d /srv/mysql 2>/dev/null || true")).Trim()
        );

        // Both databases die at once beside the arbitrator, which answers and holds nothing: they come back by themselves.
        await Task.WhenAll(lab.Hosts.Where(host => host.Region != "us-west-1").Select(host => lab.ExecAsync(host, "pkill -9 mariadbd")));
        await ManagerLab.UntilAsync(
            () =>
            {
                var seen = (GaleraCluster)session.Run("$n | Get-GaleraCluster -Name galera", ("n", nodes)).ThrowOnError().Objects.Single();
                return Task.FromResult(
                    (
                        seen is { Status: GaleraStatus.Healthy, Size: 3 } && seen.Uuid == made.Uuid,
                        $"{seen.Status} {string.Join("; ", seen.Findings)}"
                    )
                );
            },
            240
        );

        await lab.ExecAsync(lab.Hosts[1], "mkdir -p /srv/other && touch /srv/other/letter");
        Assert.Equal(
            "GaleraDataOutOfReach",
            Assert.Single(session.Run("@($n)[0] | Remove-GaleraService -Name galera -RemoveData -Confirm:$false", ("n", nodes)).ErrorIds)
        );
        session.Run("$c | Remove-GaleraService -RemoveData -RemoveSecret -Confirm:$false", ("c", made)).ThrowOnError();
        Assert.Equal("", (await ServiceSwarm.ManagerAsync(lab, "docker service ls -q; docker secret ls -q; docker config ls -q")).Trim());
        Assert.All(
            await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "docker ps -q; ls -d /srv/mysql 2>/dev/null || true"))),
            left => Assert.Equal("", left.Trim())
        );
    }

    [Fact]
    [Trait(AnyEngine.Name, AnyEngine.Value)]
    public async Task Bad_inputs_have_each_their_error_and_nothing_is_changed()
    {
        var nodes = await GaleraGround.FormAsync(lab, session);
        await Task.WhenAll(lab.Hosts.Select(LackAsync));
        await lab.ExecAsync(
            lab.Hosts[1],
            "mkdir -p /srv/marked /srv/held && touch /srv/marked/.swarmops-bootstrap /srv/held/ibdata1 /srv/file && ln -sfn /srv/nowhere /srv/link && mkdir -p /srv/held/below && ln -sfn /srv/held /srv/linked && cp /etc/fstab /srv/fstab && mkdir -p /srv/absent && echo 'tmpfs /srv/absent tmpfs noauto 0 0' >>/etc/fstab"
        );
        await lab.ExecAsync(lab.Hosts[2], "mkdir -p /srv/marked && touch /srv/marked/.swarmops-bootstrap");
        (string Options, string ErrorId)[] rows =
        [
            ("-Overlay nowhere", "GaleraOverlayNotFound"),
            ("-Overlay ingress0", "GaleraOverlayNotFound"),
            ("-Overlay db -Name Galera", "GaleraNameInvalid"),
            ("-Overlay db -Region eu-central-1", "GaleraTooFewNodes"),
            ("-Overlay db -Region eu-central-1, us-east-1", "GaleraTooFewNodes"),
            ("-Overlay db -Region eu-central-1, mars-1", "GaleraRegionUnknown"),
            ("-Overlay db -Arbitrator mars-1", "GaleraRegionUnknown"),
            ("-Overlay db -DataPath srv", "GaleraDataPathInvalid"),
            ("-Overlay db -DataPath /srv/../etc", "GaleraDataPathInvalid"),
            ("-Overlay db -DataPath /srv/file", "GaleraDirectoryUnfit"),
            ("-Overlay db -DataPath /srv/link", "GaleraDirectoryUnfit"),
            ("-Overlay db -DataPath /dev/shm/mysql/x/y", "GaleraDirectoryUnfit"),
            ("-Overlay db -DataPath /srv/held", "GaleraDataPresent"),
            ("-Overlay db -DataPath /srv/marked", "GaleraMarkerTwice"),
            ("-Overlay db -CacheSize 1000", "GaleraSizeInvalid"),
            ("-Overlay db -LimitMemory 1000", "GaleraSizeInvalid"),
            ("-Overlay db -User app", "GaleraUserIncomplete"),
            ("-Overlay db -Database shop", "GaleraUserIncomplete"),
            ("-Overlay db -Database 'a;b' -User app", "GaleraDatabaseNameInvalid"),
            ("-Overlay db -MariaDbOption @{ wsrep_on = '0' }", "GaleraOptionReserved"),
            ("-Overlay db -MariaDbOption @{ '--port' = '1' }", "GaleraOptionInvalid"),
            ("-Overlay db -DataPathOwner 'a b'", "MountOwnerInvalid"),
            ("-Overlay db -DataPathMode 9", "MountModeInvalid"),
            ("-Overlay db -RootPasswordSecret 'a b'", "StoredNameInvalid"),
            ("-Overlay db -Layout Global -Arbitrator us-west-1", "GaleraArbitratorGlobal"),
            ("-Overlay db -Region us-east-1, us-west-1 -Arbitrator us-west-1", "GaleraArbitratorHasData"),
            ("-Overlay db -TimeoutSeconds 0", "ParameterArgumentValidationError"),
            ("-Overlay db -ImageBootstraps -Tls", "GaleraImageStartsItself"),
            ("-Overlay db -ImageBootstraps -Arbitrator us-west-1", "GaleraImageStartsItself"),
            ("-Overlay db -MariaDbOption @{ datadir = '/x' }", "GaleraOptionReserved"),
            ("-Overlay db -MariaDbOption @{ loose_wsrep_on = '0' }", "GaleraOptionReserved"),
            ("-Overlay db -Name 'a/b'", "GaleraNameInvalid"),
            ("-Overlay db -CacheSize 2TB", "GaleraSizeInvalid"),
            ("-Overlay db -DataPath /", "GaleraDataPathInvalid"),
            ("-Overlay db -Database shop -User 'a b'", "GaleraDatabaseNameInvalid"),
            ("-Overlay db -Database shop -User app -UserPasswordSecret 'a b'", "StoredNameInvalid"),
            ("-Overlay db -Layout Round", "CannotConvertArgumentNoMessage"),
            ("-Overlay db -LimitMemory 200MB", "GaleraSizeInvalid"),
            ("-Overlay db -DataPath /srv/linked", "GaleraDataPresent"),
            ("-Overlay db -DataPath /srv/absent", "GaleraMountMissing"),
            ("-Overlay db -DataPath /srv/absent/mysql", "GaleraMountMissing"),
        ];
        (string Script, string ErrorId)[] others =
        [
            ("@($n)[0..1] | New-GaleraService -Overlay db -Layout Global", "GaleraTooFewNodes"),
            ("$n | Get-GaleraCluster -Name nothing", "GaleraNotFound"),
            ("$n | Remove-GaleraService -Name nothing -Confirm:$false", "GaleraNotFound"),
            ("$n | Step-GaleraRestart -Name nothing", "GaleraNotFound"),
            ("$n | Repair-GaleraCluster -Name nothing", "GaleraNotFound"),
            ("$n | Step-GaleraRestart -MariaDbOption @{ 'binlog-format' = 'x' }", "GaleraOptionReserved"),
            ("$n | Repair-GaleraCluster -Uuid best", "CannotConvertArgumentNoMessage"),
            ($"$n | New-GaleraService -Overlay db -NoResolveImage -Image {Lacking}", "GaleraImageUnfit"),
            ("$n | New-GaleraService -Overlay db -NoResolveImage -Image lab/busybox:latest", "GaleraImageUnfit"),
            ("$n | New-GaleraService -Overlay db -Image lab/nowhere:1", "ImageNotOnNode"),
            ("$n | New-GaleraService -Overlay db -Image lab/nowhere:1 -ImageBootstraps", "ImageNotOnNode"),
            ($"$n | New-GaleraService -Overlay db {Image} -Arbitrator us-west-1 -ArbitratorImage {Lacking}:2", "ImageNameInvalid"),
            ("$n | New-GaleraService -Overlay db -Image 'A b'", "ImageNameInvalid"),
            ($"$n | New-GaleraService -Overlay db {Image} -DockerConfigPath /nowhere/config.json", "DockerConfigNotReadable"),
            ("$n | Step-GaleraRestart -Image 'A b'", "ImageNameInvalid"),
        ];
        try
        {
            // A small disk: the shared memory of the host stands for it.
            await lab.ExecAsync(lab.Hosts[1], "mount -o remount,size=64m /dev/shm 2>/dev/null || mount -t tmpfs -o size=64m none /dev/shm");
            var wrong = rows.Select(row =>
                    (row.ErrorId, row.Options, Run: session.Run($"$n | New-GaleraService {Image} {row.Options}", ("n", nodes)))
                )
                .Where(row => row.Run.ErrorIds is not [var id] || id != row.ErrorId || row.Run.Objects.Count > 0)
                .Select(row => $"{row.Options}: {string.Join(", ", row.Run.ErrorIds)} instead of {row.ErrorId}")
                .ToList();
            wrong.AddRange(
                others
                    .Where(row => session.Run(row.Script, ("n", nodes)).ErrorIds is not [var id] || id != row.ErrorId)
                    .Select(row => row.Script)
            );
            var lacking = session.Run($"$n | New-GaleraService -Overlay db -NoResolveImage -Image {Lacking}", ("n", nodes)).Errors.Single();
            Assert.Contains("the image lacks mariadb-backup", lacking.Exception.Message, StringComparison.Ordinal);
            await ServiceSwarm.ManagerAsync(lab, "docker node update --availability drain us-west-1 >/dev/null");
            wrong.AddRange(
                session.Run($"$n | New-GaleraService -Overlay db {Image}", ("n", nodes)).ErrorIds.Where(id => id != "GaleraNodeNotUsable")
            );

            Assert.Empty(wrong);
            Assert.All(await GaleraGround.OnAllAsync(lab, "docker ps -aq; docker volume ls -q"), left => Assert.Equal("", left.Trim()));
            Assert.Equal(
                "",
                (
                    await ServiceSwarm.ManagerAsync(
                        lab,
                        "docker service ls -q; docker secret ls -q; docker config ls -q; ls -d /srv/mysql 2>/dev/null || true"
                    )
                ).Trim()
            );
        }
        finally
        {
            await ServiceSwarm.ManagerAsync(lab, "docker node update --availability active us-west-1 >/dev/null");
            await lab.ExecAsync(lab.Hosts[1], "cp /srv/fstab /etc/fstab; rm -rf /srv/linked /srv/absent /srv/fstab");
            await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "rm -rf /srv/marked /srv/held /srv/file /srv/link")));
        }
    }

    /// <summary>MariaDB without the program that state transfers need.</summary>
    private Task<string> LackAsync(LabHost host) =>
        lab.ExecAsync(
            host,
            $"printf 'FROM lab/mariadb:10.11\\nRUN rm /usr/bin/mariadb-backup\\n' | docker build -q -t {Lacking} - >/dev/null"
        );
}
