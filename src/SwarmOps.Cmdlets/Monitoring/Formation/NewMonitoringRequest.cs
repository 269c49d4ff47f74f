using SwarmOps.Services;

namespace SwarmOps.Monitoring.Formation;

/// <summary>Which monitoring a swarm is to have. Null keeps what was specified before, or for a new one takes the default.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Name">Its name.</param>
/// <param name="Overlay">The overlay network.</param>
internal sealed record NewMonitoringRequest(IReadOnlyList<SwarmNode> Nodes, string Name, string Overlay)
{
    /// <summary>Names of the nodes with Prometheus and Alertmanager.</summary>
    public IReadOnlyList<string>? PrometheusNodes { get; init; }

    /// <summary>The edge services.</summary>
    public IReadOnlyList<string>? EdgeServices { get; init; }

    /// <summary>The path that is requested from edge nodes; empty for a TCP connection only.</summary>
    public string? EdgePath { get; init; }

    /// <summary>The Host header of that request; empty for none.</summary>
    public string? EdgeHost { get; init; }

    /// <summary>Further URLs.</summary>
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>The Galera clusters.</summary>
    public IReadOnlyList<string>? Galera { get; init; }

    /// <summary>Webhooks that are told of alerts.</summary>
    public IReadOnlyList<string>? Webhooks { get; init; }

    /// <summary>A configuration of Alertmanager; it may contain passwords.</summary>
    public byte[]? AlertmanagerConfig { get; init; }

    /// <summary>Time between two scrapes.</summary>
    public int? ScrapeSeconds { get; init; }

    /// <summary>How long a condition must be met before its alert fires.</summary>
    public int? AlertSeconds { get; init; }

    /// <summary>How long samples are kept.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>How old the metrics of Export-SwarmMetric may be.</summary>
    public int? SwarmMetricSeconds { get; init; }

    /// <summary>Port of Prometheus on its hosts; 0 for none.</summary>
    public int? PublishPrometheus { get; init; }

    /// <summary>Port of Alertmanager on its hosts; 0 for none.</summary>
    public int? PublishAlertmanager { get; init; }

    /// <summary>The image of Prometheus.</summary>
    public string? PrometheusImage { get; init; }

    /// <summary>The image of Alertmanager.</summary>
    public string? AlertmanagerImage { get; init; }

    /// <summary>The image of node-exporter.</summary>
    public string? NodeExporterImage { get; init; }

    /// <summary>The image of blackbox-exporter.</summary>
    public string? BlackboxExporterImage { get; init; }

    /// <summary>The image of mysqld-exporter.</summary>
    public string? MysqldExporterImage { get; init; }

    /// <summary>How the services are deployed.</summary>
    public ServiceOptions Options { get; init; } = new();
}
