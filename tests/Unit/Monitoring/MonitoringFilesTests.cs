using System.Diagnostics;
using System.Text.Json.Nodes;
using SwarmOps.Monitoring.Definition;
using SwarmOps.Monitoring.Running;
using static SwarmOps.Tests.Unit.Monitoring.MonitoringGrounds;

namespace SwarmOps.Tests.Unit.Monitoring;

/// <summary>The files of Prometheus and its exporters, checked by promtool; tests/Lab checks them by the lab's image.</summary>
public sealed class MonitoringFilesTests
{
    [Fact]
    public async Task Promtool_accepts_the_configuration_and_each_rule_fires_for_its_fault_only()
    {
        Promtool.Require();
        var folder = Directory.CreateTempSubdirectory("swarmops").FullName;
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, "expected.yml"),
                MonitoringFiles.Expected(Definition),
                TestContext.Current.CancellationToken
            );
            await File.WriteAllTextAsync(
                Path.Combine(folder, "rules.yml"),
                MonitoringFiles.Rules(Definition),
                TestContext.Current.CancellationToken
            );
            File.Copy(
                Path.Combine(DocumentedErrorTests.Root, "tests", "Unit", "Monitoring", "rules-test.yml"),
                Path.Combine(folder, "test.yml")
            );
            await File.WriteAllTextAsync(
                Path.Combine(folder, "prometheus.yml"),
                MonitoringFiles
                    .Prometheus(Definition)
                    .Replace(MonitoringNames.ExpectedTarget, Path.Combine(folder, "expected.yml"), StringComparison.Ordinal)
                    .Replace(MonitoringNames.RulesTarget, Path.Combine(folder, "rules.yml"), StringComparison.Ordinal),
                TestContext.Current.CancellationToken
            );

            await PromtoolAsync("check", "config", Path.Combine(folder, "prometheus.yml"));
            await PromtoolAsync("test", "rules", Path.Combine(folder, "test.yml"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Every_region_asks_every_edge_manager_and_URL()
    {
        var jobs = JsonNode.Parse(MonitoringFiles.Prometheus(Definition))!["scrape_configs"]!.AsArray();

        int Count(string job) => jobs.Single(found => (string?)found!["job_name"] == job)!["static_configs"]!.AsArray().Count;

        Assert.Equal((6, 9, 3, 2, 3), (Count("edge"), Count("manager"), Count("url"), Count("galera"), Count("blackbox")));
        var edge = jobs.Single(found => (string?)found!["job_name"] == "edge")!;
        Assert.Equal("/probe", (string?)edge["metrics_path"]);
        Assert.Equal(
            """{"__param_module":"edge","__param_target":"http://203.0.113.33:80/ready","instance":"http://203.0.113.33:80/ready","from":"eu-central-1","service":"web","node":"east-1","region":"us-east-1"}""",
            edge["static_configs"]![0]!["labels"]!.ToJsonString()
        );
        Assert.Equal("monitoring-blackbox-eu-central-1:9115", (string?)edge["static_configs"]![0]!["targets"]![0]);
        Assert.DoesNotContain(
            JsonNode.Parse(MonitoringFiles.Prometheus(Make(Request with { EdgeServices = [], Urls = [], Galera = [] })))![
                "scrape_configs"
            ]!.AsArray(),
            job => (string?)job!["job_name"] is "edge" or "url" or "galera"
        );
    }

    [Fact]
    public void Nothing_is_published_unless_it_is_asked_for()
    {
        var all = MonitoringServices
            .Exporters(Definition)
            .Concat(MonitoringServices.Servers(Definition).Select(server => server.Request))
            .ToList();

        Assert.Equal(10, all.Count);
        Assert.All(all, service => Assert.Empty(service.Ports!));
        Assert.All(all, service => Assert.Equal(["ALL"], service.CapabilityDrop));
        var published = MonitoringServices.Servers(Make(Request with { PublishPrometheus = 9090 })).Select(server => server.Request);
        Assert.Equal(2, published.Count(service => service.Ports!.Any(port => port is { Published: 9090, OnHost: true })));
    }

    [Fact]
    public void No_rule_has_a_placeholder_left_and_each_says_what_to_do()
    {
        var rules = MonitoringFiles.Rules(Definition);

        Assert.DoesNotContain('@', rules);
        Assert.Equal(rules.Split("- alert:").Length, rules.Split(" action: ").Length);
        Assert.Equal(rules.Split("- alert:").Length, rules.Split(" summary: ").Length);
    }

    [Fact]
    public void A_content_is_known_by_its_hash_and_not_by_another()
    {
        var hash = SaltedHash.Of("smtp_auth_password: geheim"u8.ToArray());

        Assert.True(SaltedHash.Matches(hash, "smtp_auth_password: geheim"u8.ToArray()));
        Assert.False(SaltedHash.Matches(hash, "smtp_auth_password: anders"u8.ToArray()));
        Assert.NotEqual(hash, SaltedHash.Of("smtp_auth_password: geheim"u8.ToArray()));
        Assert.False(SaltedHash.Matches("of another program", [1]));
    }

    /// <summary>SELECT PASSWORD('password') of MariaDB and MySQL.</summary>
    [Fact]
    public void A_password_is_hashed_as_the_server_does() =>
        Assert.Equal("*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19", GaleraAccount.NativeHash("password"));

    private static async Task PromtoolAsync(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Promtool.Path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await error);
    }
}
