using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using static SwarmOps.Tests.Lab.MonitoringGround;

namespace SwarmOps.Tests.Lab;

/// <summary>Each alert is provoked by the fault that it is for, reaches the webhook of the real Alertmanager, and is resolved when the fault has ended; in health there is none.</summary>
public sealed class MonitoringFaultTests(LabFixture lab) : IDisposable
{
    private const string Eu = "eu-central-1",
        East = "us-east-1",
        West = "us-west-1";

    /// <summary>Where the small disk of the test is mounted.</summary>
    private const string Small = "/srv/small";

    /// <summary>The image of blackbox-exporter that trusts the certificates of the test.</summary>
    private const string Trusting = "lab/blackbox-exporter:trusting";

    /// <summary>Alertmanager tells of changes in a group of alerts once a minute (group_interval).</summary>
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(120);

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_region_a_disk_and_a_name_server_that_fail_are_told_and_their_recovery_too()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAllAsync();
        try
        {
            await ground.PushAsync("-SkipPacketTest");
            await ground.SeenAsync(seen => seen.Alerts.All(alert => alert.State != SwarmAlertState.Firing), TimeSpan.FromSeconds(60));

            // One of three managers is gone, with its edge, its copy of the folder and all else there.
            await lab.OnLabAsync("fault", "cut", West, "--keep-admin");
            await ground.ToldAsync("SwarmNoQuorumMargin", "firing", Told);
            await ground.ToldAsync("SwarmManagerSilent", "firing", Told);
            await ground.ToldAsync("SwarmNodeMissing", "firing", Told);
            await ground.ToldAsync("SwarmEdgeUnreachable", "firing", Told);
            await ground.ToldAsync("SwarmUrlUnreachable", "firing", Told);
            // From each region that is not cut off itself.
            var seen = await ground.SeenAsync(
                now => From(now, "SwarmEdgeUnreachable") == $"{Eu} {East}" && From(now, "SwarmUrlUnreachable") == $"{Eu} {East}",
                TimeSpan.FromSeconds(30)
            );
            Assert.All(
                seen.Alerts.Where(alert => alert.Name == "SwarmEdgeUnreachable"),
                alert => Assert.Equal((West, "critical"), (alert.Labels["region"], alert.Severity))
            );
            await FillAsync(ground.Host(East), leave: 0.06);
            await ground.ToldAsync("SwarmDiskAlmostFull", "firing", Told);
            Assert.DoesNotContain("\"alertname\":\"SwarmDiskFull\"", await ground.ToldAsync(), StringComparison.Ordinal);
            await FillAsync(ground.Host(East), leave: 0.01);
            await ground.ToldAsync("SwarmDiskFull", "firing", Told);
            await PushUntilAsync(ground, "SwarmFolderBehind", "firing");

            // All that ends, and a name server does.
            await lab.OnLabAsync("fault", "heal");
            await lab.ExecAsync(ground.Host(East), $"rm {Small}/*.fill");
            var server = ((SwarmGeoDns)ground.Run($"$n | Get-SwarmGeoDns -Zone {GeoDnsGround.Zone} -SkipDelegation").Objects.Single())
                .Servers.Single(server => server.Region == East)
                .Service;
            await ServiceSwarm.ManagerAsync(lab, $"docker service update -dq --constraint-add node.labels.region==nowhere {server}");
            await PushUntilAsync(ground, "SwarmNameServerSilent", "firing");
            await PushUntilAsync(ground, "SwarmFolderBehind", "resolved");
            foreach (
                var alert in new[]
                {
                    "SwarmNoQuorumMargin",
                    "SwarmManagerSilent",
                    "SwarmNodeMissing",
                    "SwarmEdgeUnreachable",
                    "SwarmUrlUnreachable",
                    "SwarmDiskAlmostFull",
                    "SwarmDiskFull",
                }
            )
                await ground.ToldAsync(alert, "resolved", Told);

            await ServiceSwarm.ManagerAsync(lab, $"docker service update -dq --constraint-rm node.labels.region==nowhere {server}");
            await PushUntilAsync(ground, "SwarmNameServerSilent", "resolved");
            await ground.SeenAsync(now => now.Alerts.All(alert => alert.State != SwarmAlertState.Firing), TimeSpan.FromSeconds(60));
        }
        finally
        {
            // The further managers are nothing for other tests.
            await lab.ResetAsync();
            await OnAllAsync($"umount {Small} 2>/dev/null; rm -rf {Small} {Small}.img /srv/folder /srv/geodns /var/lib/swarmops; true");
        }
    }

    [Fact]
    public async Task Certificates_of_nodes_and_of_a_site_that_expire_are_told_and_their_renewal_too()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        await TrustAsync(ground);
        try
        {
            await ServeAsync(ground.Host(Eu), "long");
            var create = Create($"-Url https://{ground.Host(Eu).PublicAddress}:8443/");
            ground.Run(create.Replace("lab/blackbox-exporter:0.23", Trusting, StringComparison.Ordinal));
            await ground.PushAsync("-SkipPacketTest");
            await ground.SeenAsync(seen => seen.Alerts.All(alert => alert.State != SwarmAlertState.Firing), TimeSpan.FromSeconds(60));

            // An hour is the shortest that an engine gives; the rule was made while it gave three months.
            await ServiceSwarm.ManagerAsync(lab, "docker swarm ca --rotate -q --cert-expiry 1h >/dev/null");
            await ServeAsync(ground.Host(Eu), "short");
            await PushUntilAsync(ground, "SwarmCertificateExpires", "firing");
            await ground.ToldAsync("SwarmUrlCertificateExpires", "firing", Told);
            var seen = await ground.SeenAsync(
                now => now.Alerts.Count(alert => alert is { Name: "SwarmCertificateExpires", State: SwarmAlertState.Firing }) == 3,
                TimeSpan.FromSeconds(30)
            );
            Assert.Equal(
                lab.Hosts.Select(host => host.Name).Order(),
                seen.Alerts.Where(alert => alert.Name == "SwarmCertificateExpires").Select(alert => alert.Labels["node"]).Order()
            );

            await ServiceSwarm.ManagerAsync(lab, "docker swarm ca --rotate -q --cert-expiry 2160h0m0s >/dev/null");
            await ServeAsync(ground.Host(Eu), "long");
            await PushUntilAsync(ground, "SwarmCertificateExpires", "resolved");
            await ground.ToldAsync("SwarmUrlCertificateExpires", "resolved", Told);
        }
        finally
        {
            await ServiceSwarm.ManagerAsync(lab, "docker swarm update --cert-expiry 2160h0m0s >/dev/null");
            await OnAllAsync(
                $"systemctl stop site 2>/dev/null; docker service rm monitoring-blackbox-eu-central-1 monitoring-blackbox-us-east-1 monitoring-blackbox-us-west-1 >/dev/null 2>&1; docker rmi -f {Trusting} >/dev/null 2>&1; rm -rf /srv/site; true"
            );
        }
    }

    /// <summary>
    /// CLOCK_REALTIME has no namespace (time_namespaces(7)), so all hosts of a lab have one clock, which is that of the machine and of everything that runs on it: node-exporter reports, besides
    /// the true time, one that is wrong. An engine takes no authority that is valid for less than a year ("CA certificate expires too soon", swarmkit) and makes one for twenty: a file of metrics says
    /// that it ends soon.
    /// </summary>
    [Fact]
    public async Task A_clock_that_is_off_and_a_root_certificate_are_told_here_by_their_metrics_alone_since_a_lab_can_make_neither()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        ground.Make();

        await ground.PutAsync(
            ground.Host(East),
            "swarm",
            string.Create(
                CultureInfo.InvariantCulture,
                $"swarmops_pass_timestamp_seconds {DateTimeOffset.UtcNow.ToUnixTimeSeconds()}\nswarmops_root_certificate_expiry_timestamp_seconds {DateTimeOffset.UtcNow.AddDays(20).ToUnixTimeSeconds()}\n"
            )
        );
        await ground.ToldAsync("SwarmRootCertificateExpires", "firing", Told);
        await lab.ExecAsync(ground.Host(East), "rm /var/lib/swarmops/metrics/swarm.prom");

        var wrong = DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        await ground.PutAsync(
            ground.Host(West),
            "clock",
            $"# HELP node_time_seconds System time in seconds since epoch (1970).\n# TYPE node_time_seconds gauge\nnode_time_seconds{{clock=\"wrong\"}} {wrong}\n"
        );
        await ground.ToldAsync("SwarmClockOff", "firing", Told);
        Assert.Equal(
            ground.Host(West).Name,
            Assert.Single(ground.Get().Alerts, alert => alert is { Name: "SwarmClockOff", State: SwarmAlertState.Firing }).Labels["node"]
        );

        await lab.ExecAsync(ground.Host(West), "rm /var/lib/swarmops/metrics/clock.prom");
        await ground.ToldAsync("SwarmClockOff", "resolved", Told);
        await ground.ToldAsync("SwarmRootCertificateExpires", "resolved", Told);
    }

    [Fact]
    public async Task Ten_minutes_of_health_raise_no_alert_and_the_monitoring_costs_little()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        // As users have it: what fires within seconds of a hiccup is another setting.
        var made = ground.Make(pace: "");
        Assert.True(made.Status == MonitoringStatus.Healthy, string.Join('\n', made.Findings));
        await ground.PushAsync();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromMinutes(8))
        {
            Assert.DoesNotContain(ground.Get().Alerts, alert => alert.State == SwarmAlertState.Firing);
            await Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }

        // Nobody looks while it is measured.
        var before = await Task.WhenAll(lab.Hosts.Select(ContainerCost.OfAsync));
        var measured = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        var after = await Task.WhenAll(lab.Hosts.Select(ContainerCost.OfAsync));
        var seconds = measured.Elapsed.TotalSeconds;

        Assert.DoesNotContain("\"firing\"", await ground.ToldAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(ground.Get().Alerts, alert => alert.State == SwarmAlertState.Firing);
        foreach (var (host, first, last) in lab.Hosts.Zip(before, after))
        {
            var costs = last.Join(first, cost => cost.Id, cost => cost.Id, (now, then) => now.Since(then, seconds)).ToList();
            Assert.Equal(first.Count, costs.Count);
            Assert.NotEmpty(costs);
            foreach (var (service, memory, share) in costs.OrderBy(cost => cost.Service, StringComparer.Ordinal))
                Say(string.Create(CultureInfo.InvariantCulture, $"{host.Name} {service} {memory:0} MiB {share:0.00} %"));
            var (total, processor) = (costs.Sum(cost => cost.MebiBytes), costs.Sum(cost => cost.ProcessorPercent));
            Say(string.Create(CultureInfo.InvariantCulture, $"{host.Name} in all {total:0} MiB {processor:0.00} %"));
            Assert.InRange(total, 1, 512);
            Assert.InRange(processor, 0.01, 15);
        }
    }

    /// <summary>The regions in which an alert fires.</summary>
    private static string From(SwarmMonitoring seen, string alert) =>
        string.Join(
            ' ',
            seen.Alerts.Where(found => found.Name == alert && found.State == SwarmAlertState.Firing)
                .Select(found => found.Labels["from"])
                .Order(StringComparer.Ordinal)
        );

    /// <summary>Three managers, and one of each thing that an alert is about.</summary>
    private async Task<MonitoringGround> FormAllAsync()
    {
        var folders = new FolderGround(lab, session);
        await folders.FormAsync();
        await GeoDnsGround.FormAsync(lab, session);
        var ground = await FormAsync(lab, session);
        ground.Run("$n | Step-SwarmPromotion -ManagerCount 3");
        folders.Make();
        await lab.ExecAsync(ground.Host(Eu), $"echo x >{FolderGround.Data}/x");
        ground.Run(new GeoDnsGround(lab, session, ground.Nodes).Create());
        await MountAsync(ground.Host(East));
        var made = ground.Make($"-Url http://{ground.Host(West).PublicAddress}:8085/");
        Assert.True(made.Status == MonitoringStatus.Healthy, string.Join('\n', made.Findings));
        return ground;
    }

    /// <summary>
    /// A small disk, made here since the hosts have no program for that, and mounted before node-exporter starts: an engine gives a container that mounts / later mounts only where / is shared, as
    /// on a real host with systemd, and not in the lab.
    /// </summary>
    private async Task MountAsync(LabHost host)
    {
        var disk = await Shell.RunAsync(
            "sh",
            "-c",
            "f=$(mktemp) && truncate -s 16M $f && mkfs.ext4 -q -m 0 -O ^has_journal $f && gzip -c $f | base64 -w 0 && rm $f"
        );
        Assert.True(disk.ExitCode == 0, disk.Error);
        await lab.ExecAsync(
            host,
            $"""
            set -e
            for number in $(seq 0 63); do [ -e /dev/loop$number ] || mknod /dev/loop$number b 7 $number; done
            [ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
            mkdir -p {Small}
            echo {disk.Output.Trim()} | base64 -d | gzip -d >{Small}.img
            mount -o loop {Small}.img {Small}
            """
        );
    }

    /// <summary>Two certificates of a site in the first region, and on every node an image of blackbox-exporter that trusts both, as it would trust those of a public authority.</summary>
    private async Task TrustAsync(MonitoringGround ground)
    {
        var bundle = "";
        foreach (var (name, days) in new[] { ("long", 90), ("short", 5) })
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Parse(ground.Host(Eu).PublicAddress));
            request.CertificateExtensions.Add(names.Build());
            using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(days));
            bundle += made.ExportCertificatePem() + "\n";
            await lab.ExecAsync(
                ground.Host(Eu),
                $"mkdir -p /srv/site; printf '%s\n' '{made.ExportCertificatePem()}' '{key.ExportECPrivateKeyPem()}' >/srv/site/{name}.pem"
            );
        }

        await OnAllAsync(
            $"""
            set -e
            mkdir -p /srv/site/root/etc/ssl/certs
            printf '%s' '{bundle}' >/srv/site/root/etc/ssl/certs/ca-certificates.crt
            container=$(docker create lab/blackbox-exporter:0.23)
            tar -C /srv/site/root -c etc | docker cp - $container:/
            docker commit $container {Trusting} >/dev/null
            docker rm $container >/dev/null
            """
        );
    }

    /// <summary>A site with one of the certificates.</summary>
    private Task<string> ServeAsync(LabHost host, string certificate) =>
        lab.ExecAsync(
            host,
            $"systemctl stop site 2>/dev/null; systemd-run -q --unit=site openssl s_server -accept 8443 -www -quiet -cert /srv/site/{certificate}.pem"
        );

    /// <summary>Writes a figure to the output, and to the file that SWARMOPS_MONITORING_FIGURES names.</summary>
    private static void Say(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("SWARMOPS_MONITORING_FIGURES") is { Length: > 0 } file)
            File.AppendAllText(file, line + Environment.NewLine);
    }

    /// <summary>Fills the small disk up to a share of its size.</summary>
    private Task<string> FillAsync(LabHost host, double leave) =>
        lab.ExecAsync(
            host,
            $"""
            set -e
            free=$(stat -f -c '%a * %S' {Small}) size=$(stat -f -c '%b * %S' {Small})
            fallocate -l $(( ($free) - ($size) / 1000 * {leave * 1000:0} )) {Small}/$(date +%s%N).fill
            """
        );

    private Task<string[]> OnAllAsync(string script) => new FolderGround(lab, session).OnAllAsync(script);

    /// <summary>Looks again and again, as a timer does, until the webhook was told.</summary>
    private static async Task PushUntilAsync(MonitoringGround ground, string alert, string status)
    {
        for (var clock = Stopwatch.StartNew(); ; )
        {
            await ground.PushAsync("-SkipPacketTest");
            try
            {
                await ground.ToldAsync(alert, status, TimeSpan.FromSeconds(20));
                return;
            }
            catch (TimeoutException) when (clock.Elapsed < TimeSpan.FromMinutes(5)) { }
        }
    }
}
