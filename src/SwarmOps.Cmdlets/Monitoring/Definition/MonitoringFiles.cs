using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmOps.Transport;

namespace SwarmOps.Monitoring.Definition;

/// <summary>The configuration files, made from a definition. JSON is YAML, and its quoting leaves no value a way out.</summary>
internal static class MonitoringFiles
{
    /// <summary>Names of blackbox-exporter's modules.</summary>
    private const string TcpModule = "tcp",
        UrlModule = "url",
        EdgeModule = "edge";

    /// <summary>Prometheus gives up a scrape after this time, if the interval is not shorter.</summary>
    private const int LongestScrapeSeconds = 10;

    /// <summary>The time between two looks into DNS for node-exporters.</summary>
    private const int LookupSeconds = 5;

    /// <summary>Shortest window in which a rate is taken.</summary>
    private const int ShortestWindowSeconds = 60;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The configuration of Prometheus; the same for all, so that their alerts are the same, too.</summary>
    public static string Prometheus(MonitoringDefinition definition) =>
        Text(
            new JsonObject
            {
                ["global"] = new JsonObject
                {
                    ["scrape_interval"] = Seconds(definition.ScrapeSeconds),
                    ["scrape_timeout"] = Seconds(ScrapeTimeout(definition)),
                    ["evaluation_interval"] = Seconds(definition.ScrapeSeconds),
                    ["external_labels"] = new JsonObject { ["monitoring"] = definition.Name },
                },
                ["rule_files"] = new JsonArray(MonitoringNames.ExpectedTarget, MonitoringNames.RulesTarget),
                ["alerting"] = new JsonObject
                {
                    ["alertmanagers"] = new JsonArray(
                        new JsonObject
                        {
                            ["static_configs"] = new JsonArray(
                                new JsonObject
                                {
                                    ["targets"] = List(
                                        definition.Servers.Select(server =>
                                            At(
                                                MonitoringNames.Alertmanager(definition.Name, server.Number),
                                                MonitoringNames.AlertmanagerPort
                                            )
                                        )
                                    ),
                                }
                            ),
                        }
                    ),
                },
                ["scrape_configs"] = Jobs(definition),
            }
        );

