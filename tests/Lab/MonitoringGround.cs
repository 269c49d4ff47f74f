namespace SwarmOps.Tests.Lab;

/// <summary>What every test of monitoring stands on: a swarm with a plain overlay network, the edge service <c>web</c>, and a webhook that keeps what it is told.</summary>
internal sealed class MonitoringGround(LabFixture lab, Session session, IReadOnlyList<SwarmNode> nodes)
{
    /// <summary>The lab's images, which no registry knows.</summary>
    public const string Images =
        "-PrometheusImage lab/prometheus:2.42 -AlertmanagerImage lab/alertmanager:0.25 -NodeExporterImage lab/node-exporter:1.5 -BlackboxExporterImage lab/blackbox-exporter:0.23 -MysqldExporterImage lab/mysqld-exporter:0.14 -NoResolveImage";

    /// <summary>Seconds instead of minutes, so that a test need not wait.</summary>
    public const string Fast = "-ScrapeSeconds 1 -AlertSeconds 2";

    /// <summary>The webhook as Alertmanager calls it.</summary>
    public const string Hook = "-WebhookUrl http://hook/cgi-bin/hook";

    public IReadOnlyList<SwarmNode> Nodes => nodes;

    /// <summary>Forms the swarm, the network, the edge service and the webhook. The lab's kernel has no ESP.</summary>
    public static async Task<MonitoringGround> FormAsync(LabFixture lab, Session session)
    {
        await lab.OnLabAsync("fault", "heal");
        await ServiceSwarm.LoadAsync(lab, "lab/prometheus:2.42", "monitoring");
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await ServiceSwarm.WhenIdleAsync(
            lab,
            "docker volume ls -q | grep ^monitoring- | xargs -r docker volume rm >/dev/null; rm -rf /var/lib/swarmops/metrics"
        );
        var ground = new MonitoringGround(lab, session, nodes);
        ground.Run("$n | New-EncryptedOverlay -Name watch -Unencrypted -WarningAction SilentlyContinue");
        ground.Run(GeoDnsGround.Edge());
        ground.Run(
            "$n | New-SwarmService -Name hook -Image lab/busybox:latest -NoResolveImage -Network watch -EndpointMode Dnsrr -Constraint node.labels.region==eu-central-1 -StableSeconds 0 -Command sh, '-c', 'mkdir -p /www/cgi-bin && printf ''#!/bin/sh\\nprintf \"Content-Type: text/plain\\\\r\\\\n\\\\r\\\\n\"\\nhead -c \"$CONTENT_LENGTH\" >>/told\\necho >>/told\\n'' >/www/cgi-bin/hook && chmod +x /www/cgi-bin/hook && exec httpd -f -p 80 -h /www'"
        );
        return ground;
    }

    /// <summary>The command that creates the monitoring.</summary>
    public static string Create(string more = "", string pace = Fast) =>
        $"$n | New-SwarmMonitoring -Overlay watch -EdgeService web -EdgePath / {pace} {Hook} {Images} {more}";

    /// <summary>Runs a command on the swarm's nodes.</summary>
    public Outcome Run(string script) => session.Run(script, ("n", nodes)).ThrowOnError();

    /// <summary>Runs a command whose errors are looked at.</summary>
    public Outcome Try(string script) => session.Run(script, ("n", nodes));

    /// <summary>Creates the monitoring.</summary>
    public SwarmMonitoring Make(string more = "", string pace = Fast) => (SwarmMonitoring)Run(Create(more, pace)).Objects.Single();

    /// <summary>The monitoring, as the module sees it.</summary>
    public SwarmMonitoring Get() => (SwarmMonitoring)Run("$n | Get-SwarmMonitoring -Name monitoring").Objects.Single();

    /// <summary>The host of a region.</summary>
    public LabHost Host(string region) => lab.Hosts.First(host => host.Region == region);

    /// <summary>A host that has no power at this moment.</summary>
    public LabHost? Off { get; set; }

    /// <summary>What the webhook was told so far.</summary>
    public async Task<string> ToldAsync() =>
        string.Concat(
            await Task.WhenAll(
                lab.Hosts.Where(host => host != Off)
                    .Select(host =>
                        lab.ExecAsync(
                            host,
                            "id=$(docker ps -qf name=hook.1) && [ -n \"$id\" ] && docker exec $id cat /told 2>/dev/null || true"
                        )
                    )
            )
        );

    /// <summary>Waits until the webhook was told that an alert fires, or that it is resolved.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> ToldAsync(string alert, string status, TimeSpan limit)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            if (
                (await ToldAsync())
                    .Split('\n')
                    .Any(line => line.Contains($"\"status\":\"{status}\",\"labels\":{{\"alertname\":\"{alert}\"", StringComparison.Ordinal))
            )
                return System.Diagnostics.Stopwatch.GetElapsedTime(started);
            if (System.Diagnostics.Stopwatch.GetElapsedTime(started) > limit)
                throw new TimeoutException(
                    $"The webhook was not told within {limit.TotalSeconds:0} s that {alert} is {status}. Alerts: {string.Join("; ", Get().Alerts.Select(seen => $"{seen.State} {seen}"))}"
                );
            await Task.Delay(250, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until Get-SwarmMonitoring shows what is wanted.</summary>
    public async Task<SwarmMonitoring> SeenAsync(Func<SwarmMonitoring, bool> wanted, TimeSpan limit)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            var seen = Get();
            if (wanted(seen))
                return seen;
            if (System.Diagnostics.Stopwatch.GetElapsedTime(started) > limit)
                throw new TimeoutException(
                    $"Not seen within {limit.TotalSeconds:0} s: {seen.Status}, {string.Join("; ", seen.Findings)}. Alerts: {string.Join("; ", seen.Alerts.Select(alert => $"{alert.State} {alert}"))}"
                );
            await Task.Delay(250, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What a timer would do: the metrics that only SwarmOps has, on the first host.</summary>
    /// <param name="more">Further parameters of Export-SwarmMetric.</param>
    public async Task PushAsync(string more = "")
    {
        var path = Path.GetTempFileName();
        try
        {
            Run($"$n | Export-SwarmMetric -Path '{path}' {more} -WarningAction SilentlyContinue");
            await PutAsync(lab.Hosts[0], "swarm", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Puts a file where node-exporter of a host reads metrics.</summary>
    public Task<string> PutAsync(LabHost host, string name, string text) =>
        lab.ExecAsync(
            host,
            $"mkdir -p /var/lib/swarmops/metrics && cd /var/lib/swarmops/metrics && echo {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text))} | base64 -d >{name}.new && chmod 644 {name}.new && mv {name}.new {name}.prom"
        );

    /// <summary>Runs a program in the container of a service on a host.</summary>
    public Task<string> InsideAsync(LabHost host, string service, string command) =>
        lab.ExecAsync(host, $"docker exec $(docker ps -qf name={service}.1) {command}");
}
