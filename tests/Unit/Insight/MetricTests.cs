using System.Text.RegularExpressions;
using SwarmOps.Insight.Metrics;

namespace SwarmOps.Tests.Unit.Insight;

/// <summary>The metrics keep the rules of OpenMetrics and of the older text format, and what is not known has no sample.</summary>
public sealed partial class MetricTests
{
    private static readonly Dictionary<string, string> NoLabels = [];

    [Fact]
    public void Every_line_is_a_sample_of_the_gauge_above_it()
    {
        var lines = ReportMetrics.Of(MadeReport.Troubled(), NoLabels).Split('\n');

        Assert.Equal(["# EOF", ""], lines[^2..]);
        string? family = null;
        var families = new HashSet<string>();
        foreach (var line in lines[..^2])
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                Assert.True(families.Add(family = line.Split(' ')[2]), line);
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                Assert.Equal($"# TYPE {family} gauge", line);
            else
                Assert.Equal(family, SampleLine().Match(line) is { Success: true } match ? match.Groups[1].Value : line);
        }
    }

    [Fact]
    public void No_series_is_there_twice()
    {
        var series = ReportMetrics
            .Of(MadeReport.Troubled(), NoLabels)
            .Split('\n')
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split("} ")[0]);
        Assert.Empty(
            series.Where(line => line.Length > 0).GroupBy(line => line).Where(group => group.Count() > 1).Select(group => group.Key)
        );
    }

    [Fact]
    public void What_is_not_known_has_no_sample()
    {
        var text = ReportMetrics.Of(MadeReport.Outage(), NoLabels);

        Assert.Contains("swarmops_swarm_available 0\n", text, StringComparison.Ordinal);
        Assert.Contains("swarmops_findings{severity=\"critical\"} 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("swarmops_service_tasks_running", text, StringComparison.Ordinal);
        Assert.DoesNotContain("swarmops_node_ready", text, StringComparison.Ordinal);
        Assert.DoesNotContain("swarmops_managers", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_was_not_tested_neither_works_nor_fails()
    {
        var report = MadeReport.Troubled();
        var untested = report.Paths!.First(path => path.Result == FindingResult.NotTested);

        Assert.DoesNotContain(
            $"from=\"{untested.From}\",to=\"{untested.To}\"",
            ReportMetrics.Of(report, NoLabels),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Labels_are_added_and_escaped()
    {
        var text = ReportMetrics.Of(MadeReport.Healthy(), new Dictionary<string, string> { ["cluster"] = "a\\b\"c\nd" });

        Assert.Contains("swarmops_swarm_available{cluster=\"a\\\\b\\\"c\\nd\"} 1\n", text, StringComparison.Ordinal);
    }

    [GeneratedRegex("""^([a-z_]+)(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? -?[0-9.]+(?:E[+-]?[0-9]+)?$""")]
    private static partial Regex SampleLine();
}
