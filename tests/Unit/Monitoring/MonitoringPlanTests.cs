using SwarmOps.Monitoring.Formation;
using SwarmOps.Services.Edge;
using static SwarmOps.Tests.Unit.Monitoring.MonitoringGrounds;

namespace SwarmOps.Tests.Unit.Monitoring;

/// <summary>What the monitoring is to be, from what was specified, what it is and what the swarm has.</summary>
public sealed class MonitoringPlanTests
{
    private static readonly NewMonitoringRequest Again = new([], "monitoring", "internal");

    [Fact]
    public void Prometheus_is_in_two_regions_and_everything_is_asked_from_every_region()
    {
        Assert.Equal(["1 eu-1", "2 east-1"], Definition.Servers.Select(server => $"{server.Number} {server.Node}"));
        Assert.Equal([Eu, East, West], Definition.Regions);
        Assert.Equal(["east-1", "eu-1", "west-1"], Definition.Nodes.Select(node => node.Node));
        Assert.Equal(["east-1 203.0.113.33:80", "eu-1 203.0.113.16:80"], Definition.Edges.Select(edge => $"{edge.Node} {edge.Address}"));
        Assert.Equal(
            (15, 60, 15, 900),
            (Definition.ScrapeSeconds, Definition.AlertSeconds, Definition.RetentionDays, Definition.SwarmMetricSeconds)
        );
    }

    [Fact]
    public void A_second_run_changes_nothing() => Assert.Equal(Definition.ToJson(), Make(Again, Definition).ToJson());

    [Fact]
    public void The_definition_survives_its_text() =>
        Assert.Equal(
            Definition.ToJson(),
            SwarmOps.Monitoring.Definition.MonitoringDefinition.FromJson(System.Text.Encoding.UTF8.GetBytes(Definition.ToJson())).ToJson()
        );

    [Fact]
    public void What_was_not_specified_stays_and_an_empty_text_removes()
    {
        var changed = Make(Again with { ScrapeSeconds = 5, EdgeHost = "" }, Definition);

        Assert.Equal((5, "/ready", null, 1), (changed.ScrapeSeconds, changed.EdgePath, changed.EdgeHost, changed.Urls.Count));
        Assert.Empty(Make(Again with { EdgeServices = [] }, Definition).Edges);
    }

    [Fact]
    public void A_Prometheus_whose_node_has_left_moves_and_the_other_one_keeps_its_number()
    {
        var left = Ground with { Members = [.. Ground.Members.Where(member => member.Name != "eu-1")] };

        Assert.Equal(["1 west-1", "2 east-1"], Make(Again, Definition, left).Servers.Select(server => $"{server.Number} {server.Node}"));
    }

    [Fact]
    public void A_Prometheus_whose_node_is_away_stays_with_its_data()
    {
        var away = Ground with { Members = [.. Ground.Members.Select(member => member with { IsUsable = member.Name != "eu-1" })] };

        Assert.Equal("eu-1", Make(Again, Definition, away).Servers[0].Node);
        Assert.Equal("MonitoringNodeNotUsable", Error(Again with { PrometheusNodes = ["eu-1", "west-1"] }, null, away));
    }

    [Fact]
    public void Two_nodes_of_one_region_are_better_than_one()
    {
        var one = Ground with { Members = [.. Ground.Members.Take(2).Select(member => member with { Region = Eu })] };

        Assert.Equal(["east-1", "eu-1"], Make(Again, null, one).Servers.Select(server => server.Node).Order());
        Assert.Equal("MonitoringTooFewNodes", Error(Again, null, one with { Members = [one.Members[0]] }));
    }

