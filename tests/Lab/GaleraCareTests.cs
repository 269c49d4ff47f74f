using System.Diagnostics;
using System.Globalization;

namespace SwarmOps.Tests.Lab;

/// <summary>A Galera cluster restarted, killed, split and repaired, with clients in each region that write all the time. All cases with SWARMOPS_GALERA=all.</summary>
public sealed class GaleraCareTests : IDisposable
{
    private static readonly bool AtAll = Environment.GetEnvironmentVariable("SWARMOPS_GALERA") == "all";

    private readonly LabFixture lab;
    private readonly Session session = new();
    private readonly GaleraSwarm cluster;
    private readonly GaleraWriters writers;
    private string? history;

    public GaleraCareTests(LabFixture lab)
    {
        this.lab = lab;
        cluster = new GaleraSwarm(lab, session);
        writers = new GaleraWriters(lab, session, cluster);
    }

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_rolling_restart_under_writes_loses_nothing()
    {
        await BeginAsync();
        var clock = Stopwatch.StartNew();

        var outcome = session
            .Run("$n | Step-GaleraRestart -Last eu-central-1 -MariaDbOption @{ 'max-connections' = '140' } -Verbose", ("n", cluster.Nodes))
            .ThrowOnError();
        var again = session
            .Run("$n | Step-GaleraRestart -Last eu-central-1 -MariaDbOption @{ 'max-connections' = '140' } -Verbose", ("n", cluster.Nodes))
            .ThrowOnError();

        await ProveAsync((GaleraCluster)outcome.Objects.Single(), "rolling restart", clock.Elapsed);
        Assert.Equal(
            ["us-east-1", "us-west-1", "eu-central-1"],
            outcome.Verbose.Where(line => line.Contains("is Synced again", StringComparison.Ordinal)).Select(line => line.Split('\'')[1])
        );
        Assert.DoesNotContain(again.Verbose, line => line.Contains("is Synced again", StringComparison.Ordinal));
        Assert.All(
            await Task.WhenAll(lab.Hosts.Select(host => cluster.SqlAsync(host, "SELECT @@max_connections"))),
            value => Assert.Equal("140", value.Trim())
        );
    }

