using SwarmOps.Monitoring.Definition;
using SwarmOps.Monitoring.State;
using static SwarmOps.Tests.Unit.Monitoring.MonitoringGrounds;

namespace SwarmOps.Tests.Unit.Monitoring;

/// <summary>What the Prometheus servers say, and what is made of it.</summary>
public sealed class PrometheusViewTests
{
    private static readonly MonitoringDefinition Small = Make(Request with { EdgeServices = [], Urls = [], Galera = [] });

    private static readonly IReadOnlyDictionary<string, string> Members = Small.Nodes.ToDictionary(node => node.NodeId, node => node.Node);

    private static readonly string Rules = string.Join(
        ',',
        MonitoringFiles
            .Rules(Small)
            .Split('\n')
            .Where(line => line.Contains("- alert: "))
            .Select(line => $$"""{"name":"{{line.Split(": ")[1].Trim()}}","health":"ok","type":"alerting","alerts":[]}""")
    );

    [Fact]
    public void All_is_well_when_every_target_is_up_and_every_rule_is_loaded()
    {
        var views = Small.Servers.Select(host => PrometheusView.Parse(host, Answer())).ToList();

        var seen = MonitoringJudge.Describe(Small, views, Members);

        Assert.Empty(MonitoringJudge.Missing(Small, views, new HashSet<string>()));
        Assert.Equal((MonitoringStatus.Healthy, 2), (seen.Status, seen.Servers.Count(server => server.IsReady)));
        Assert.Empty(seen.Findings);
        Assert.Equal("eu-1", seen.Targets.Single(target => target.Instance == "10.0.5.7:9100").Node);
        Assert.Equal(["eu-1", "east-1"], seen.Targets[0].UpFrom);
    }

    [Fact]
    public void A_target_that_one_of_them_cannot_scrape_is_named_with_its_place()
    {
        PrometheusView[] views =
        [
            PrometheusView.Parse(Small.Servers[0], Answer()),
            PrometheusView.Parse(Small.Servers[1], Answer(health: "down", error: "connection refused")),
        ];

        var seen = MonitoringJudge.Describe(Small, views, Members);

        Assert.Equal(MonitoringStatus.Degraded, seen.Status);
        Assert.Contains(
            seen.Findings,
            finding => finding.StartsWith("alertmanager east-1 cannot be scraped from east-1: connection refused")
        );
        Assert.Contains(
            MonitoringJudge.Missing(Small, views, new HashSet<string>()),
            clause => clause.Contains("cannot scrape alertmanager")
        );
        // Its node is known to be away.
        Assert.Empty(MonitoringJudge.Missing(Small, views, new HashSet<string> { "id-east-1" }));
    }

    [Fact]
    public void A_node_without_exporter_and_a_rule_that_is_not_loaded_are_missing()
    {
        var host = Small.Servers[0];

        Assert.Contains(
            MonitoringJudge.Missing(Small, [PrometheusView.Parse(host, Answer(nodes: ["id-eu-1", "id-east-1"]))], new HashSet<string>()),
            clause => clause == "Prometheus on 'eu-1' has no node-exporter of 'west-1'"
        );
        Assert.Contains(
            MonitoringJudge.Missing(
                Small,
                [PrometheusView.Parse(host, Answer(rules: Rules.Replace("SwarmDiskFull", "Other")))],
                new HashSet<string>()
            ),
            clause => clause == "Prometheus on 'eu-1' has not loaded the rule SwarmDiskFull"
        );
    }

    [Fact]
    public void A_node_that_joined_or_left_since_is_told()
    {
        var views = Small.Servers.Select(host => PrometheusView.Parse(host, Answer())).ToList();
        var members = new Dictionary<string, string>(Members) { ["id-new"] = "eu-2" };
        members.Remove("id-west-1");

        var seen = MonitoringJudge.Describe(Small, views, members);

        Assert.Contains(seen.Findings, finding => finding.StartsWith("'eu-2' joined after the monitoring was set up"));
        Assert.Contains(seen.Findings, finding => finding.StartsWith("'west-1' has left the swarm"));
    }

