using System.Globalization;

namespace SwarmOps.Monitoring.Definition;

/// <summary>Names, labels, ports and files of a swarm's monitoring.</summary>
internal static class MonitoringNames
{
    /// <summary>Label of its services, configs and secrets: its name.</summary>
    public const string NameLabel = "swarmops.monitoring";

    /// <summary>Label of the secret with Alertmanager's configuration: a salted hash of it, since a secret cannot be read back.</summary>
    public const string HashLabel = "swarmops.monitoring.hash";

    /// <summary>Label of the secret of an exporter for MariaDB: the hash of the account's password, as the server stores it.</summary>
    public const string PasswordLabel = "swarmops.monitoring.password";

    /// <summary>Label of such a secret: the Galera cluster, so that its account is found again.</summary>
    public const string ClusterLabel = "swarmops.monitoring.galera";

    /// <summary>Ports in the overlay network; those of the projects' own defaults.</summary>
    public const int PrometheusPort = 9090,
        AlertmanagerPort = 9093,
        GossipPort = 9094,
        NodePort = 9100,
        MysqlPort = 9104,
        BlackboxPort = 9115;

    /// <summary>Files in the containers.</summary>
    public const string ConfigTarget = "/etc/prometheus/prometheus.yml",
        RulesTarget = "/etc/prometheus/swarmops-rules.yml",
        ExpectedTarget = "/etc/prometheus/swarmops-expected.yml",
        DefinitionTarget = "/etc/prometheus/swarmops-definition.json",
        BlackboxTarget = "/etc/blackbox_exporter/swarmops.yml",
        AlertmanagerStart = "/monitoring-alertmanager.sh",
        AlertmanagerSecret = "alertmanager.yml",
        MysqlSecret = "mysqld-exporter.cnf";

    /// <summary>The root of the host in the containers of node-exporter.</summary>
    public const string HostRoot = "/host";

    /// <summary>Where node-exporter finds what Export-SwarmMetric wrote, on every host.</summary>
    public const string MetricPath = "/var/lib/swarmops/metrics";

    /// <summary>Names of the configs.</summary>
    public const string DefinitionFile = "definition",
        PrometheusFile = "prometheus",
        RulesFile = "rules",
        ExpectedFile = "expected",
        BlackboxFile = "blackbox",
        StartFile = "alertmanager-start";

    /// <summary>Name of a config or secret.</summary>
    public static string Stored(string name, string file) => $"{name}.{file}";

    /// <summary>Service of a Prometheus.</summary>
    public static string Prometheus(string name, int number) => Numbered(name, "prometheus", number);

    /// <summary>Service of an Alertmanager.</summary>
    public static string Alertmanager(string name, int number) => Numbered(name, "alertmanager", number);

    /// <summary>Service of node-exporter, on every node.</summary>
    public static string NodeExporter(string name) => $"{name}-node-exporter";

    /// <summary>Service of blackbox-exporter in a region.</summary>
    public static string Blackbox(string name, string region) => $"{name}-blackbox-{region}";

    /// <summary>Service of mysqld-exporter for a node of a Galera cluster.</summary>
    public static string Mysql(string name, string galeraService) => $"{name}-mysqld-{galeraService}";

    /// <summary>The account in MariaDB.</summary>
    public static string Account(string name) => $"swarmops-{name}";

    private static string Numbered(string name, string kind, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}-{kind}-{number}");
}
