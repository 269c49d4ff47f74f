using System.Diagnostics;
using System.Security;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Lab;

/// <summary>A swarm is backed up, lost as a whole, and restored. One test runs always, the others with SWARMOPS_LONG=all.</summary>
public sealed class RecoveryTests(LabFixture lab) : IDisposable
{
    private readonly BackupGround ground = new(lab);

    private Session Session => ground.Session;

    private LabHost First => lab.Hosts[0];

    public void Dispose() => ground.Dispose();

    [Fact]
    public async Task After_the_loss_of_all_hosts_the_swarm_is_restored_with_all_that_it_had()
    {
        var nodes = await SwarmWithStateAsync();
        var before = await StateAsync();
        var begun = Stopwatch.GetTimestamp();
        var backup = ground.Backup(nodes, "-Keep 1");
        Note(
            $"backup {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s, engine held {backup.EngineHeld.TotalSeconds:0.0} s, {backup.Bytes} bytes"
        );
        Assert.True(backup.IsTried);
        Assert.Equal((3, 3, 1, 1, 1), (backup.NodeCount, backup.ManagerCount, backup.ServiceCount, backup.SecretCount, backup.ConfigCount));
        Assert.NotEqual(nodes.Single(node => node.IsLeader).Name, backup.Node);
        await AssertNothingLeftAsync();

        await ground.LoseAsync(lab.Hosts);
        var bare = Session.Nodes(lab);
        Assert.Equal(["BackupPassphraseWrong"], Restore(bare, "-Force -Confirm:$false", passphrase: BackupGround.WrongPassphrase).ErrorIds);
        Assert.Equal(["RestoreNotConfirmed"], Restore([.. bare.Take(2)], "-Confirm:$false").ErrorIds);
        Assert.Empty(Restore(bare, "-WhatIf").ThrowOnError().Objects);
        Assert.Equal("inactive", await LocalStateAsync(First));

        begun = Stopwatch.GetTimestamp();
        var restored = Restore(bare, "-Confirm:$false").ThrowOnError();
        Note($"restore {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        Assert.Equal(3, restored.Nodes.Count(node => node.Reachability == SwarmManagerReachability.Reachable));
        Assert.Equal(before, await StateAsync());
        Assert.Equal("yes", (await lab.ExecAsync(First, $"docker node inspect -f '{{{{.Spec.Labels.kept}}}}' {lab.Hosts[1].Name}")).Trim());
        await AssertNothingLeftAsync();

        // The swarm has a leader: nothing is overwritten.
        Assert.Contains(
            "has a leader",
            Assert.Single(Restore(restored.Nodes, "-Confirm:$false").ThrowOnError().Warnings),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Whatever_ends_the_job_on_the_host_its_engine_comes_back()
    {
        await lab.ResetAsync();
        foreach (var kind in new[] { "stop", "freeze" })
        {
            // The step kills the job that called it, as an out-of-memory killer or an administrator would, and tells first whether the engine was held.
            var held =
                kind == "stop"
                    ? "[ \"$(systemctl is-active docker.service)\" != active ]"
                    : "grep -q \"^State:.T\" /proc/$(systemctl show -p MainPID --value docker.service)/status";
            await lab.ExecAsync(
                First,
                $"""
                rm -f /run/held
                root=/var/lib/docker; id=test-{kind}; kind={kind}; limit=6; only=; step='{held} && : >/run/held; kill -9 $PPID'
                {EmbeddedText.Read("EngineJob.sh")}
                """
            );
            await ManagerLab.UntilAsync(
                async () =>
                {
                    var said = await lab.ExecAsync(
                        First,
                        "ls /run/held 2>&1; timeout 5 docker ps -q >/dev/null 2>&1 && echo answers; systemctl list-timers --no-legend 'swarmops-*'; true"
                    );
                    return (
                        said.StartsWith("/run/held\n", StringComparison.Ordinal)
                            && said.Contains("answers", StringComparison.Ordinal)
                            && !said.Contains("swarmops-back", StringComparison.Ordinal),
                        said
                    );
                },
                40
            );
            await lab.ExecAsync(First, $"rm -rf /var/lib/docker/swarmops-recovery/test-{kind} /run/held");
        }
    }

    [Fact]
    public async Task Frozen_no_container_stops_and_older_backups_make_room()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await SwarmWithStateAsync();
        var containers = await ContainersAsync();

        var first = ground.Backup(nodes, "-Method Freeze -Keep 2");
        Assert.True(first.EngineHeld < TimeSpan.FromSeconds(3), $"held for {first.EngineHeld}");
        Assert.Equal(containers, await ContainersAsync());
        File.WriteAllText(Path.Combine(ground.Folder, "kept-by-hand.swarmbackup"), "x");
        ground.Backup(nodes, "-Method Freeze -Keep 2 -SkipTrial");
        var third = ground.Backup(nodes, "-Method Freeze -Keep 2 -SkipTrial");

        Assert.Equal([Path.GetFileName(first.Path)], third.Deleted);
        Assert.Equal(3, Directory.EnumerateFiles(ground.Folder, "*.swarmbackup").Count());
        Assert.Equal(2, Directory.EnumerateFiles(ground.Folder, "*.sha256").Count());
        var (exitCode, output, error) = await Shell.RunAsync("sh", "-c", $"cd '{ground.Folder}' && sha256sum -c *.sha256");
        Assert.True(exitCode == 0, output + error);
        Assert.Equal(containers, await ContainersAsync());
        Assert.Empty(ground.Run("$n | Backup-Swarm -Destination $f -Passphrase $p -WhatIf", nodes).ThrowOnError().Objects);
    }

    [Fact]
    public async Task At_new_addresses_workers_that_survived_join_again()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await SwarmWithStateAsync(managers: 1);
        var before = await StateAsync();
        ground.Backup(nodes, "");
        await ground.LoseAsync([First]);

        // The old manager's host is gone; the second host, a worker that survived, becomes the manager at its own address.
        var left = Session.Nodes(lab).Skip(1).ToArray();
        var restored = Restore(left, "-Force -Confirm:$false").ThrowOnError();

        Assert.Equal(2, restored.Nodes.Count);
        Assert.Single(restored.Nodes, node => node.IsLeader);
        Assert.Contains(restored.Warnings, line => line.Contains("moby/moby issue 34306", StringComparison.Ordinal));
        // It was a worker before, and is the manager of the backup now: its former entry is left.
        Assert.Contains(restored.Warnings, line => line.Contains($"still listed: '{lab.Hosts[1].Name}'", StringComparison.Ordinal));
        Assert.Equal(Objects(before), Objects(await StateAsync(lab.Hosts[1], lab.Hosts.Skip(1))));
    }

    [Fact]
    public async Task With_autolock_the_restored_swarm_is_locked_by_the_same_key()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await SwarmWithStateAsync();
        Session.Run("$n | Initialize-Swarm -AutoLock", ("n", nodes)).ThrowOnError();
        var key = ((SwarmUnlockKey)Session.Run("Get-SwarmUnlockKey $n", ("n", nodes)).ThrowOnError().Objects.Single()).UnlockKey;
        var before = await StateAsync();
        Assert.Equal(SwarmBackupMethod.Freeze, ground.Backup(nodes, "").Method);
        Assert.Equal(SwarmBackupMethod.Stop, ground.Backup(nodes, "-Method Stop -SkipTrial").Method);

        await ground.LoseAsync(lab.Hosts);
        var restored = Restore(Session.Nodes(lab), "-Confirm:$false").ThrowOnError();
        Assert.Equal(before, await StateAsync());

        await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "systemctl restart docker")));
        Assert.Equal("locked", await LocalStateAsync(First));
        Session.Run("$n | Unlock-Swarm -UnlockKey $k", ("n", restored.Nodes), ("k", key)).ThrowOnError();
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task While_a_manager_still_has_the_raft_log_nothing_is_restored()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await SwarmWithStateAsync();
        ground.Backup(nodes, "-SkipTrial");
        await ground.LoseAsync(lab.Hosts.Skip(1));
        await lab.ExecAsync(First, "systemctl restart docker");

        var refused = Restore(Session.Nodes(lab), "-Confirm:$false");
        Assert.Equal(["RestoreStateOnDisk"], refused.ErrorIds);
        Assert.Contains(First.Name, refused.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("pending", await LocalStateAsync(First));

        var forced = Restore(Session.Nodes(lab), "-Force -Confirm:$false").ThrowOnError();
        Assert.Equal(3, forced.Nodes.Count);
        Assert.Contains(
            "raft",
            await lab.ExecAsync(First, "ls -d /var/lib/docker/swarm.*/raft; rm -rf /var/lib/docker/swarm.*"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task With_the_majority_lost_for_good_the_swarm_goes_on_from_the_manager_that_is_left()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await SwarmWithStateAsync();
        var before = await StateAsync();
        var stopped = lab.Hosts[2];
        await lab.ExecAsync(stopped, "systemctl stop docker.socket docker");
        await ground.LoseAsync([lab.Hosts[1]]);
        await lab.ExecAsync(First, "systemctl restart docker");

        // The third is silent: with the first it would be a majority.
        var refused = Repair(Session.Nodes(lab), "-Confirm:$false");
        Assert.Equal("RepairMajorityMayComeBack", refused.ErrorIds[^1]);
        Assert.Contains(stopped.Name, refused.Errors[^1].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("pending", await LocalStateAsync(First));

        await ground.LoseAsync([stopped]);
        Assert.Empty(Repair(Session.Nodes(lab), "-WhatIf").ThrowOnError().Objects);
        Assert.Equal("pending", await LocalStateAsync(First));
        var begun = Stopwatch.GetTimestamp();
        var repaired = Repair(Session.Nodes(lab), "-Confirm:$false -Verbose").ThrowOnError();
        Note($"repair {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        Assert.Contains(repaired.Verbose, line => line.Contains("its raft log ends at index", StringComparison.Ordinal));
        Assert.Equal(3, repaired.Nodes.Count(node => node.Reachability == SwarmManagerReachability.Reachable));
        Assert.Equal(before, await StateAsync());
        Assert.Equal("yes", (await lab.ExecAsync(First, $"docker node inspect -f '{{{{.Spec.Labels.kept}}}}' {lab.Hosts[1].Name}")).Trim());
        Assert.Equal("3", (await lab.ExecAsync(First, "docker node ls -q | wc -l")).Trim());
        await lab.ExecAsync(First, "rm -rf /var/lib/docker/swarm.*");
    }

    [Fact]
    public async Task Killed_anywhere_a_backup_leaves_a_whole_swarm_and_the_next_one_succeeds()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await SwarmWithStateAsync();
        var before = await StateAsync();
        var script = ground.Script("Backup-Swarm -Destination", "");
        var total = await KillRun.RunAsync(script, 0) ?? throw new InvalidOperationException("The backup does not even run whole.");
        for (var point = 1; point <= total; point += 2)
        {
            await KillRun.RunAsync(script, point);
            // The host starts the engine again by itself: until then the next backup refuses to stop another one.
            await ManagerLab.UntilAsync(
                async () =>
                {
                    var said = await lab.ExecAsync(First, "docker node ls --format '{{.Status}} {{.ManagerStatus}}' 2>&1; true");
                    var rows = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                    // The others take an engine that was stopped for Ready until its heartbeat is missed.
                    var engines = await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "systemctl is-active docker; true")));
                    var whole = rows.Length == 3 && rows.All(row => row is "Ready Leader" or "Ready Reachable");
                    return (whole && engines.All(engine => engine.Trim() == "active"), said + string.Concat(engines));
                },
                90
            );
            Assert.Equal(before, await StateAsync());
        }

        Assert.True(ground.Backup(nodes, "").IsTried);
        Assert.DoesNotContain(Directory.EnumerateFiles(ground.Folder), file => file.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ctrl_C_while_an_engine_is_stopped_does_not_leave_it_so()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await SwarmWithStateAsync();
        var before = await StateAsync();
        var manager = lab.Hosts[1];
        using var shell = Session.Create(
            $"$n | Backup-Swarm -Destination $f -Passphrase $p -On {manager.Name} -Confirm:$false",
            ("n", nodes),
            ("f", ground.Folder),
            ("p", BackupGround.Passphrase)
        );
        _ = shell.BeginInvoke();
        await ManagerLab.UntilAsync(
            async () =>
            {
                var said = await lab.ExecAsync(manager, "systemctl is-active docker; true");
                return (!said.StartsWith("active", StringComparison.Ordinal), said);
            },
            30
        );
        await Task.Run(shell.Stop, TestContext.Current.CancellationToken);

        await ManagerLab.UntilAsync(
            async () =>
            {
                var said = await lab.ExecAsync(
                    First,
                    $"docker node inspect -f '{{{{.Status.State}}}} {{{{.ManagerStatus.Reachability}}}}' {manager.Name}"
                );
                var own = await lab.ExecAsync(manager, "systemctl is-active docker; true");
                return (said.Trim() == "ready reachable" && own.StartsWith("active", StringComparison.Ordinal), said + own);
            },
            90
        );
        Assert.Equal(before, await StateAsync());
        Assert.Empty(Directory.EnumerateFiles(ground.Folder));
        Assert.True(ground.Backup(nodes, "").IsTried);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Killed_anywhere_a_restore_is_completed_by_the_same_command()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await SwarmWithStateAsync();
        var before = await StateAsync();
        ground.Backup(nodes, "");
        var script = ground.Script("Restore-Swarm -Path", "");
        await ground.LoseAsync(lab.Hosts);
        var total = await KillRun.RunAsync(script, 0) ?? throw new InvalidOperationException("The restore does not even run whole.");
        for (var point = 1; point <= total; point += Math.Max(1, total / 8))
        {
            await ground.LoseAsync(lab.Hosts);
            await KillRun.RunAsync(script, point);
            Assert.True(await KillRun.RunAsync(script, 0) is not null, $"Killed at point {point}, the second run failed.");
            Assert.Equal(before, await StateAsync());
        }
    }

    private Outcome Restore(IReadOnlyList<SwarmNode> nodes, string options, SecureString? passphrase = null) =>
        ground.Run($"$n | Restore-Swarm -Path $f -Passphrase $p -SkipReachabilityTest {options}", nodes, passphrase: passphrase);

    private Outcome Repair(IReadOnlyList<SwarmNode> nodes, string options) =>
        Session.Run($"$n | Repair-Swarm -SkipReachabilityTest {options}", ("n", nodes));

    private async Task<SwarmNode[]> SwarmWithStateAsync(int managers = 3)
    {
        await lab.ResetAsync();
        var nodes = Session
            .Run(
                $"$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest | Step-SwarmPromotion -ManagerCount {managers}",
                ("n", Session.Nodes(lab))
            )
            .ThrowOnError()
            .Nodes;
        await lab.ExecAsync(
            First,
            $"""
            set -e
            echo secret | docker secret create kept-secret - >/dev/null
            echo config | docker config create kept-config - >/dev/null
            docker network create -d overlay --attachable kept-network >/dev/null
            docker node update --label-add kept=yes {lab.Hosts[1].Name} >/dev/null
            docker service create -d --name kept-service --mode global --endpoint-mode dnsrr --network kept-network --secret kept-secret --config kept-config lab/busybox:latest sleep 1000000 >/dev/null
            """
        );
        await StateAsync();
        return [.. nodes];
    }

    /// <summary>What must be the same after a restore: the swarm's id, and the ids of what it holds, its service running on every host.</summary>
    private Task<string> StateAsync() => StateAsync(First, lab.Hosts);

    private async Task<string> StateAsync(LabHost manager, IEnumerable<LabHost> hosts)
    {
        var seen = "";
        var all = hosts.ToList();
        await ManagerLab.UntilAsync(
            async () =>
            {
                seen = await lab.ExecAsync(
                    manager,
                    """
                    docker info -f '{{.Swarm.Cluster.ID}}' 2>&1 && docker secret ls --format '{{.ID}} {{.Name}}' && docker config ls --format '{{.ID}} {{.Name}}' | grep -v swarmops.lock &&
                        docker network ls --filter scope=swarm --format '{{.ID}} {{.Name}}' | sort && docker service ls --format '{{.ID}} {{.Name}}'; true
                    """
                );
                var running = await lab.ExecAsync(
                    manager,
                    "docker node ls --format '{{.Hostname}} {{.Status}}' 2>&1; docker service ps kept-service --filter desired-state=running --format '{{.Node}} {{.CurrentState}}' 2>&1; true"
                );
                return (
                    all.All(host =>
                        running.Contains($"{host.Name} Ready", StringComparison.Ordinal)
                        && running.Contains($"{host.Name} Running", StringComparison.Ordinal)
                    ),
                    seen + running
                );
            },
            120
        );
        return seen;
    }

    private static string Objects(string state) =>
        string.Join('\n', state.Split('\n').Where(line => line.Contains("kept-", StringComparison.Ordinal)));

    private async Task<string> ContainersAsync() =>
        string.Concat(await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "docker ps -q --no-trunc | sort"))));

    private async Task<string> LocalStateAsync(LabHost host) =>
        (await lab.ExecAsync(host, "docker info -f '{{.Swarm.LocalNodeState}}'")).Trim();

    /// <summary>No copy of the state, no unit and no lock is left.</summary>
    private async Task AssertNothingLeftAsync()
    {
        foreach (var host in lab.Hosts)
            Assert.Equal(
                "",
                (
                    await lab.ExecAsync(
                        host,
                        "ls -d /var/lib/docker/swarmops-recovery/*/ /run/swarmops-trial-* 2>/dev/null; systemctl list-units --no-legend 'swarmops-job*' 'swarmops-back*' 'swarmops-trial*'; true"
                    )
                ).Trim()
            );
        Assert.DoesNotContain("swarmops.lock", await lab.ExecAsync(First, "docker config ls"), StringComparison.Ordinal);
    }

    private static void Note(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