    [Fact]
    public void An_alert_of_both_is_one_and_fires_as_soon_as_it_fires_in_one()
    {
        static string Alert(string state, string since) =>
            $$"""{"name":"SwarmNodeMissing","health":"ok","alerts":[{"labels":{"alertname":"SwarmNodeMissing","severity":"critical","node":"west-1"},"annotations":{"summary":"Gone.","action":"Look."},"state":"{{state}}","activeAt":"{{since}}"}]}""";

        var alert = Assert.Single(
            MonitoringJudge
                .Describe(
                    Small,
                    [
                        PrometheusView.Parse(Small.Servers[0], Answer(rules: Alert("pending", "2026-11-30T10:00:05Z"))),
                        PrometheusView.Parse(Small.Servers[1], Answer(rules: Alert("firing", "2026-11-30T10:00:00Z"))),
                    ],
                    Members
                )
                .Alerts
        );

        Assert.Equal(("SwarmNodeMissing", SwarmAlertState.Firing, "critical"), (alert.Name, alert.State, alert.Severity));
        Assert.Equal(("Gone.", "Look.", "west-1"), (alert.Summary, alert.RecommendedAction, alert.Labels["node"]));
        Assert.Equal(["eu-1", "east-1"], alert.SeenFrom);
        Assert.Equal(new DateTime(2026, 11, 30, 10, 0, 0, DateTimeKind.Utc), alert.Since);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\n\n\ndone\n")]
    [InlineData("Prometheus Server is Ready.\n{\"status\":\"error\"}\n<html>\n\n\ndone\n")]
    public void An_answer_that_is_none_is_not_taken_for_health(string text)
    {
        var view = PrometheusView.Parse(Small.Servers[0], text);

        Assert.NotNull(view.Error);
        Assert.Null(view.Targets);
        Assert.Equal(MonitoringStatus.Down, MonitoringJudge.Describe(Small, [view], Members).Status);
        Assert.NotEmpty(MonitoringJudge.Missing(Small, [view], new HashSet<string>()));
    }

    [Fact]
    public void A_Prometheus_that_cannot_be_asked_may_work()
    {
        var view = new PrometheusView(Small.Servers[0]) { Error = "its node did not answer", IsUnknown = true };
        var down = new PrometheusView(Small.Servers[1]) { Error = "its service does not exist" };

        Assert.Equal(MonitoringStatus.Unknown, MonitoringJudge.Describe(Small, [view, view], Members).Status);
        Assert.Equal(MonitoringStatus.Unknown, MonitoringJudge.Describe(Small, [view, down], Members).Status);
        Assert.Equal(MonitoringStatus.Down, MonitoringJudge.Describe(Small, [down, down], Members).Status);
    }

    [Fact]
    public void A_Prometheus_that_does_not_say_whom_it_tells_is_not_healthy()
    {
        var lines = Answer().Split('\n');
        lines[3] = "";
        var views = Small.Servers.Select(host => PrometheusView.Parse(host, string.Join('\n', lines))).ToList();

        Assert.Contains(
            MonitoringJudge.Missing(Small, views, new HashSet<string>()),
            clause => clause == "Prometheus on 'eu-1' has an unknown number of 2 Alertmanagers"
        );
        Assert.Equal(MonitoringStatus.Degraded, MonitoringJudge.Describe(Small, views, Members).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"status":"error","errorType":"timeout","error":"query timed out in query execution"}""")]
    public void Which_nodes_are_scraped_is_unknown_where_the_query_failed_not_none(string answer)
    {
        var lines = Answer().Split('\n');
        lines[4] = answer;
        PrometheusView[] views =
        [
            PrometheusView.Parse(Small.Servers[0], string.Join('\n', lines)),
            PrometheusView.Parse(Small.Servers[1], Answer()),
        ];

        Assert.Equal(
            ["Prometheus on 'eu-1' did not say which nodes it scrapes (query node_uname_info)"],
            MonitoringJudge.Missing(Small, views, new HashSet<string>())
        );
        var seen = MonitoringJudge.Describe(Small, views, Members);
        Assert.StartsWith("Prometheus on 'eu-1' did not say which nodes it scrapes", Assert.Single(seen.Findings));
        Assert.Equal(MonitoringStatus.Degraded, seen.Status);
    }

    [Fact]
    public void No_exporter_at_all_is_none()
    {
        var view = PrometheusView.Parse(Small.Servers[0], Answer(nodes: ["id-of-another-swarm"]));

        Assert.Equal(3, MonitoringJudge.Missing(Small, [view], new HashSet<string>()).Count);
    }

    private static string Answer(string health = "up", string error = "", string[]? nodes = null, string? rules = null)
    {
        var ids = nodes ?? ["id-eu-1", "id-east-1", "id-west-1"];
        var exporters = ids.Select(
            (_, index) => $$"""{"labels":{"job":"node","instance":"10.0.5.{{index + 7}}:9100"},"health":"up","lastError":""}"""
        );
        var names = ids.Select(
            (id, index) => $$"""{"metric":{"instance":"10.0.5.{{index + 7}}:9100","nodename":"{{id}}"},"value":[0,"1"]}"""
        );
        return string.Join(
            '\n',
            "Prometheus Server is Ready.",
            $$$"""{"status":"success","data":{"activeTargets":[{"labels":{"job":"alertmanager","instance":"monitoring-alertmanager-2:9093","node":"east-1"},"health":"{{{health}}}","lastError":"{{{error}}}"},{{{string.Join(',', exporters)}}}]}}""",
            $$$"""{"status":"success","data":{"groups":[{"name":"g","rules":[{{{rules ?? Rules}}}]}]}}""",
            """{"status":"success","data":{"activeAlertmanagers":[{"url":"a"},{"url":"b"}],"droppedAlertmanagers":[]}}""",
            $$$"""{"status":"success","data":{"resultType":"vector","result":[{{{string.Join(',', names)}}}]}}""",
            "done\n"
        );
    }
}