    [Fact]
    public void A_certificate_that_is_valid_for_a_short_time_has_a_shorter_notice()
    {
        Assert.Equal(13.5 * 86400, Definition.CertificateSeconds);
        Assert.Equal(14 * 86400, Make(Again, null, Ground with { CertificateValidity = TimeSpan.FromDays(365) }).CertificateSeconds);
        Assert.Equal(540, Make(Again, null, Ground with { CertificateValidity = TimeSpan.FromHours(1) }).CertificateSeconds);
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Assert.Equal("MonitoringOverlayDiffers", Error(Again with { Overlay = "other" }, Definition));
        Assert.Equal("MonitoringEdgeNotFound", Error(Again with { EdgeServices = ["wbe"] }));
        Assert.Equal("MonitoringGaleraNotFound", Error(Again with { Galera = ["glera"] }));
        Assert.Equal("MonitoringGaleraGlobal", Error(Again with { Galera = ["everywhere"] }));
        Assert.Equal("MonitoringNodeUnknown", Error(Again with { PrometheusNodes = ["eu-1", "eu-9"] }));
        Assert.Equal(
            "MonitoringRegionMissing",
            Error(Again, null, Ground with { Members = [.. Ground.Members.Select(member => member with { Region = null })] })
        );
        Assert.Equal(
            "MonitoringAddressUnknown",
            Error(
                Again with
                {
                    EdgeServices = ["web"],
                },
                null,
                Ground with
                {
                    Members = [.. Ground.Members.Select(member => member with { Address = null })],
                }
            )
        );
    }

    [Theory]
    [InlineData(Eu, East, null)]
    [InlineData(Eu, Eu, "Both Prometheus servers are in the region 'eu-central-1'")]
    [InlineData(null, null, "'a' and 'b', where a Prometheus server runs, have no region")]
    [InlineData(Eu, null, "'b', where a Prometheus server runs, has no region")]
    [InlineData("", Eu, "'a', where a Prometheus server runs, has no region")]
    public void Where_both_servers_may_be_lost_with_one_region_it_is_told(string? first, string? second, string? words)
    {
        var doubt = MonitoringRules.PlaceDoubt([new(1, "a", "id-a", first), new(2, "b", "id-b", second)]);

        if (words is null)
            Assert.Null(doubt);
        else
            Assert.StartsWith(words, doubt, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_removed_since_is_no_longer_watched()
    {
        var gone = Ground with { Edge = _ => null, Galera = [] };

        var made = Make(Again, Definition, gone);

        Assert.Empty(made.Edges);
        Assert.Empty(made.Galera);
        Assert.Equal(["web"], made.EdgeServices);
    }

    [Theory]
    [InlineData("MonitoringNameInvalid")]
    [InlineData("MonitoringNodeCount")]
    [InlineData("MonitoringReceiverTwice")]
    [InlineData("MonitoringSettingInvalid")]
    [InlineData("ImageNameInvalid")]
    public void A_request_is_checked_before_anything_is_asked(string id)
    {
        var request = id switch
        {
            "MonitoringNameInvalid" => new NewMonitoringRequest([], "Monitoring", "internal"),
            "MonitoringNodeCount" => Again with { PrometheusNodes = ["eu-1", "EU-1"] },
            "MonitoringReceiverTwice" => Again with { Webhooks = ["http://hook/"], AlertmanagerConfig = [1] },
            "MonitoringSettingInvalid" => Again with { Webhooks = ["hook/alerts"] },
            _ => Again with { PrometheusImage = "Prometheus:" },
        };

        Assert.Equal(id, Assert.Throws<SwarmOpsException>(() => MonitoringRules.Check(request)).ErrorId);
        MonitoringRules.Check(Request);
    }

    [Theory]
    [InlineData("htps://hooks.example.org/services/T0/B0/canary", null)]
    [InlineData("hooks.example.org/services/T0/B0/canary", null)]
    [InlineData(null, "https://reader:canary@shop.example.org/")]
    public void A_secret_in_a_URL_is_not_in_the_error(string? webhook, string? url)
    {
        var request = Again with
        {
            Webhooks = webhook is null ? null : ["https://hooks.example.org/ok", webhook],
            Urls = url is null ? null : ["https://shop.example.org/", url],
        };

        var error = Assert.Throws<SwarmOpsException>(() => MonitoringRules.Check(request));

        Assert.Equal("MonitoringSettingInvalid", error.ErrorId);
        Assert.StartsWith($"Value 2 of {(webhook is null ? "-Url" : "-WebhookUrl")} ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", $"{error.Message} {error.RecommendedAction} {error.Target}", StringComparison.Ordinal);
    }

    private static string Error(
        NewMonitoringRequest request,
        SwarmOps.Monitoring.Definition.MonitoringDefinition? present = null,
        MonitoringGround? ground = null
    ) => Assert.Throws<SwarmOpsException>(() => Make(request, present, ground)).ErrorId;
}
