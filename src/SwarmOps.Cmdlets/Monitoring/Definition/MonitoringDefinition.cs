using System.Text.Json;
using System.Text.Json.Serialization;

namespace SwarmOps.Monitoring.Definition;

/// <summary>
/// All that a swarm's monitoring is made from. It is stored in the swarm as a config that every Prometheus mounts, so that a later run knows what was specified before.
/// </summary>
internal sealed record MonitoringDefinition
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The overlay network.</summary>
    public string Overlay { get; init; } = "";

    /// <summary>The nodes with a Prometheus and an Alertmanager, by number.</summary>
    public IReadOnlyList<MonitoringHost> Servers { get; init; } = [];

    /// <summary>The nodes that must have a node-exporter.</summary>
    public IReadOnlyList<MonitoredNode> Nodes { get; init; } = [];

    /// <summary>The regions from which probes ask.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The edge services.</summary>
    public IReadOnlyList<string> EdgeServices { get; init; } = [];

    /// <summary>The path that is requested from edge nodes; null for a TCP connection only.</summary>
    public string? EdgePath { get; init; }

    /// <summary>The Host header of that request; null for none.</summary>
    public string? EdgeHost { get; init; }

    /// <summary>The nodes of the edge services.</summary>
    public IReadOnlyList<MonitoredEdge> Edges { get; init; } = [];

    /// <summary>Further URLs.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>The Galera clusters.</summary>
    public IReadOnlyList<MonitoredGalera> Galera { get; init; } = [];

    /// <summary>Time between two scrapes.</summary>
    public int ScrapeSeconds { get; init; }

    /// <summary>How long a condition must be met before its alert fires.</summary>
    public int AlertSeconds { get; init; }

    /// <summary>How long samples are kept.</summary>
    public int RetentionDays { get; init; }

    /// <summary>How old the metrics of Export-SwarmMetric may be.</summary>
    public int SwarmMetricSeconds { get; init; }

    /// <summary>Remaining validity below which a node's certificate should have been renewed.</summary>
    public long CertificateSeconds { get; init; }

    /// <summary>Port of Prometheus on the hosts; 0 for none.</summary>
    public int PublishPrometheus { get; init; }

    /// <summary>Port of Alertmanager on the hosts; 0 for none.</summary>
    public int PublishAlertmanager { get; init; }

    /// <summary>The images.</summary>
    public MonitoringImages Images { get; init; } = new();

    /// <summary>The text that is stored.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads the stored text.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static MonitoringDefinition FromJson(ReadOnlySpan<byte> text) =>
        JsonSerializer.Deserialize<MonitoringDefinition>(text, Json) ?? throw new JsonException("The definition is empty.");
}

/// <summary>A node with a Prometheus and an Alertmanager.</summary>
/// <param name="Number">Its number, 1 or 2.</param>
/// <param name="Node">Name of the node.</param>
/// <param name="NodeId">Id of the node in the swarm.</param>
/// <param name="Region">Its region; null when it has none.</param>
internal sealed record MonitoringHost(int Number, string Node, string NodeId, string? Region);

/// <summary>A node of the swarm.</summary>
/// <param name="Node">Its name.</param>
/// <param name="NodeId">Its id.</param>
/// <param name="Region">Its region; null when it has none.</param>
/// <param name="Manager">Address and port of a manager; null for a worker.</param>
internal sealed record MonitoredNode(string Node, string NodeId, string? Region, string? Manager);

/// <summary>A node of an edge service.</summary>
/// <param name="Service">The edge service.</param>
/// <param name="Node">Name of the node.</param>
/// <param name="Region">Its region.</param>
/// <param name="Address">Address and port.</param>
internal sealed record MonitoredEdge(string Service, string Node, string Region, string Address);

/// <summary>A Galera cluster.</summary>
/// <param name="Cluster">Its name.</param>
/// <param name="Size">Number of its nodes, arbitrators included.</param>
/// <param name="Nodes">Its nodes with data.</param>
internal sealed record MonitoredGalera(string Cluster, int Size, IReadOnlyList<MonitoredServer> Nodes);

/// <summary>A node of a Galera cluster.</summary>
/// <param name="Service">Its service, which is its name in the overlay network.</param>
/// <param name="Region">Its region; null when it has none.</param>
/// <param name="Overlay">The overlay network.</param>
internal sealed record MonitoredServer(string Service, string? Region, string Overlay);

/// <summary>The images.</summary>
internal sealed record MonitoringImages
{
    /// <summary>Prometheus.</summary>
    public string Prometheus { get; init; } = "prom/prometheus:v2.55.1";

    /// <summary>Alertmanager.</summary>
    public string Alertmanager { get; init; } = "prom/alertmanager:v0.27.0";

    /// <summary>node-exporter.</summary>
    public string NodeExporter { get; init; } = "prom/node-exporter:v1.8.2";

    /// <summary>blackbox-exporter.</summary>
    public string Blackbox { get; init; } = "prom/blackbox-exporter:v0.25.0";

    /// <summary>mysqld-exporter.</summary>
    public string Mysql { get; init; } = "prom/mysqld-exporter:v0.15.1";
}
