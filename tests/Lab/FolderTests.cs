using System.Diagnostics;
using System.Globalization;

namespace SwarmOps.Tests.Lab;

/// <summary>One folder on three hosts in three regions, seen from the hosts: what is in it is counted and hashed by their own programs.</summary>
public sealed class FolderTests(LabFixture lab) : IDisposable
{
    private const string Data = FolderGround.Data;

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Theory]
    [InlineData("1.29")]
    [InlineData("1.19")]
    public async Task The_files_of_one_node_are_on_all_and_a_second_run_changes_nothing(string version)
    {
        if (version == "1.19")
            Nightly.SkipUnlessAsked();
        var ground = new FolderGround(lab, session, version);
        await ground.FormAsync();
        await lab.ExecAsync(
            lab.Hosts[0],
            $"mkdir -p {Data}/2026/11 && cd {Data} && for i in $(seq 50); do head -c 20000 /dev/urandom >2026/11/$i.jpg; done && echo '<?php' >index.php && chmod 0640 index.php && chown -R 33:33 {Data}"
        );

        var clock = Stopwatch.StartNew();
        var folder = ground.Make();
        FolderGround.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Syncthing {version}: 51 files on three nodes in {clock.Elapsed.TotalSeconds:0.0} s"
            )
        );

        Assert.Equal((SwarmSharedFolderStatus.InSync, "33:33", 51L), (folder.Status, folder.Owner, folder.Files));
        Assert.Equal(lab.Hosts.Select(host => host.Name).Order(), folder.Copies.Select(copy => copy.Node));
        Assert.All(
            folder.Copies,
            copy =>
                Assert.Equal(
                    (SwarmSharedFolderState.InSync, 100.0, 0L, 2),
                    (copy.State, copy.Completion, copy.BytesBehind, copy.ConnectedNodes.Count)
                )
        );
        Assert.Contains(version, folder.Copies[0].Version);
        await ground.AssertAlikeAsync(51);
        Assert.All(await ground.OnAllAsync($"stat -c '%u:%g %a' {Data}/index.php"), owner => Assert.Equal("33:33 640", owner.Trim()));
        await AssertClosedAsync(ground);
        await AssertOneKeyEachAsync(ground);

        var versions = await ground.VersionsAsync();
        var second = ground.Make();
        Assert.Equal(SwarmSharedFolderStatus.InSync, second.Status);
        Assert.Equal(versions, await ground.VersionsAsync());

        var paths = session
            .Run("$f | Test-SwarmSharedFolder -Size 100KB", ("f", folder))
            .ThrowOnError()
            .Objects.Cast<SwarmSharedFolderPath>()
            .ToList();
        Assert.Equal(6, paths.Count);
        Assert.All(paths, path => Assert.True(path is { Result: FindingResult.Pass, Milliseconds: > 0 and < 30_000 }, path.Detail));
        FolderGround.Say($"100 kB arrive after {string.Join(", ", paths.Select(path => path.Milliseconds).Order())} ms");

        session.Run("$f | Remove-SwarmSharedFolder -Confirm:$false", ("f", folder)).ThrowOnError();
        await ground.AssertAlikeAsync(51);
        Assert.Equal("", (await ServiceSwarm.ManagerAsync(lab, "docker service ls -q; docker secret ls -q; docker config ls -q")).Trim());
        Assert.All(
            await ground.OnAllAsync($"ls -d {Data}/.stfolder /var/lib/swarmops/folders/uploads 2>/dev/null || true"),
            left => Assert.Equal("", left.Trim())
        );
        Assert.Equal(
            "FolderNotFound",
            Assert.Single(session.Run("$n | Get-SwarmSharedFolder -Name uploads", ("n", ground.Nodes)).ErrorIds)
        );

        // The files are alike, so the folder can be made again without naming a source.
        Assert.Equal(SwarmSharedFolderStatus.InSync, ground.Make().Status);
        await ground.AssertAlikeAsync(51);
    }

    [Fact]
    public async Task Both_sides_of_a_cut_write_and_nothing_is_lost()
    {
        var ground = new FolderGround(lab, session);
        await ground.FormAsync();
        var (here, there) = (lab.Hosts[0], lab.Hosts[2]);
        ground.Make("-Owner 1000");
        await WriteAsync(here, "both.txt", "first");
        await WriteAsync(here, "gone.txt", "first");
        await ArrivedAsync(there, "both.txt", "first");
        await ArrivedAsync(there, "gone.txt", "first");

        await lab.OnLabAsync("fault", "cut", there.Region, "--keep-admin");
        await WriteAsync(here, "both.txt", "here");
        await WriteAsync(there, "both.txt", "there");
        await WriteAsync(here, "only-here.txt", "1");
        await WriteAsync(there, "only-there.txt", "2");
        await WriteAsync(there, "gone.txt", "changed there");
        await lab.ExecAsync(here, $"rm {Data}/gone.txt");
        await WaitForFindingAsync(ground, "are not connected");
        var parted = ground.Get();
        Assert.Equal(SwarmSharedFolderStatus.Degraded, parted.Status);
        Assert.Equal(
            "Fail",
            session
                .Run(
                    "($n | Test-SwarmSharedFolder -Name uploads -TimeoutSeconds 5 | Where-Object To -eq $h).Result | Select-Object -Unique",
                    ("n", ground.Nodes),
                    ("h", there.Name)
                )
                .ThrowOnError()
                .Objects.Single()
                .ToString()
        );
        Assert.False(
            (bool)
                session
                    .Run("$n | Test-SwarmSharedFolder -Name uploads -TimeoutSeconds 2 -Quiet", ("n", ground.Nodes))
                    .ThrowOnError()
                    .Objects.Single()
        );

        await lab.OnLabAsync("fault", "heal");
        var clock = Stopwatch.StartNew();
        await ArrivedAsync(there, "only-here.txt", "1");
        await ArrivedAsync(here, "only-there.txt", "2");
        var healed = await ground.InSyncAsync(TimeSpan.FromMinutes(3));
        FolderGround.Say(string.Create(CultureInfo.InvariantCulture, $"alike {clock.Elapsed.TotalSeconds:0.0} s after the cut"));

        // The later change has the name, the earlier one is beside it; a change wins over a deletion.
        Assert.NotEmpty(healed.Conflicts);
        Assert.All(healed.Conflicts, conflict => Assert.Matches(@"^both\.sync-conflict-\d{8}-\d{6}-\w{7}\.txt$", conflict));
        Assert.Contains(healed.Conflicts[0], Assert.Single(healed.Findings));
        Assert.All(
            await ground.OnAllAsync($"cd {Data} && cat both*.txt | sort -u && cat gone.txt"),
            texts => Assert.Equal("here\nthere\nchanged there", texts.Trim())
        );
        // Two nodes had the earlier change, and each may have put it aside.
        await ground.AssertAlikeAsync(4 + healed.Conflicts.Count);
    }

    [Fact]
    public async Task A_node_that_is_reset_in_the_middle_of_a_transfer_goes_on()
    {
        Nightly.SkipUnlessAsked();
        var ground = new FolderGround(lab, session);
        await ground.FormAsync();
        ground.Make("-Owner 1000");
        await lab.ExecAsync(
            lab.Hosts[0],
            $"mkdir /srv/folder/new && cd /srv/folder/new && for i in $(seq 60); do head -c 5000000 /dev/urandom >big-$i; done; chown -R 1000:1000 .; mv big-* {Data}/"
        );
        await UntilAsync(
            async () =>
                int.Parse((await lab.ExecAsync(lab.Hosts[2], $"ls {Data} | wc -l")).Trim(), CultureInfo.InvariantCulture) is > 0 and < 60,
            60
        );
        await lab.OnLabAsync("host", "reboot", lab.Hosts[2].Name, "--hard", "--wait");

        var clock = Stopwatch.StartNew();
        await ground.InSyncAsync(TimeSpan.FromMinutes(4));
        FolderGround.Say(
            string.Create(CultureInfo.InvariantCulture, $"300 MB alike {clock.Elapsed.TotalSeconds:0.0} s after the node was back")
        );
        await ground.AssertAlikeAsync(60);
        Assert.Empty(ground.Get().Conflicts);
    }

    [Fact]
    public async Task A_node_that_joins_gets_a_copy_by_the_same_line_and_one_that_is_removed_is_dropped()
    {
        Nightly.SkipUnlessAsked();
        var ground = new FolderGround(lab, session);
        await ground.FormAsync();
        await lab.ExecAsync(lab.Hosts[1], $"mkdir -p {Data} && echo one >{Data}/one && chown -R 33:33 {Data}");
        ground.Make();
        var name = (await lab.OnLabAsync("host", "add", "us-west-2")).Trim().Split('\n')[^1];
        try
        {
            await lab.RefreshAsync();
            await lab.OnLabAsync("image", "load", name, "syncthing");
            var nodes = session
                .Run("$n | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest", ("n", session.Nodes(lab)))
                .ThrowOnError()
                .Nodes;

            // A joining node's own files are not taken, and not lost.
            var added = lab.Hosts.Single(host => host.Name == name);
            await lab.ExecAsync(added, $"mkdir -p {Data} && echo other >{Data}/other && chown -R 33:33 {Data}");
            var refused = session.Run(ground.Line, ("n", nodes));
            Assert.Equal("FolderContentDiffers", Assert.Single(refused.ErrorIds));
            Assert.Contains("other (only on", refused.Errors[0].Exception.Message, StringComparison.Ordinal);

            var grown = (SwarmSharedFolder)
                session
                    .Run($"{ground.Line} -From {lab.Hosts[1].Name} -WarningAction SilentlyContinue", ("n", nodes))
                    .ThrowOnError()
                    .Objects.Single();
            Assert.Equal((4, SwarmSharedFolderStatus.InSync), (grown.Copies.Count, grown.Status));
            Assert.All(grown.Copies, copy => Assert.Equal(3, copy.ConnectedNodes.Count));
            Assert.Equal("one", (await lab.ExecAsync(added, $"cat {Data}/one")).Trim());
            Assert.Equal("other", (await lab.ExecAsync(added, $"cat {Data}.swarmops-aside-*/other")).Trim());

            session.Run("$g | Remove-SwarmNode -Force -Confirm:$false", ("g", nodes.Where(node => node.Name == name).ToArray()));
            await ServiceSwarm.ManagerAsync(lab, $"docker node rm --force {name} >/dev/null 2>&1 || true");
            var shrunk = ground.Make();
            Assert.Equal((3, SwarmSharedFolderStatus.InSync), (shrunk.Copies.Count, shrunk.Status));
            Assert.DoesNotContain(
                name,
                await ServiceSwarm.ManagerAsync(lab, "docker service ls; docker secret ls"),
                StringComparison.Ordinal
            );
            Assert.All(shrunk.Copies, copy => Assert.Equal(2, copy.ConnectedNodes.Count));
        }
        finally
        {
            await lab.OnLabAsync("host", "remove", name);
            await lab.RefreshAsync();
        }
    }

    [Fact]
    public async Task What_would_lose_or_damage_files_is_refused_before_anything_is_changed()
    {
        var ground = new FolderGround(lab, session);
        await ground.FormAsync();
        var before = await ground.VersionsAsync();

        await lab.ExecAsync(lab.Hosts[0], $"mkdir -p {Data} && echo a >{Data}/a && chown -R 33:33 {Data}");
        await lab.ExecAsync(lab.Hosts[1], $"mkdir -p {Data} && echo b >{Data}/a && chown -R 33:33 {Data}");
        Refused(ground, "FolderContentDiffers", "same names and sizes");
        Refused(ground, "FolderSourceEmpty", "no files", $"-From {lab.Hosts[2].Name}");
        await lab.ExecAsync(lab.Hosts[1], $"echo a >{Data}/a; chown 0:0 {Data}/a");
        Refused(ground, "FolderOwnerDiffers", "user 0");
        await lab.ExecAsync(lab.Hosts[1], $"chown 33:33 {Data}/a; printf 'SQLite format 3\\0rest' >{Data}/app.db");
        Refused(ground, "FolderHoldsDatabase", "app.db");
        await lab.ExecAsync(lab.Hosts[1], $"rm {Data}/app.db; mount -t tmpfs -o size=8m,ro tmpfs {Data}");
        try
        {
            Refused(ground, "FolderDirectoryUnfit", "read-only");
            await lab.ExecAsync(
                lab.Hosts[1],
                $"umount {Data}; mount -t tmpfs -o size=8m tmpfs {Data}; chown 33:33 {Data}; head -c 9000000 /dev/zero >/srv/folder/big; chown 33:33 /srv/folder/big"
            );
            await lab.ExecAsync(lab.Hosts[0], $"head -c 9000000 /dev/zero >{Data}/big; chown 33:33 {Data}/big");
            Refused(ground, "FolderDiskTooSmall", "9 MB");
        }
        finally
        {
            await lab.ExecAsync(lab.Hosts[1], $"umount {Data}");
        }

        Assert.Equal(before, await ground.VersionsAsync());
        Assert.Empty(session.Run($"{ground.Line} -From {lab.Hosts[0].Name} -WhatIf", ("n", ground.Nodes)).ThrowOnError().Objects);
        Assert.Equal(before, await ground.VersionsAsync());
        Assert.All(
            await ground.OnAllAsync("ls -d /var/lib/swarmops /srv/folder/*aside* 2>/dev/null || true"),
            left => Assert.Equal("", left.Trim())
        );

        ground.Make($"-From {lab.Hosts[0].Name} -WarningAction SilentlyContinue");
        await ground.AssertAlikeAsync(2);
        var nested = session.Run(
            ground.Line.Replace("uploads -Path " + Data, $"other -Path {Data}/2026", StringComparison.Ordinal),
            ("n", ground.Nodes)
        );
        Assert.Equal("FolderNested", Assert.Single(nested.ErrorIds));
        Refused(ground, "FolderSettingDiffers", "33:33", "-Owner 5");

        // A disk that is not mounted any more looks like a folder in which all was deleted: that must not travel.
        await lab.ExecAsync(lab.Hosts[1], $"docker kill $(docker ps -q) >/dev/null; mount -t tmpfs tmpfs {Data}; chown 33:33 {Data}");
        try
        {
            Refused(ground, "FolderMarkerMissing", "not mounted");
            await WaitForFindingAsync(ground, "marker");
        }
        finally
        {
            await lab.ExecAsync(lab.Hosts[1], $"docker kill $(docker ps -q) >/dev/null; umount {Data}");
        }

        await ground.InSyncAsync(TimeSpan.FromMinutes(2));
        await ground.AssertAlikeAsync(2);
    }

    private void Refused(FolderGround ground, string id, string words, string more = "")
    {
        var outcome = session.Run($"{ground.Line} {more}", ("n", ground.Nodes));
        Assert.Equal(id, Assert.Single(outcome.ErrorIds));
        Assert.Contains(words, outcome.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.NotEmpty(outcome.Errors[0].ErrorDetails.RecommendedAction);
        Assert.Empty(outcome.Objects);
    }

    /// <summary>In each container one port is open to the network, and the interface on loopback only.</summary>
    private static async Task AssertClosedAsync(FolderGround ground)
    {
        var open = await ground.OnAllAsync(
            "nsenter -n -t $(docker inspect -f '{{.State.Pid}}' $(docker ps -qf label=com.docker.swarm.service.name | head -n 1)) ss -Hltun | awk '{ print $1, $5 }' | grep -v 127.0.0.11 | sort"
        );
        Assert.All(open, ports => Assert.Matches(@"\Atcp (\*|0\.0\.0\.0|\[::\]):22000\ntcp 127\.0\.0\.1:8384\z", ports.Trim()));
    }

    /// <summary>No node has the key of another one.</summary>
    private static async Task AssertOneKeyEachAsync(FolderGround ground)
    {
        var keys = await ground.OnAllAsync(
            "docker exec $(docker ps -qf label=com.docker.swarm.service.name | head -n 1) sh -c 'ls /run/secrets; sha256sum </run/secrets/identity'"
        );
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Equal(["identity"], key.Trim().Split('\n')[..^1]));
    }

    private Task WriteAsync(LabHost host, string name, string text) =>
        lab.ExecAsync(host, $"echo '{text}' >{Data}/{name} && chown 1000:1000 {Data}/{name}");

    private Task ArrivedAsync(LabHost host, string name, string text) =>
        UntilAsync(async () => (await lab.ExecAsync(host, $"cat {Data}/{name} 2>/dev/null || true")).Trim() == text, 120);

    private static async Task WaitForFindingAsync(FolderGround ground, string words) =>
        await UntilAsync(
            () => Task.FromResult(ground.Get().Findings.Any(finding => finding.Contains(words, StringComparison.OrdinalIgnoreCase))),
            180
        );

    private static async Task UntilAsync(Func<Task<bool>> condition, int seconds)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed.TotalSeconds < seconds, $"Not within {seconds} s.");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }
}