    [Fact]
    public async Task An_option_that_no_server_knows_stops_at_the_first_node_and_a_better_one_mends_it()
    {
        await BeginAsync();
        var clock = Stopwatch.StartNew();

        var bad = session.Run("$n | Step-GaleraRestart -MariaDbOption @{ 'no-server-has-this' = '1' }", ("n", cluster.Nodes));
        var same = session.Run("$n | Step-GaleraRestart", ("n", cluster.Nodes));
        var good = session
            .Run("$n | Step-GaleraRestart -MariaDbOption @{ 'no-server-has-this' = $null }", ("n", cluster.Nodes))
            .ThrowOnError();

        Assert.Equal(("GaleraRestartStopped", "GaleraNotWhole"), (Assert.Single(bad.ErrorIds), Assert.Single(same.ErrorIds)));
        Assert.Contains("no-server-has-this", bad.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Not restarted: ", bad.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("it gets the change first", Assert.Single(good.Warnings), StringComparison.Ordinal);
        await ProveAsync((GaleraCluster)good.Objects.Single(), "an option that no server knows, taken back", clock.Elapsed);
    }

    [Fact]
    public async Task All_killed_at_once_and_all_stopped_in_order_come_back_with_everything()
    {
        await BeginAsync();
        var clock = Stopwatch.StartNew();
        await cluster.KillAllAsync();
        var killed = session.Run("$n | Repair-GaleraCluster -Verbose", ("n", cluster.Nodes)).ThrowOnError();
        await ProveAsync((GaleraCluster)killed.Objects.Single(), "kill -9 of all", clock.Elapsed);

        await writers.StartAsync();
        await cluster.ScaleAsync(0);
        await cluster.GoneAsync();
        await cluster.ScaleAsync(1);
        clock.Restart();
        var plan = session.Run("$n | Repair-GaleraCluster -WhatIf -Verbose", ("n", cluster.Nodes)).ThrowOnError();
        var stopped = session.Run("$n | Repair-GaleraCluster -Verbose", ("n", cluster.Nodes)).ThrowOnError();

        Assert.Empty(plan.Objects);
        Assert.Contains(
            plan.Verbose,
            line =>
                line.StartsWith("Bootstrap from ", StringComparison.Ordinal)
                && lab.Hosts.All(host => line.Contains($"{host.Name}: ", StringComparison.Ordinal))
        );
        await ProveAsync((GaleraCluster)stopped.Objects.Single(), "graceful stop of all", clock.Elapsed);
    }

    [Fact]
    public async Task A_split_by_naive_bootstrap_is_seen_and_repaired_without_deleting_anything()
    {
        await BeginAsync();
        var tally = await writers.StopAsync();
        var kept = cluster.Get().Uuid!;
        await SplitByHandAsync();

        var split = cluster.Get();
        var refused = session.Run("$n | Repair-GaleraCluster", ("n", cluster.Nodes));
        var formed = session.Run(
            "$n | New-EncryptedOverlay -Name internal -Unencrypted | New-GaleraService -Image lab/mariadb:10.11 -NoResolveImage",
            ("n", cluster.Nodes)
        );
        var clock = Stopwatch.StartNew();
        var repaired = session.Run("$n | Repair-GaleraCluster -Uuid $u -Verbose", ("n", cluster.Nodes), ("u", kept)).ThrowOnError();

        Assert.Equal(GaleraStatus.Split, split.Status);
        Assert.Equal(3, split.GaleraNodes.Select(node => node.Uuid).Distinct().Count());
        Assert.All(
            split.GaleraNodes,
            node => Assert.Equal(("Primary", 1, 3), (node.ClusterStatus, node.ClusterSize, node.DnsAnswers.Count))
        );
        Assert.Contains(split.Findings, finding => finding.StartsWith("split: ", StringComparison.Ordinal));
        Assert.Equal("GaleraHistoriesDiffer", Assert.Single(refused.ErrorIds));
        Assert.Equal("GaleraSplit", Assert.Single(formed.ErrorIds));
        Assert.Equal(kept, ((GaleraCluster)repaired.Objects.Single()).Uuid);
        Assert.All(
            await Task.WhenAll(lab.Hosts.Skip(1).Select(host => lab.ExecAsync(host, $"ls {GaleraSwarm.Data}.aside-*/ibdata1"))),
            path => Assert.NotEqual("", path.Trim())
        );
        Assert.Equal(0, tally.Missing);
        await ProveAsync((GaleraCluster)repaired.Objects.Single(), "split by hand", clock.Elapsed, tally);
    }

    [Fact]
    public async Task Nodes_that_die_one_after_the_other_come_back_with_everything()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        await BeginAsync();
        foreach (var host in lab.Hosts.Reverse())
        {
            await lab.OnLabAsync("host", "stop", host.Name, "--hard");
            await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        }

        var clock = Stopwatch.StartNew();
        await Task.WhenAll(lab.Hosts.Select(host => lab.OnLabAsync("host", "start", host.Name)));
        await UpAsync();
        Say(string.Create(CultureInfo.InvariantCulture, $"hosts and engines are up after {clock.Elapsed.TotalSeconds:0.0} s"));
        var repaired = session.Run("$n | Repair-GaleraCluster -Verbose", ("n", cluster.Nodes)).ThrowOnError();

        await ProveAsync((GaleraCluster)repaired.Objects.Single(), "hosts stopped one after the other", clock.Elapsed);
    }

    [Fact]
    public async Task Each_host_can_be_rebooted_in_turn()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        await BeginAsync();
        foreach (var host in lab.Hosts.Reverse())
        {
            var clock = Stopwatch.StartNew();
            await lab.OnLabAsync("host", "reboot", host.Name, "--hard", "--wait");
            await UpAsync();
            await cluster.HealthyAsync(TimeSpan.FromMinutes(4));
            Say($"reboot of {host.Name}: Healthy after {clock.Elapsed.TotalSeconds:0.0} s");
        }

