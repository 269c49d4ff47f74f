using System.Diagnostics;
using System.Text.Json.Nodes;

namespace SwarmOps.Tests.Unit.Monitoring;

/// <summary>The dashboards of examples/grafana.</summary>
public sealed class DashboardTests
{
    private static readonly IReadOnlyList<JsonNode> Dashboards =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(DocumentedErrorTests.Root, "examples", "grafana"), "*.json")
            .Order(StringComparer.Ordinal)
            .Select(file => JsonNode.Parse(File.ReadAllText(file))!),
    ];

    private static IEnumerable<string> Expressions =>
        Dashboards
            .SelectMany(board => board["panels"]!.AsArray())
            .SelectMany(panel => panel!["targets"]!.AsArray())
            .Select(target => (string)target!["expr"]!);

    [Fact]
    public void Each_has_a_name_of_its_own_and_asks_the_data_source_that_is_chosen()
    {
        Assert.Equal(["swarmops-galera", "swarmops-swarm"], Dashboards.Select(board => (string?)board["uid"]));
        foreach (var board in Dashboards)
        {
            var panels = board["panels"]!.AsArray();
            Assert.Equal(panels.Count, panels.Select(panel => (int)panel!["id"]!).Distinct().Count());
            Assert.All(panels, panel => Assert.Equal("${datasource}", (string?)panel!["datasource"]!["uid"]));
        }
    }

    [Fact]
    public async Task Promtool_reads_every_expression()
    {
        Promtool.Require();
        var rules = Expressions.Select(
            (expression, index) =>
                (JsonNode)
                    new JsonObject
                    {
                        ["record"] = $"dashboard:{new string('a', index + 1)}",
                        ["expr"] = expression
                            .Replace("$__rate_interval", "1m", StringComparison.Ordinal)
                            .Replace("$cluster", ".*", StringComparison.Ordinal),
                    }
        );
        var file = Path.GetTempFileName();
        try
        {
            var groups = new JsonObject
            {
                ["groups"] = new JsonArray(new JsonObject { ["name"] = "dashboards", ["rules"] = new JsonArray([.. rules]) }),
            };
            await File.WriteAllTextAsync(file, groups.ToJsonString(), TestContext.Current.CancellationToken);
            using var process = Process.Start(
                new ProcessStartInfo(Promtool.Path, ["check", "rules", file])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, error);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
