using System.Globalization;

namespace SwarmOps.Tests.Lab;

/// <summary>Engines are upgraded host by host, with a database in use, and the leadership moves without a gap.</summary>
public sealed class EngineUpgradeTests : IDisposable
{
    // What a package would do: the programs and units of another engine in place of those that run.
    private const string Swap = """
        set -e
        line=${ENGINE_VERSION%.*}
        systemctl stop docker.socket docker containerd
        cp -a --remove-destination "/opt/engines/$line/root/usr" /
        systemctl daemon-reload
        systemctl start docker
        """;

    // A writer that asks this host's engine for a change of the swarm again and again, and notes when one was made.
    private const string Ticker = """
        rm -f /srv/ticks
        setsid sh -c 'echo $$ >/run/ticker; while :; do
            name=tick-$(hostname)-$(date +%s%3N)
            if echo x | timeout 5 docker config create "$name" - >/dev/null 2>&1; then
                date +%s%3N >>/srv/ticks
                timeout 5 docker config rm "$name" >/dev/null 2>&1
            fi
            sleep 0.2
        done' >/dev/null 2>&1 </dev/null &
        """;

    private readonly LabFixture lab;
    private readonly Session session = new();
    private readonly GaleraSwarm cluster;
    private readonly GaleraWriters writers;

    public EngineUpgradeTests(LabFixture lab)
    {
        this.lab = lab;
        cluster = new GaleraSwarm(lab, session);
        writers = new GaleraWriters(lab, session, cluster);
    }

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task From_20_10_over_26_1_to_28_5_in_one_swarm_with_a_database_in_use()
    {
        Nightly.SkipUnlessAsked();
        var before = lab.Hosts.Select(host => host.Engine).ToList();
        await lab.ResetAsync();
        await OfEachAsync(host => lab.OnLabAsync("host", "engine", host.Name, "20.10"));
        try
        {
            await cluster.FormAsync();
            session.Run("$n | Step-SwarmPromotion -SkipReachabilityTest", ("n", cluster.Nodes)).ThrowOnError();
            await writers.StartAsync();
            await OfEachAsync(host => lab.ExecAsync(host, Ticker));

            // The writer of each region is bound to it, and goes with its node: -Force accepts that.
            foreach (var version in new[] { "26.1.5", "28.5.2" })
            {
                var clock = System.Diagnostics.Stopwatch.StartNew();
                var done = (SwarmMaintenance)
                    session
                        .Run(
                            $"$n | Invoke-SwarmMaintenance -Action Engine -EngineVersion {version} -Script $s -Force -Confirm:$false -WarningAction SilentlyContinue",
                            ("n", cluster.Nodes),
                            ("s", Swap)
                        )
                        .ThrowOnError()
                        .Objects.Single();
                GaleraGround.Say(
                    $"{version} in {clock.Elapsed.TotalSeconds:0} s: {string.Join("; ", done.Steps.Select(step => $"{step.Node} {step.Detail}"))}"
                );
                Assert.Equal((3, true), (done.DoneCount, done.IsComplete));
                Assert.Equal("leadership handed over, engine " + version, done.Steps[^1].Detail);
                Assert.All(
                    await OfEachAsync(host => lab.ExecAsync(host, "docker version -f '{{.Server.Version}}'")),
                    said => Assert.StartsWith(version, said, StringComparison.Ordinal)
                );
                GaleraGround.AssertWhole(cluster.Get());
            }

            var gap = await LongestGapAsync();
            GaleraGround.Say($"longest time in which no manager accepted a change: {gap.TotalSeconds:0.0} s");
            Assert.True(gap < TimeSpan.FromSeconds(8), $"{gap}");
            var tally = await writers.StopAsync();
            GaleraGround.Say($"20.10 to 28.5: {tally}");
            Assert.Equal(0, tally.Missing);
            Assert.Equal(
                "3",
                (await ServiceSwarm.ManagerAsync(lab, "docker node ls --format '{{.ManagerStatus}}' | grep -c 'Leader\\|Reachable'")).Trim()
            );
            Assert.Equal(
                ["EngineDowngrade"],
                session
                    .Run(
                        "$n | Invoke-SwarmMaintenance -Action Engine -EngineVersion 26.1.5 -Script true -Confirm:$false",
                        ("n", cluster.Nodes)
                    )
                    .ErrorIds
            );
        }
        finally
        {
            await lab.ResetAsync();
            foreach (var (host, engine) in lab.Hosts.Zip(before))
                await lab.OnLabAsync("host", "engine", host.Name, engine);
        }
    }

