using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmOps.Monitoring.Definition;

namespace SwarmOps.Monitoring.State;

/// <summary>What a Prometheus says of itself, of its targets and of its alerts (Prometheus' HTTP API, version 1).</summary>
/// <param name="Host">Where it runs.</param>
internal sealed record PrometheusView(MonitoringHost Host)
{
    /// <summary>The paths to ask, in the order of <see cref="Parse"/>.</summary>
    public static readonly IReadOnlyList<string> Paths =
    [
        "/-/ready",
        "/api/v1/targets?state=active",
        "/api/v1/rules?type=alert",
        "/api/v1/alertmanagers",
        "/api/v1/query?query=node_uname_info",
    ];

    /// <summary>Whether it is ready.</summary>
    public bool IsReady { get; init; }

    /// <summary>Its targets; null when it did not say.</summary>
    public IReadOnlyList<ScrapedTarget>? Targets { get; init; }

    /// <summary>Whether it said of which node each node-exporter is; without that it is unknown which nodes it scrapes, and <see cref="ScrapedTarget.NodeId"/> says nothing.</summary>
    public bool KnowsNodes { get; init; }

    /// <summary>Names of its alert rules; null when it did not say.</summary>
    public IReadOnlyList<string>? Rules { get; init; }

    /// <summary>The alerts that are pending or fire.</summary>
    public IReadOnlyList<SeenAlert> Alerts { get; init; } = [];

    /// <summary>Whether it could not be asked at all, so that it may work.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>Number of Alertmanagers; null when it did not say.</summary>
    public int? Alertmanagers { get; init; }

    /// <summary>Why it could not be asked, or what it says that is wrong; null when nothing is.</summary>
    public string? Error { get; init; }

    /// <summary>Reads its answers, one a line.</summary>
    public static PrometheusView Parse(MonitoringHost host, string text)
    {
        var lines = text.Split('\n');
        if (lines.Length <= Paths.Count)
            return new PrometheusView(host) { Error = "it gave no complete answer" };
        var isReady = lines[0].Contains("Ready", StringComparison.OrdinalIgnoreCase);
        var (targets, rules) = (Data(lines[1])?["activeTargets"] as JsonArray, Data(lines[2])?["groups"] as JsonArray);
        var samples = Data(lines[4])?["result"] as JsonArray;
        var nodes = (samples ?? [])
            .Select(sample => sample?["metric"])
            .DistinctBy(metric => (string?)metric?["instance"])
            .ToDictionary(metric => (string?)metric?["instance"] ?? "", metric => (string?)metric?["nodename"]);
        var read = (rules ?? []).SelectMany(group => group?["rules"] as JsonArray ?? []).OfType<JsonNode>().ToList();
        var failed = read.FirstOrDefault(rule => (string?)rule["health"] == "err");
        return new PrometheusView(host)
        {
            IsReady = isReady,
            KnowsNodes = samples is not null,
            Targets = targets is null ? null : [.. targets.OfType<JsonNode>().Select(target => Target(target, nodes))],
            Rules = rules is null ? null : [.. read.Select(rule => (string?)rule["name"] ?? "")],
            Alerts = [.. read.SelectMany(rule => rule["alerts"] as JsonArray ?? []).OfType<JsonNode>().Select(Alert)],
            Alertmanagers = (Data(lines[3])?["activeAlertmanagers"] as JsonArray)?.Count,
            Error =
                !isReady || targets is null || rules is null ? "it is not ready yet"
                : failed is not null ? $"the rule {(string?)failed["name"]} failed: {(string?)failed["lastError"]}"
                : null,
        };
    }

    private static JsonNode? Data(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonNode.Parse(line)?["data"];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ScrapedTarget Target(JsonNode target, Dictionary<string, string?> nodes)
    {
        string? Label(string name) => (string?)target["labels"]?[name];

        var (job, instance) = (Label("job") ?? "", Label("instance") ?? "");
        return new ScrapedTarget(
            job,
            instance,
            Label("from"),
            Label("node"),
            Label("region"),
            job == "node" ? nodes.GetValueOrDefault(instance) : null,
            (string?)target["health"] switch
            {
                "up" => true,
                "down" => false,
                _ => null,
            },
            (string?)target["lastError"] is { Length: > 0 } error ? error : null
        );
    }

    private static SeenAlert Alert(JsonNode alert) =>
        new(
            Texts(alert["labels"]),
            Texts(alert["annotations"]),
            (string?)alert["state"] == "firing",
            DateTimeOffset.TryParse((string?)alert["activeAt"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since)
                ? since.UtcDateTime
                : default
        );

    private static SortedDictionary<string, string> Texts(JsonNode? json) =>
        new((json as JsonObject ?? []).ToDictionary(label => label.Key, label => (string?)label.Value ?? ""), StringComparer.Ordinal);
}

/// <summary>A target as a Prometheus sees it.</summary>
/// <param name="Job">Its job.</param>
/// <param name="Instance">Its instance.</param>
/// <param name="From">The region of a probe.</param>
/// <param name="Node">Name of its node, as the configuration says.</param>
/// <param name="Region">Its region, as the configuration says; of a probe the region that is asked.</param>
/// <param name="NodeId">Id of the node of a node-exporter.</param>
/// <param name="IsUp">Whether the last scrape succeeded; null before the first.</param>
/// <param name="Error">Why it did not.</param>
internal sealed record ScrapedTarget(
    string Job,
    string Instance,
    string? From,
    string? Node,
    string? Region,
    string? NodeId,
    bool? IsUp,
    string? Error
);

/// <summary>An alert as a Prometheus sees it.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Annotations">Its texts.</param>
/// <param name="IsFiring">Whether it fires.</param>
/// <param name="Since">Since when its condition is met.</param>
internal sealed record SeenAlert(
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations,
    bool IsFiring,
    DateTime Since
);