        await ProveAsync(cluster.Get(), "reboot of each host", TimeSpan.Zero);
    }

    [Fact]
    public async Task A_region_that_is_cut_off_for_a_minute_comes_back_by_itself()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        await BeginAsync();
        await lab.OnLabAsync("fault", "cut", "us-west-1", "--keep-admin");
        await Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var during = cluster.Get();
        await Task.Delay(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken);
        await lab.OnLabAsync("fault", "heal");
        var clock = Stopwatch.StartNew();

        var healed = await cluster.HealthyAsync(TimeSpan.FromMinutes(4));

        Assert.Equal(GaleraStatus.Degraded, during.Status);
        Assert.Contains(during.Findings, finding => finding.Contains("us-west-1", StringComparison.Ordinal));
        await ProveAsync(healed, "region cut for 60 s", clock.Elapsed);
    }

    [Fact]
    public async Task A_wiped_disk_is_filled_again_from_the_others()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        await BeginAsync();
        var host = lab.Hosts[2];
        var clock = Stopwatch.StartNew();
        await lab.ExecAsync(host, $"pkill -9 mariadbd; find {GaleraSwarm.Data} -mindepth 1 -delete 2>/dev/null; true");

        var repaired = session.Run("$n | Repair-GaleraCluster -Verbose", ("n", cluster.Nodes)).ThrowOnError();

        await ProveAsync((GaleraCluster)repaired.Objects.Single(), "wiped disk", clock.Elapsed);
    }

    [Fact]
    public async Task Without_a_node_that_is_lost_the_others_go_on_by_force_as_a_new_history_and_its_data_is_moved_aside_when_it_is_back()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        await BeginAsync();
        var tally = await writers.StopAsync();
        var lost = lab.Hosts[2];
        await cluster.ScaleAsync(0);
        await cluster.GoneAsync();
        await lab.OnLabAsync("host", "stop", lost.Name, "--hard");
        await cluster.ScaleAsync(1);

        var refused = session.Run("$n | Repair-GaleraCluster -ConnectionTimeoutSeconds 5", ("n", cluster.Nodes));
        var clock = Stopwatch.StartNew();
        var forced = session.Run(
            "$n | Repair-GaleraCluster -Force -ConnectionTimeoutSeconds 5 -WarningVariable w -Verbose; $w",
            ("n", cluster.Nodes)
        );
        Say($"without a lost node: {clock.Elapsed.TotalSeconds:0.0} s; {string.Join(", ", forced.ErrorIds)}");
        var values = await Task.WhenAll(
            lab.Hosts.Take(2)
                .Select(host =>
                    cluster.SqlAsync(
                        host,
                        "SHOW STATUS WHERE Variable_name IN ('wsrep_cluster_size', 'wsrep_cluster_status', 'wsrep_local_state_comment', 'wsrep_cluster_state_uuid')"
                    )
                )
        );
        await lab.OnLabAsync("host", "start", lost.Name);
        await UpAsync();
        // Its numbers stand for other writes than those of the others by now: it must not join by itself.
        var (left, patience) = (history, Stopwatch.StartNew());
        GaleraCluster seen;
        while (
            (seen = cluster.Get()).GaleraNodes.All(node => node.Node != lost.Name || node.State != "Waiting")
            && patience.Elapsed < TimeSpan.FromMinutes(2)
        )
            await Task.Delay(1000, TestContext.Current.CancellationToken);
        var taken = session.Run("$n | Repair-GaleraCluster -Verbose -WarningAction SilentlyContinue", ("n", cluster.Nodes)).ThrowOnError();
        history = seen.Uuid;

        Assert.Equal(
            ("Waiting", left),
            seen.GaleraNodes.Where(node => node.Node == lost.Name).Select(node => (node.State, node.Uuid)).Single()
        );
        Assert.NotEqual(left, history);
        Assert.NotEqual("", (await lab.ExecAsync(lost, $"ls {GaleraSwarm.Data}.aside-*/ibdata1")).Trim());
        // Nobody hears of the host: it may run. By force the others go on without it, and it is still named.
        Assert.Equal(["GaleraStatusUnknown"], refused.ErrorIds);
        Assert.Equal(["GaleraStatusUnknown"], forced.ErrorIds);
        Assert.All(
            values,
            value =>
                Assert.Equal(
                    new[] { "2", "Primary", "Synced", history! }.Order(StringComparer.Ordinal),
                    value.Trim().Split('\n').Select(line => line.Split('\t')[1].Trim()).Order(StringComparer.Ordinal)
                )
        );
        await ProveAsync(taken.Objects.OfType<GaleraCluster>().Single(), "a lost node back", clock.Elapsed, tally);
    }

    private async Task BeginAsync()
    {
        await cluster.FormAsync();
        history = (await cluster.HealthyAsync(TimeSpan.FromSeconds(60))).Uuid;
        await writers.StartAsync();
    }

    private static void Say(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("SWARMOPS_GALERA_FIGURES") is { Length: > 0 } file)
            File.AppendAllText(file, line + Environment.NewLine);
    }

    /// <summary>One history, all nodes, and every acknowledged write on each of them.</summary>
    private async Task ProveAsync(GaleraCluster emitted, string what, TimeSpan took, WriteTally? counted = null)
    {
        var tally = counted ?? await writers.StopAsync();
        var seen = await cluster.HealthyAsync(TimeSpan.FromSeconds(60));
        Say(string.Create(CultureInfo.InvariantCulture, $"{what}: whole after {took.TotalSeconds:0.0} s; {tally}"));

        Assert.Equal((GaleraStatus.Healthy, 3, 3), (emitted.Status, emitted.Size, emitted.ExpectedSize));
        Assert.NotNull(history);
        Assert.Equal((history, history, 3), (emitted.Uuid, seen.Uuid, seen.Size));
        Assert.Single(seen.GaleraNodes.Select(node => node.Uuid).Distinct());
        Assert.DoesNotContain(seen.GaleraNodes, node => node.HasBootstrapMarker);
        Assert.True(tally.Acknowledged > 20, tally.ToString());
        Assert.Equal((0, tally.Acknowledged), (tally.Missing, tally.Present));
    }

    /// <summary>What a recipe does that founds a cluster wherever no peer answers: three clusters, each healthy, DNS complete.</summary>
    private async Task SplitByHandAsync()
    {
        await cluster.ScaleAsync(0);
        await cluster.GoneAsync();
        foreach (var host in lab.Hosts)
        {
            await lab.OnLabAsync("fault", "drop", host.Name, "4789/udp");
            await lab.ExecAsync(
                host,
                $"{(host == lab.Hosts[0] ? "" : $"find {GaleraSwarm.Data} -mindepth 1 -delete; ")}touch {GaleraSwarm.Data}/.swarmops-bootstrap"
            );
        }

        await cluster.ScaleAsync(1);
        await cluster.OnAllAsync(
            $"for try in $(seq 60); do [ -e {GaleraSwarm.Data}/.swarmops-bootstrap ] || exit 0; sleep 1; done; exit 1"
        );
        await lab.OnLabAsync("fault", "heal");
        var clock = Stopwatch.StartNew();
        while (cluster.Get().GaleraNodes.Any(node => node.State != "Synced") && clock.Elapsed < TimeSpan.FromMinutes(1))
            await Task.Delay(1000, TestContext.Current.CancellationToken);
    }

    /// <summary>Hosts and engines serve again.</summary>
    private async Task UpAsync()
    {
        await cluster.OnAllAsync(
            "for try in $(seq 120); do docker node ls >/dev/null 2>&1 && exit 0; docker info -f '{{.Swarm.ControlAvailable}}' 2>/dev/null | grep -q false && exit 0; sleep 1; done; exit 1"
        );
        await lab.RefreshAsync();
    }
}