    [Fact]
    public async Task A_held_package_is_upgraded_to_the_best_release_that_the_host_offers_and_held_again()
    {
        Nightly.SkipUnlessAsked();
        await lab.ResetAsync();
        var name = (await lab.OnLabAsync("host", "add", lab.Hosts[0].Region, "--engine", "20.10")).Trim().Split('\n')[^1];
        await lab.RefreshAsync();
        try
        {
            var host = lab.Hosts.Single(candidate => candidate.Name == name);
            var manager = lab.Hosts.First(candidate => candidate.Name != name);
            var nodes = session
                .Run(
                    $"$n | Initialize-Swarm -On {manager.Name} -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest",
                    ("n", session.Nodes(lab))
                )
                .ThrowOnError()
                .Nodes;
            Outcome Upgrade(string more = "") =>
                session.Run($"$n | Invoke-SwarmMaintenance -Action Engine -Name {name} -Confirm:$false {more}", ("n", nodes));

            Assert.Equal(["EngineVersionNotOffered"], Upgrade("-EngineVersion 28.5.2").Errors.Select(Cause));
            Assert.Equal("active", (await lab.ExecAsync(manager, $"docker node inspect -f '{{{{.Spec.Availability}}}}' {name}")).Trim());
            await lab.ExecAsync(host, PackageRepository);
            var done = (SwarmMaintenance)Upgrade("-Restart").ThrowOnError().Objects.Single();

            Assert.Equal(("28.5.2", "engine 28.5.2"), (done.EngineVersion, done.Steps.Single().Detail));
            Assert.StartsWith("28.5.2", await lab.ExecAsync(host, "docker version -f '{{.Server.Version}}'"), StringComparison.Ordinal);
            Assert.Contains("docker.io", await lab.ExecAsync(host, "apt-mark showhold"), StringComparison.Ordinal);
            Assert.Equal("already at 28.5.2", ((SwarmMaintenance)Upgrade().ThrowOnError().Objects.Single()).Steps.Single().Detail);
        }
        finally
        {
            await lab.OnLabAsync("host", "remove", name);
            await lab.RefreshAsync();
            await lab.ResetAsync();
        }
    }

    /// <summary>A package source with an engine of another Debian, in a package as Debian names it.</summary>
    private const string PackageRepository = """
        set -e
        folder=/srv/packages; build=/srv/build
        mkdir -p $folder $build/DEBIAN
        cp -a /opt/engines/28.5/root/usr $build/
        # The socket's unit is that of the package which is replaced.
        cp -a "$(systemctl show -p FragmentPath --value docker.socket)" $build/usr/lib/systemd/system/
        printf 'Package: docker.io\nVersion: 28.5.2+dfsg4-1\nArchitecture: amd64\nMaintainer: lab <lab@example.org>\nReplaces: containerd, runc\nDescription: engine\n' >$build/DEBIAN/control
        printf '#!/bin/sh\nsystemctl daemon-reload\nsystemctl restart docker\n' >$build/DEBIAN/postinst
        chmod 755 $build/DEBIAN/postinst
        dpkg-deb -b $build $folder/docker.io.deb >/dev/null
        { cat $build/DEBIAN/control; printf 'Filename: ./docker.io.deb\nSize: %s\nSHA256: %s\n' "$(stat -c %s $folder/docker.io.deb)" "$(sha256sum $folder/docker.io.deb | cut -d ' ' -f 1)"; } >$folder/Packages
        echo "deb [trusted=yes] file:$folder ./" >/etc/apt/sources.list.d/packages.list
        apt-get -q update >/dev/null
        apt-mark hold docker.io >/dev/null
        """;

    private static string Cause(System.Management.Automation.ErrorRecord error) =>
        error.Exception.InnerException is SwarmOpsException cause ? cause.ErrorId : error.FullyQualifiedErrorId;

    private Task<string[]> OfEachAsync(Func<LabHost, Task<string>> work) => Task.WhenAll(lab.Hosts.Select(work));

    /// <summary>The longest time between two changes that any manager accepted.</summary>
    private async Task<TimeSpan> LongestGapAsync()
    {
        var ticks = (await OfEachAsync(host => lab.ExecAsync(host, "kill -- -$(cat /run/ticker); cat /srv/ticks")))
            .SelectMany(said => said.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => long.Parse(line, CultureInfo.InvariantCulture))
            .Order()
            .ToList();
        Assert.True(ticks.Count > 100, $"{ticks.Count} changes");
        return TimeSpan.FromMilliseconds(ticks.Zip(ticks.Skip(1), (one, next) => next - one).Max());
    }
}
