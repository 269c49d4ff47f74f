using System.Management.Automation;
using SwarmOps.Galera;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Edge;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Monitoring.Formation;

/// <summary>Watches a swarm with Prometheus and Alertmanager in two regions, or brings that up to date, and verifies that everything is scraped.</summary>
[Cmdlet(VerbsCommon.New, "SwarmMonitoring", SupportsShouldProcess = true, DefaultParameterSetName = ByOverlay)]
[OutputType(typeof(SwarmMonitoring))]
public sealed class NewSwarmMonitoringCommand : OverlayServiceCmdlet
{
    /// <summary>Its name, with which the names of its services begin.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MonitoringNameCompleter))]
    public string Name { get; set; } = "monitoring";

    /// <summary>Webhooks that are told of alerts; they replace the present receivers.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] WebhookUrl { get; set; } = [];

    /// <summary>A configuration of Alertmanager on this machine, such as for mail; it replaces the present receivers, and is stored as a secret.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AlertmanagerConfigPath { get; set; }

    /// <summary>Edge services that every region asks, as passed to <c>New-SwarmEdgeService</c>.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(EdgeServiceNameCompleter))]
    public string[] EdgeService { get; set; } = [];

    /// <summary>The path that is requested from the nodes of edge services; empty for a TCP connection only.</summary>
    [Parameter]
    [AllowEmptyString]
    public string EdgePath { get; set; } = "";

    /// <summary>The Host header of that request; empty for none.</summary>
    [Parameter]
    [AllowEmptyString]
    public string EdgeHost { get; set; } = "";

    /// <summary>Further URLs that every region asks.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[] Url { get; set; } = [];

    /// <summary>Galera clusters with one service a region.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(GaleraClusterNameCompleter))]
    public string[] Galera { get; set; } = [];

    /// <summary>Names of the two nodes that run Prometheus and Alertmanager.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string[] PrometheusNode { get; set; } = [];

    /// <summary>Time between two scrapes, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 300)]
    public int ScrapeSeconds { get; set; } = 15;

    /// <summary>How long a condition must be met before its alert fires, in seconds.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int AlertSeconds { get; set; } = 60;

    /// <summary>How old the metrics of <c>Export-SwarmMetric</c> may be, in seconds.</summary>
    [Parameter]
    [ValidateRange(10, 86400)]
    public int SwarmMetricSeconds { get; set; } = 900;

    /// <summary>How long samples are kept, in days.</summary>
    [Parameter]
    [ValidateRange(1, 3650)]
    public int RetentionDays { get; set; } = 15;

    /// <summary>Publishes Prometheus on this port of its nodes, on all addresses; 0 for none.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int PublishPrometheus { get; set; }

    /// <summary>Publishes Alertmanager on this port of its nodes, on all addresses; 0 for none.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int PublishAlertmanager { get; set; }

    /// <summary>The image of Prometheus.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? PrometheusImage { get; set; }

    /// <summary>The image of Alertmanager.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? AlertmanagerImage { get; set; }

    /// <summary>The image of node-exporter.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? NodeExporterImage { get; set; }

    /// <summary>The image of blackbox-exporter.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? BlackboxExporterImage { get; set; }

    /// <summary>The image of mysqld-exporter.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? MysqldExporterImage { get; set; }

    /// <summary>How long each service may take to start, and then the first scrapes, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override int Timeout => TimeoutSeconds;

    /// <inheritdoc/>
    private protected override SwarmOpsException SecondOverlay(string first, string second) =>
        MonitoringErrors.MonitoringOverlaySecond(first, second);

    /// <inheritdoc/>
    private protected override Func<IOperationContext, Task> Form(IReadOnlyList<SwarmNode> nodes, string overlay, ServiceOptions options)
    {
        var request = new NewMonitoringRequest(nodes, Name, overlay)
        {
            PrometheusNodes = Has(nameof(PrometheusNode)) ? PrometheusNode : null,
            EdgeServices = Has(nameof(EdgeService)) ? EdgeService : null,
            EdgePath = Has(nameof(EdgePath)) ? EdgePath : null,
            EdgeHost = Has(nameof(EdgeHost)) ? EdgeHost : null,
            Urls = Has(nameof(Url)) ? Url : null,
            Galera = Has(nameof(Galera)) ? Galera : null,
            Webhooks = Has(nameof(WebhookUrl)) ? WebhookUrl : null,
            AlertmanagerConfig = AlertmanagerConfigPath is { } path ? ReceiverFile.Read(FullPath(path)) : null,
            ScrapeSeconds = Has(nameof(ScrapeSeconds)) ? ScrapeSeconds : null,
            AlertSeconds = Has(nameof(AlertSeconds)) ? AlertSeconds : null,
            SwarmMetricSeconds = Has(nameof(SwarmMetricSeconds)) ? SwarmMetricSeconds : null,
            RetentionDays = Has(nameof(RetentionDays)) ? RetentionDays : null,
            PublishPrometheus = Has(nameof(PublishPrometheus)) ? PublishPrometheus : null,
            PublishAlertmanager = Has(nameof(PublishAlertmanager)) ? PublishAlertmanager : null,
            PrometheusImage = PrometheusImage,
            AlertmanagerImage = AlertmanagerImage,
            NodeExporterImage = NodeExporterImage,
            BlackboxExporterImage = BlackboxExporterImage,
            MysqldExporterImage = MysqldExporterImage,
            Options = options,
        };
        MonitoringRules.Check(request);
        return scope => new NewMonitoringOperation(scope, request).RunAsync();
    }
}
