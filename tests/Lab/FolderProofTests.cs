using System.Diagnostics;
using System.Globalization;

namespace SwarmOps.Tests.Lab;

/// <summary>10,000 files and 1 GB over three regions 80 ms apart, with a cut and a reset, counted by hashes: <c>SWARMOPS_LONG=all</c>.</summary>
public sealed class FolderProofTests(LabFixture lab) : IDisposable
{
    private const string Data = FolderGround.Data;

    /// <summary>How long the region is cut off.</summary>
    private static readonly TimeSpan Cut = TimeSpan.FromMinutes(5);

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Ten_thousand_files_and_a_gigabyte_lose_nothing()
    {
        Nightly.SkipUnlessAsked();
        var ground = new FolderGround(lab, session);
        await ground.FormAsync();
        await SlowAsync();
        try
        {
            // 10,000 files of 100 kB on average: 9,900 of 10 kB and 100 of 9 MB, in 100 directories.
            await lab.ExecAsync(
                lab.Hosts[0],
                $"""
                mkdir -p {Data} && cd {Data}
                for d in $(seq 100); do
                    mkdir $d && head -c 990000 /dev/urandom | split -b 10000 -a 3 - $d/small- && head -c 9010000 /dev/urandom >$d/big
                done
                chown -R 33:33 {Data}
                """
            );
            var clock = Stopwatch.StartNew();
            ground.Make("-TimeoutSeconds 300");
            Say($"10,000 files, 1 GB: alike and proven in {clock.Elapsed.TotalSeconds:0} s");
            await ground.AssertAlikeAsync(10_000);

            await TimesAsync(ground);
            await CutAsync(ground);
            await ResetAsync(ground);
        }
        finally
        {
            await lab.OnLabAsync("fault", "heal");
            await ground.WipeAsync();
        }
    }

    private async Task SlowAsync()
    {
        foreach (var (one, other) in new[] { (0, 1), (0, 2), (1, 2) })
            await lab.OnLabAsync("fault", "slow", $"{lab.Hosts[one].Region}:{lab.Hosts[other].Region}=80");
    }

    /// <summary>An upload of 100 kB from each node to each other, again and again.</summary>
    private async Task TimesAsync(FolderGround ground)
    {
        var times = new List<double>();
        while (times.Count < 200)
        {
            var paths = session.Run("$n | Test-SwarmSharedFolder -Name uploads -Size 100KB", ("n", ground.Nodes)).ThrowOnError().Objects;
            Assert.All(paths.Cast<SwarmSharedFolderPath>(), path => Assert.Equal(FindingResult.Pass, path.Result));
            times.AddRange(paths.Cast<SwarmSharedFolderPath>().Select(path => path.Milliseconds!.Value));
        }

        times.Sort();
        Say(
            $"100 kB over 80 ms: {times.Count} arrivals, median {times[times.Count / 2]:0} ms, p99 {times[(int)(times.Count * 0.99)]:0} ms, longest {times[^1]:0} ms"
        );
        await ground.InSyncAsync(TimeSpan.FromMinutes(2));
    }

    /// <summary>A region is cut off while both sides write, some of it to the same names.</summary>
    private async Task CutAsync(FolderGround ground)
    {
        var (here, there) = (lab.Hosts[0], lab.Hosts[2]);
        await lab.OnLabAsync("fault", "cut", there.Region, "--keep-admin");
        var end = Stopwatch.StartNew();
        var round = 0;
        while (end.Elapsed < Cut)
        {
            round++;
            await Task.WhenAll(WriteAsync(here, "here", round), WriteAsync(there, "there", round));
            await Task.Delay(1000, TestContext.Current.CancellationToken);
        }

        await lab.OnLabAsync("fault", "heal");
        await SlowAsync();
        var clock = Stopwatch.StartNew();
        var healed = await ground.InSyncAsync(TimeSpan.FromMinutes(10));
        Say(
            $"{round} files written on each side of a cut of {Cut.TotalMinutes:0} minutes: alike {clock.Elapsed.TotalSeconds:0} s after it"
        );
        // Each round wrote one file on each side; five names are the same on both, and their last versions differ.
        // Two nodes had the losing version of each, and each of them may have put it aside.
        Assert.Equal(5, healed.Conflicts.Select(conflict => conflict.Split('.')[0]).Distinct().Count());
        await ground.AssertAlikeAsync(10_000 + (2 * round) + 5 + healed.Conflicts.Count);
        foreach (var (host, side) in new[] { (here, "there"), (there, "here") })
            Assert.Equal($"{round}", (await lab.ExecAsync(host, $"ls {Data} | grep -c '^{side}-'")).Trim());
        // Both sides' last words of every shared name are still there.
        var words = await lab.ExecAsync(
            lab.Hosts[1],
            $"cd {Data} && for i in 0 1 2 3 4; do cat shared-$i* | cut -d ' ' -f 1 | sort -u | xargs; done | sort -u"
        );
        Assert.Equal("here there", words.Trim());
    }

    private Task WriteAsync(LabHost host, string side, int round) =>
        lab.ExecAsync(
            host,
            $"cd {Data} && head -c 20000 /dev/urandom >{side}-{round} && echo '{side} {round}' >shared-{round % 5} && chown 33:33 {side}-{round} shared-{round % 5}"
        );

    /// <summary>A node without power in the middle of a transfer.</summary>
    private async Task ResetAsync(FolderGround ground)
    {
        var before = await FilesAsync(lab.Hosts[0]);
        await lab.ExecAsync(
            lab.Hosts[1],
            $"mkdir /srv/folder/new && cd /srv/folder/new && for i in $(seq 40); do head -c 5000000 /dev/urandom >late-$i; done; chown 33:33 late-*; mv late-* {Data}/"
        );
        while (await FilesAsync(lab.Hosts[2]) <= before)
            await Task.Delay(200, TestContext.Current.CancellationToken);
        await lab.OnLabAsync("host", "reboot", lab.Hosts[2].Name, "--hard", "--wait");
        var clock = Stopwatch.StartNew();
        await ground.InSyncAsync(TimeSpan.FromMinutes(10));
        Say($"200 MB alike {clock.Elapsed.TotalSeconds:0} s after a node without power was back");
        await ground.AssertAlikeAsync(before + 40);
    }

    private async Task<int> FilesAsync(LabHost host) =>
        int.Parse(
            (
                await lab.ExecAsync(
                    host,
                    $"find {Data} -type f ! -name '.syncthing.*' ! -path '*/.stfolder/*' ! -name '.swarmops-*' | wc -l"
                )
            ).Trim(),
            CultureInfo.InvariantCulture
        );

    private static void Say(FormattableString line) => FolderGround.Say(FormattableString.Invariant(line));
}
