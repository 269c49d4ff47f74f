using static SwarmOps.Tests.Lab.LabRegions;
using static SwarmOps.Tests.Lab.MonitoringGround;

namespace SwarmOps.Tests.Lab;

/// <summary>Prometheus and Alertmanager in two regions, whose alerts reach a webhook.</summary>
public sealed class MonitoringTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_fault_reaches_the_webhook_and_a_second_run_changes_nothing()
    {
        var ground = await FormAsync(lab, session);

        var plan = ground.Run(Create("-WhatIf"));
        Assert.Empty(plan.Objects);
        Assert.Equal(
            "",
            (await ServiceSwarm.ManagerAsync(lab, "docker config ls -q; docker secret ls -q; docker service ls -qf name=monitoring")).Trim()
        );
        var made = ground.Make();

        Assert.True(made.Status == MonitoringStatus.Healthy, string.Join('\n', made.Findings));
        Assert.Equal([Eu, East], made.Servers.Select(server => server.Region));
        Assert.All(
            made.Servers,
            server =>
                Assert.Equal(
                    (true, server.TargetCount, 2, null),
                    (server.IsReady, server.UpTargetCount, server.AlertmanagerCount, server.Error)
                )
        );
        Assert.All(made.Targets, target => Assert.Equal((2, 0), (target.UpFrom.Count, target.DownFrom.Count)));
        Assert.Equal(3, made.Targets.Count(target => target.Job == "node"));
        Assert.Equal(9, made.Targets.Count(target => target.Job == "edge"));
        Assert.Equal(
            lab.Hosts.Select(host => host.Name).Order(),
            made.Targets.Where(target => target.Job == "node").Select(target => target.Node).Order()
        );
        await ground.SeenAsync(seen => seen.Alerts.Count == 0, TimeSpan.FromSeconds(25));
        // Nothing listens on the hosts' own addresses.
        Assert.Equal(
            "",
            (await lab.ExecAsync(ground.Host(Eu), "ss -Hltn '( sport = :9090 or sport = :9093 or sport = :9100 or sport = :9115 )'")).Trim()
        );
        var state = await StateAsync();
        Assert.Equal(MonitoringStatus.Healthy, ground.Make().Status);
        Assert.Equal(state, await StateAsync());
        Assert.Contains(
            "SUCCESS",
            await ground.InsideAsync(ground.Host(Eu), "monitoring-prometheus-1", "promtool check config /etc/prometheus/prometheus.yml")
        );
        Assert.Contains(
            "SUCCESS",
            await ground.InsideAsync(ground.Host(Eu), "monitoring-alertmanager-1", "amtool check-config /run/secrets/alertmanager.yml")
        );

        // The edge of a region hangs: its port is open, and it answers nothing.
        await lab.ExecAsync(ground.Host(West), "docker pause $(docker ps -qf name=web-) >/dev/null");
        var told = await ground.ToldAsync("SwarmEdgeUnreachable", "firing", TimeSpan.FromSeconds(30));
        var firing = ground.Get().Alerts.Where(alert => alert.Name == "SwarmEdgeUnreachable").ToList();
        Assert.Equal([Eu, East, West], firing.Select(alert => alert.Labels["from"]).Order());
        Assert.All(
            firing,
            alert => Assert.Equal((SwarmAlertState.Firing, "critical", West), (alert.State, alert.Severity, alert.Labels["region"]))
        );
        TestContext.Current.TestOutputHelper?.WriteLine($"The webhook was told after {told.TotalSeconds:0.0} s");
        await lab.ExecAsync(ground.Host(West), "docker unpause $(docker ps -qf name=web-) >/dev/null");

        ground.Run("$n | Get-SwarmMonitoring | Remove-SwarmMonitoring -Confirm:$false");
        Assert.Equal(
            "",
            (await ServiceSwarm.ManagerAsync(lab, "docker config ls -q; docker secret ls -q; docker service ls -qf name=monitoring")).Trim()
        );
        Assert.Equal(
            "monitoring-alertmanager-1 monitoring-prometheus-1",
            (await lab.ExecAsync(ground.Host(Eu), "docker volume ls -q | grep ^monitoring- | sort | xargs")).Trim()
        );
        Assert.Equal(["MonitoringNotFound"], ground.Try("$n | Get-SwarmMonitoring -Name monitoring").ErrorIds);
    }

    [Fact]
    public async Task With_one_Prometheus_lost_the_other_one_alerts()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        ground.Make();
        try
        {
            ground.Off = ground.Host(East);
            await lab.OnLabAsync("host", "stop", ground.Host(East).Name);
            var told = await ground.ToldAsync("SwarmNodeMissing", "firing", TimeSpan.FromSeconds(90));
            TestContext.Current.TestOutputHelper?.WriteLine($"The loss of a node was told after {told.TotalSeconds:0} s");
            var seen = ground.Get();
            Assert.Equal(MonitoringStatus.Degraded, seen.Status);
            Assert.Equal([(Eu, true), (East, false)], seen.Servers.Select(server => (server.Region!, server.IsReady)));
            Assert.Contains(
                seen.Alerts,
                alert => alert.Name == "SwarmTargetMissing" && alert.SeenFrom.SequenceEqual([ground.Host(Eu).Name])
            );
        }
        finally
        {
            await lab.OnLabAsync("host", "start", ground.Host(East).Name);
            ground.Off = null;
        }

        await ground.SeenAsync(seen => seen.Status == MonitoringStatus.Healthy && seen.Alerts.Count == 0, TimeSpan.FromSeconds(120));
        await ground.ToldAsync("SwarmNodeMissing", "resolved", TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task A_database_that_is_cut_off_splits_or_slows_down_is_told()
    {
        Nightly.SkipUnlessAsked();
        await GaleraGround.LoadImageAsync(lab);
        var ground = await FormAsync(lab, session);
        await GaleraGround.WipeAsync(lab);
        ground = await FormAsync(lab, session);
        ground.Run($"$n | New-GaleraService -Name galera -Overlay watch {GaleraGround.Image} -WarningAction SilentlyContinue");
        var made = ground.Make("-Galera galera");
        Assert.Equal(3, made.Targets.Count(target => target.Job == "galera"));
        var grants = await GaleraGround.SqlAsync(lab, ground.Host(Eu), "SHOW GRANTS FOR 'swarmops-monitoring'@'%'");
        Assert.Matches("^GRANT USAGE ON \\*\\.\\* TO [^\n]*MAX_USER_CONNECTIONS 5\\s*$", grants);

        // Out of group communication, while its clients still reach it; then a Primary Component of its own.
        await Sql(West, "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'");
        await ground.ToldAsync("GaleraNotPrimary", "firing", TimeSpan.FromSeconds(60));
        await ground.ToldAsync("GaleraNodeMissing", "firing", TimeSpan.FromSeconds(60));
        await Sql(West, "SET GLOBAL wsrep_provider_options = 'pc.bootstrap=1'");
        await ground.ToldAsync("GaleraSplit", "firing", TimeSpan.FromSeconds(60));
        // The container's data is that of the cluster still: it joins as after a crash.
        await lab.ExecAsync(ground.Host(West), "docker kill $(docker ps -qf name=galera-us-west-1.1) >/dev/null");
        await ground.SeenAsync(seen => seen.Alerts.Count == 0, TimeSpan.FromSeconds(120));

        // A server that applies nothing makes all others wait.
        await lab.ExecAsync(ground.Host(West), "docker pause $(docker ps -qf name=galera-us-west-1.1) >/dev/null");
        await ground.ToldAsync("GaleraNodeSilent", "firing", TimeSpan.FromSeconds(60));
        await lab.ExecAsync(ground.Host(West), "docker unpause $(docker ps -qf name=galera-us-west-1.1) >/dev/null");
        await ground.SeenAsync(seen => seen.Alerts.Count == 0, TimeSpan.FromSeconds(120));

        ground.Run("$n | Remove-SwarmMonitoring -Name monitoring -Confirm:$false");
        Assert.Equal(
            "0",
            (await GaleraGround.SqlAsync(lab, ground.Host(Eu), "SELECT COUNT(*) FROM mysql.user WHERE User LIKE 'swarmops-%'")).Trim()
        );

        Task<string> Sql(string region, string statement) => GaleraGround.SqlAsync(lab, ground.Host(region), statement);
    }

    [Fact]
    public async Task What_only_SwarmOps_sees_is_told_too()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        ground.Make("-SwarmMetricSeconds 10");
        await ground.PushAsync();
        await ground.SeenAsync(seen => seen.Alerts.All(alert => alert.State != SwarmAlertState.Firing), TimeSpan.FromSeconds(30));

        await lab.OnLabAsync("fault", "drop", ground.Host(West).Name, "4789/udp");
        await ground.PushAsync();
        await ground.ToldAsync("SwarmOverlayPathLost", "firing", TimeSpan.FromSeconds(60));
        await lab.OnLabAsync("fault", "heal");
        ground.Run(
            "$n | New-SwarmService -Name nowhere -Image lab/busybox:latest -NoResolveImage -Constraint node.labels.region==nowhere -NoWait"
        );
        await ground.PushAsync();
        await ground.ToldAsync("SwarmTasksMissing", "firing", TimeSpan.FromSeconds(60));
        // Nobody looks any more.
        await ground.ToldAsync("SwarmMetricsOld", "firing", TimeSpan.FromSeconds(60));
    }

    /// <summary>What a run would change: versions of stored items, and tasks.</summary>
    private Task<string> StateAsync() =>
        ServiceSwarm.ManagerAsync(
            lab,
            "docker config ls -q | sort; docker secret ls -q | sort; for id in $(docker service ls -qf name=monitoring); do docker service ps -q $id | sort; done"
        );
}