    /// <summary>What must exist, as recording rules that the alert rules compare with.</summary>
    public static string Expected(MonitoringDefinition definition) =>
        Text(
            new JsonObject
            {
                ["groups"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "swarmops-expected",
                        ["rules"] = new JsonArray([
                            .. definition.Nodes.Select(node =>
                                Record(
                                    "swarmops:expected_node",
                                    1,
                                    ("nodename", node.NodeId),
                                    ("node", node.Node),
                                    ("region", node.Region ?? "")
                                )
                            ),
                            Record("swarmops:expected_managers", definition.Nodes.Count(node => node.Manager is not null)),
                            .. definition.Galera.Select(cluster =>
                                Record("swarmops:expected_galera_nodes", cluster.Size, ("cluster", cluster.Cluster))
                            ),
                        ]),
                    }
                ),
            }
        );

    /// <summary>The alert rules.</summary>
    public static string Rules(MonitoringDefinition definition) =>
        EmbeddedText
            .Read("monitoring-rules.yml")
            .Replace("@ALERT@", Seconds(definition.AlertSeconds), StringComparison.Ordinal)
            .Replace("@METRICAGE@", Number(definition.SwarmMetricSeconds), StringComparison.Ordinal)
            .Replace("@CERTIFICATE@", Number(definition.CertificateSeconds), StringComparison.Ordinal)
            .Replace("@WINDOW@", Seconds(Math.Max(ShortestWindowSeconds, 4 * definition.ScrapeSeconds)), StringComparison.Ordinal);

    /// <summary>The configuration of blackbox-exporter.</summary>
    public static string Blackbox(MonitoringDefinition definition)
    {
        var limit = Seconds(ScrapeTimeout(definition));
        var edge = new JsonObject
        {
            ["preferred_ip_protocol"] = "ip4",
            ["follow_redirects"] = false,
            ["valid_status_codes"] = Accepted(),
        };
        // An edge is asked by its address, which no certificate names: with a host name that name must match, without one nothing can.
        edge["tls_config"] = definition.EdgeHost is { } host
            ? new JsonObject { ["server_name"] = host }
            : new JsonObject { ["insecure_skip_verify"] = true };
        if (definition.EdgeHost is { } named)
            edge["headers"] = new JsonObject { ["Host"] = named };
        return Text(
            new JsonObject
            {
                ["modules"] = new JsonObject
                {
                    [TcpModule] = new JsonObject
                    {
                        ["prober"] = "tcp",
                        ["timeout"] = limit,
                        ["tcp"] = new JsonObject { ["preferred_ip_protocol"] = "ip4" },
                    },
                    [EdgeModule] = new JsonObject
                    {
                        ["prober"] = "http",
                        ["timeout"] = limit,
                        ["http"] = edge,
                    },
                    [UrlModule] = new JsonObject
                    {
                        ["prober"] = "http",
                        ["timeout"] = limit,
                        ["http"] = new JsonObject { ["preferred_ip_protocol"] = "ip4" },
                    },
                },
            }
        );
    }

    /// <summary>A configuration of Alertmanager that sends everything to webhooks; without any, alerts are only kept.</summary>
    public static string Alertmanager(IReadOnlyList<string> webhooks) =>
        Text(
            new JsonObject
            {
                ["route"] = new JsonObject
                {
                    ["receiver"] = "swarmops",
                    ["group_by"] = new JsonArray("alertname"),
                    ["group_wait"] = "5s",
                    ["group_interval"] = "1m",
                    ["repeat_interval"] = "4h",
                },
                ["receivers"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "swarmops",
                        ["webhook_configs"] = new JsonArray([
                            .. webhooks.Select(url => (JsonNode)new JsonObject { ["url"] = url, ["send_resolved"] = true }),
                        ]),
                    }
                ),
            }
        );

    private static JsonArray Jobs(MonitoringDefinition definition)
    {
        var name = definition.Name;
        var jobs = new JsonArray(
            Job(
                "prometheus",
                definition.Servers.Select(server =>
                    Group(
                        At(MonitoringNames.Prometheus(name, server.Number), MonitoringNames.PrometheusPort),
                        ("node", server.Node),
                        ("region", server.Region)
                    )
                )
            ),
            Job(
                "alertmanager",
                definition.Servers.Select(server =>
                    Group(
                        At(MonitoringNames.Alertmanager(name, server.Number), MonitoringNames.AlertmanagerPort),
                        ("node", server.Node),
                        ("region", server.Region)
                    )
                )
            ),
            new JsonObject
            {
                ["job_name"] = "node",
                ["dns_sd_configs"] = new JsonArray(
                    new JsonObject
                    {
                        ["names"] = new JsonArray($"tasks.{MonitoringNames.NodeExporter(name)}"),
                        ["type"] = "A",
                        ["port"] = MonitoringNames.NodePort,
                        ["refresh_interval"] = Seconds(LookupSeconds),
                    }
                ),
            },
            Job(
                "blackbox",
                definition.Regions.Select(region =>
                    Group(At(MonitoringNames.Blackbox(name, region), MonitoringNames.BlackboxPort), ("region", region))
                )
            )
        );
        Add("galera", definition.Galera.SelectMany(cluster => cluster.Nodes.Select(node => Server(name, cluster, node))));
        Add("manager", Probes(definition, Managers(definition)));
        Add("edge", Probes(definition, Edges(definition)));
        Add("url", Probes(definition, definition.Urls.Select(url => new Probe(UrlModule, url, []))));
        return jobs;

        void Add(string job, IEnumerable<JsonNode> groups)
        {
            if (groups.ToList() is not { Count: > 0 } found)
                return;
            var made = Job(job, found);
            if (job is "manager" or "edge" or "url")
                made["metrics_path"] = "/probe";
            jobs.Add((JsonNode)made);
        }
    }

    private static IEnumerable<Probe> Managers(MonitoringDefinition definition) =>
        definition
            .Nodes.Where(node => node.Manager is not null)
            .Select(node => new Probe(TcpModule, node.Manager!, [("node", node.Node), ("region", node.Region)]));

    private static IEnumerable<Probe> Edges(MonitoringDefinition definition) =>
        definition.Edges.Select(edge => new Probe(
            definition.EdgePath is null ? TcpModule : EdgeModule,
            definition.EdgePath is { } path ? $"{Scheme(edge.Address)}://{edge.Address}{path}" : edge.Address,
            [("service", edge.Service), ("node", edge.Node), ("region", edge.Region)]
        ));

    /// <summary>Every question from every region.</summary>
    private static IEnumerable<JsonNode> Probes(MonitoringDefinition definition, IEnumerable<Probe> probes) =>
        probes.SelectMany(probe =>
            definition.Regions.Select(region =>
                Group(
                    At(MonitoringNames.Blackbox(definition.Name, region), MonitoringNames.BlackboxPort),
                    [
                        ("__param_module", probe.Module),
                        ("__param_target", probe.Target),
                        ("instance", probe.Target),
                        ("from", region),
                        .. probe.Labels,
                    ]
                )
            )
        );

    private static JsonNode Server(string name, MonitoredGalera cluster, MonitoredServer node) =>
        Group(
            At(MonitoringNames.Mysql(name, node.Service), MonitoringNames.MysqlPort),
            ("instance", node.Service),
            ("cluster", cluster.Cluster),
            ("region", node.Region)
        );

    private static JsonObject Job(string name, IEnumerable<JsonNode> groups) =>
        new() { ["job_name"] = name, ["static_configs"] = new JsonArray([.. groups]) };

    private static JsonNode Group(string target, params IReadOnlyList<(string Name, string? Value)> labels) =>
        new JsonObject
        {
            ["targets"] = new JsonArray(target),
            ["labels"] = new JsonObject(labels.Where(label => label.Value is not null).Select(Label)),
        };

    private static JsonNode Record(string record, int value, params IReadOnlyList<(string Name, string? Value)> labels) =>
        new JsonObject
        {
            ["record"] = record,
            ["expr"] = $"vector({Number(value)})",
            ["labels"] = new JsonObject(labels.Select(Label)),
        };

    private static KeyValuePair<string, JsonNode?> Label((string Name, string? Value) label) => new(label.Name, label.Value);

    private static JsonArray List(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);

    /// <summary>A redirection is an answer of an edge that sends clients from HTTP to HTTPS.</summary>
    private static JsonArray Accepted() => new(200, 204, 301, 302, 303, 307, 308);

    private static string Scheme(string address) => address.EndsWith(":443", StringComparison.Ordinal) ? "https" : "http";

    private static string At(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");

    private static string Seconds(int seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds}s");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static int ScrapeTimeout(MonitoringDefinition definition) => Math.Min(LongestScrapeSeconds, definition.ScrapeSeconds);

    private static string Text(JsonObject json) => json.ToJsonString(Json) + "\n";

    /// <summary>A question of blackbox-exporter.</summary>
    private sealed record Probe(string Module, string Target, IReadOnlyList<(string Name, string? Value)> Labels);
}
