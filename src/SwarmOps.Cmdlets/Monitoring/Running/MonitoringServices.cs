using System.Globalization;
using System.Text;
using SwarmOps.Monitoring.Definition;
using SwarmOps.Services.Specification;
using SwarmOps.Transport;

namespace SwarmOps.Monitoring.Running;

/// <summary>The Docker services of the monitoring, and the configs that they mount. Entry points are those of the projects' official images.</summary>
internal static class MonitoringServices
{
    private const int FileMode = 0x124, // 0444
        ScriptMode = 0x16D; // 0555

    private static readonly string[] Collectors =
    [
        "cpu",
        "diskstats",
        "filesystem",
        "loadavg",
        "meminfo",
        "pressure",
        "stat",
        "time",
        "timex",
        "uname",
        "vmstat",
    ];

    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(2),
        UpdateMonitor = TimeSpan.FromSeconds(3),
        DataStopGrace = TimeSpan.FromSeconds(60),
        StopGrace = TimeSpan.FromSeconds(5);

    /// <summary>The contents of the configs, by the name of the file.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files(MonitoringDefinition definition)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [MonitoringNames.DefinitionFile] = definition.ToJson(),
            [MonitoringNames.PrometheusFile] = MonitoringFiles.Prometheus(definition),
            [MonitoringNames.ExpectedFile] = MonitoringFiles.Expected(definition),
            [MonitoringNames.RulesFile] = MonitoringFiles.Rules(definition),
            [MonitoringNames.BlackboxFile] = MonitoringFiles.Blackbox(definition),
            [MonitoringNames.StartFile] = EmbeddedText.Read("monitoring-alertmanager.sh"),
        };
        return files.ToDictionary(file => file.Key, file => Encoding.UTF8.GetBytes(file.Value));
    }

    /// <summary>The exporters: what is scraped, and needs no data of its own.</summary>
    public static IEnumerable<ServiceRequest> Exporters(MonitoringDefinition definition)
    {
        yield return NodeExporter(definition);
        foreach (var region in definition.Regions)
            yield return Blackbox(definition, region);
        foreach (var cluster in definition.Galera)
        foreach (var node in cluster.Nodes)
            yield return Mysql(definition, cluster, node);
    }

    /// <summary>The Alertmanagers and Prometheus servers, in the order in which they are updated.</summary>
    public static IEnumerable<(MonitoringHost Host, ServiceRequest Request)> Servers(MonitoringDefinition definition) =>
        [
            .. definition.Servers.Select(host => (host, Alertmanager(definition, host))),
            .. definition.Servers.Select(host => (host, Prometheus(definition, host))),
        ];

    private static ServiceRequest Prometheus(MonitoringDefinition definition, MonitoringHost host)
    {
        var service = MonitoringNames.Prometheus(definition.Name, host.Number);
        return OnNode(definition, host, service, definition.Images.Prometheus) with
        {
            Arguments =
            [
                $"--config.file={MonitoringNames.ConfigTarget}",
                "--storage.tsdb.path=/prometheus",
                $"--storage.tsdb.retention.time={definition.RetentionDays.ToString(CultureInfo.InvariantCulture)}d",
            ],
            Mounts = [new ServiceMount("volume", service, "/prometheus", ReadOnly: false)],
            Configs =
            [
                File(definition, MonitoringNames.PrometheusFile, MonitoringNames.ConfigTarget),
                File(definition, MonitoringNames.ExpectedFile, MonitoringNames.ExpectedTarget),
                File(definition, MonitoringNames.RulesFile, MonitoringNames.RulesTarget),
                File(definition, MonitoringNames.DefinitionFile, MonitoringNames.DefinitionTarget),
            ],
            Ports = Published(definition.PublishPrometheus, MonitoringNames.PrometheusPort),
        };
    }

    private static ServiceRequest Alertmanager(MonitoringDefinition definition, MonitoringHost host)
    {
        var service = MonitoringNames.Alertmanager(definition.Name, host.Number);
        var gossip = MonitoringNames.GossipPort.ToString(CultureInfo.InvariantCulture);
        return OnNode(definition, host, service, definition.Images.Alertmanager) with
        {
            Command = ["sh", MonitoringNames.AlertmanagerStart],
            Arguments =
            [
                $"--config.file=/run/secrets/{MonitoringNames.AlertmanagerSecret}",
                "--storage.path=/alertmanager",
                $"--cluster.listen-address=0.0.0.0:{gossip}",
                .. definition
                    .Servers.Where(other => other != host)
                    .Select(other => $"--cluster.peer={MonitoringNames.Alertmanager(definition.Name, other.Number)}:{gossip}"),
            ],
            Environment = new Dictionary<string, string?> { ["ALERTMANAGER_NAME"] = service, ["ALERTMANAGER_GOSSIP_PORT"] = gossip },
            Mounts = [new ServiceMount("volume", service, "/alertmanager", ReadOnly: false)],
            Configs = [File(definition, MonitoringNames.StartFile, MonitoringNames.AlertmanagerStart, ScriptMode)],
            Secrets =
            [
                new FileReference(
                    MonitoringNames.Stored(definition.Name, MonitoringNames.AlertmanagerSecret),
                    MonitoringNames.AlertmanagerSecret,
                    "0",
                    "0",
                    FileMode
                ),
            ],
            Ports = Published(definition.PublishAlertmanager, MonitoringNames.AlertmanagerPort),
        };
    }

    private static ServiceRequest NodeExporter(MonitoringDefinition definition) =>
        Base(definition, MonitoringNames.NodeExporter(definition.Name), definition.Images.NodeExporter) with
        {
            Mode = SwarmServiceMode.Global,
            Replicas = null,
            // The host's name may not be unique; Prometheus finds the node by this one (node_uname_info).
            Hostname = "{{.Node.ID}}",
            Arguments =
            [
                $"--path.procfs={MonitoringNames.HostRoot}/proc",
                $"--path.sysfs={MonitoringNames.HostRoot}/sys",
                $"--path.rootfs={MonitoringNames.HostRoot}",
                // What a container cannot see of its host, such as its network devices, would be wrong.
                "--collector.disable-defaults",
                .. Collectors.Select(name => $"--collector.{name}"),
                "--collector.textfile",
                $"--collector.textfile.directory={MonitoringNames.HostRoot}{MonitoringNames.MetricPath}",
            ],
            Mounts = [new ServiceMount("bind", "/", MonitoringNames.HostRoot, ReadOnly: true)],
        };

    private static ServiceRequest Blackbox(MonitoringDefinition definition, string region) =>
        Base(definition, MonitoringNames.Blackbox(definition.Name, region), definition.Images.Blackbox) with
        {
            Constraints = [$"node.labels.region=={region}"],
            Arguments = [$"--config.file={MonitoringNames.BlackboxTarget}"],
            Configs = [File(definition, MonitoringNames.BlackboxFile, MonitoringNames.BlackboxTarget)],
        };

    private static ServiceRequest Mysql(MonitoringDefinition definition, MonitoredGalera cluster, MonitoredServer node) =>
        Base(definition, MonitoringNames.Mysql(definition.Name, node.Service), definition.Images.Mysql) with
        {
            Networks =
            [
                .. new[] { definition.Overlay, node.Overlay }
                    .Distinct(StringComparer.Ordinal)
                    .Select(name => new NetworkAttachment(name, [])),
            ],
            Constraints = node.Region is { } region ? [$"node.labels.region=={region}"] : [],
            Arguments =
            [
                $"--config.my-cnf=/run/secrets/{MonitoringNames.MysqlSecret}",
                // An account without any privilege sees the status and the variables; nothing else is asked.
                "--collect.global_status",
                "--collect.global_variables",
                "--no-collect.slave_status",
                "--no-collect.info_schema.innodb_cmp",
                "--no-collect.info_schema.innodb_cmpmem",
                "--no-collect.info_schema.query_response_time",
            ],
            Secrets = [new FileReference(MysqlSecret(definition.Name, node.Service), MonitoringNames.MysqlSecret, "0", "0", FileMode)],
            Labels = new Dictionary<string, string?>
            {
                [MonitoringNames.NameLabel] = definition.Name,
                [MonitoringNames.ClusterLabel] = cluster.Cluster,
            },
        };

    /// <summary>Name of the secret of an exporter for MariaDB.</summary>
    public static string MysqlSecret(string name, string galeraService) => MonitoringNames.Stored(name, $"mysqld-{galeraService}");

    /// <summary>A service with data: its volume is on one node, and no second task may open it.</summary>
    private static ServiceRequest OnNode(MonitoringDefinition definition, MonitoringHost host, string service, string image) =>
        Base(definition, service, image) with
        {
            Constraints = [$"node.id=={host.NodeId}"],
            StopGracePeriod = DataStopGrace,
        };

    private static ServiceRequest Base(MonitoringDefinition definition, string service, string image) =>
        new()
        {
            Name = service,
            Image = image,
            Mode = SwarmServiceMode.Replicated,
            Replicas = 1,
            Labels = new Dictionary<string, string?> { [MonitoringNames.NameLabel] = definition.Name },
            KeepsOthers = true,
            Networks = [new NetworkAttachment(definition.Overlay, [])],
            // Each name is to be the address of its task, also where the engine has no IPVS.
            EndpointMode = SwarmEndpointMode.Dnsrr,
            Ports = [],
            Restart = new RestartRequest(SwarmRestartCondition.Any, RestartDelay, null, null),
            Update = Policy,
            Rollback = Policy with { FailureAction = SwarmUpdateFailureAction.Pause },
            StopGracePeriod = StopGrace,
            CapabilityDrop = [ServiceRules.Capability("ALL")],
            ReadOnly = true,
        };

    private static UpdatePolicyRequest Policy { get; } =
        new(1, TimeSpan.Zero, SwarmUpdateFailureAction.Rollback, UpdateMonitor, 0, SwarmUpdateOrder.StopFirst);

    private static PublishedPort[] Published(int port, int target) =>
        port > 0 ? [new PublishedPort(target, port, "tcp", OnHost: true)] : [];

    private static FileReference File(MonitoringDefinition definition, string file, string target, int mode = FileMode) =>
        new(MonitoringNames.Stored(definition.Name, file), target, "0", "0", mode);
}
