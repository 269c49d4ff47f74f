using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using static SwarmOps.Tests.Lab.LabRegions;

namespace SwarmOps.Tests.Lab;

/// <summary>Records in Route 53 that equal the nodes of an edge service, as other readers than the module see them.</summary>
public sealed partial class DnsRecordTests(LabFixture lab) : IAsyncLifetime
{
    private const string Sync = "$n | Sync-SwarmDnsRecord -Zone example.org -Name www -Service web @aws";

    // As build/labs.ps1 names its labs: what a killed run leaves is found.
    private readonly string name = $"b{Environment.ProcessId}r";
    private readonly Session session = new();
    private readonly HttpClient http = new();
    private IReadOnlyList<SwarmNode> nodes = [];
    private Uri endpoint = new("http://nowhere.invalid/");
    private string zone = "";

    public async ValueTask InitializeAsync()
    {
        await LabFixture.LabAsync("up", "--name", name, "--ec2");
        using var status = JsonDocument.Parse(await LabFixture.LabAsync("status", "--name", name, "--json"));
        endpoint = new Uri(status.RootElement.GetProperty("ec2EndpointUrl").GetString()!);
        zone = ZoneId()
            .Match(
                await PostAsync(
                    "2013-04-01/hostedzone",
                    "<CreateHostedZoneRequest xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Name>example.org</Name><CallerReference>1</CallerReference></CreateHostedZoneRequest>"
                )
            )
            .Groups[1]
            .Value;
        nodes = await ServiceSwarm.FormAsync(lab, session);
        Run(GeoDnsGround.Edge("-WarningAction SilentlyContinue"));
    }

    public async ValueTask DisposeAsync()
    {
        session.Dispose();
        http.Dispose();
        await LabFixture.LabAsync("down", "--name", name);
    }

    [Fact]
    public async Task The_records_equal_the_nodes_and_stay_so()
    {
        var plan = Run(Sync + " -WhatIf").Objects.Cast<SwarmDnsRecord>().ToList();
        Assert.Equal([false, false, false], plan.Select(record => record.InSync));
        Assert.Equal((0, 0), await CountAsync());

        var made = Run(Sync + " -HealthPath /healthz -HealthIntervalSeconds 10 -TtlSeconds 30 -Verbose");
        var records = made.Objects.Cast<SwarmDnsRecord>().ToList();
        Assert.Equal([Eu, East, West], records.Select(record => record.Region));
        Assert.All(records, record => Assert.Equal((true, 3, 30), (record.InSync, record.Drift.Count, record.TtlSeconds)));
        Assert.Equal(
            lab.Hosts.Select(host => (host.Region, host.PublicAddress)).Order(),
            records.Select(record => (record.Region, Assert.Single(record.Addresses))).Order()
        );
        Assert.Contains(made.Verbose, line => line.Contains("route53:ChangeResourceRecordSets 1", StringComparison.Ordinal));
        Assert.Equal((6, 3), await CountAsync());

        var again = Run(Sync + " -Verbose");
        Assert.All(again.Objects.Cast<SwarmDnsRecord>(), record => Assert.Empty(record.Drift));
        Assert.DoesNotContain(again.Verbose, line => line.Contains("ChangeResourceRecordSets", StringComparison.Ordinal));
        Assert.Equal(records[1].HealthCheckIds, ((SwarmDnsRecord)again.Objects[1]).HealthCheckIds);

        // Someone deletes a record, and a check is left over; what is not specified stays as it was.
        await DeleteLatencyAsync(East);
        var drifted = Run(Sync + " -WhatIf").Objects.Cast<SwarmDnsRecord>().ToList();
        Assert.Equal([true, false, true], drifted.Select(record => record.InSync));
        Assert.Equal(["send clients near us-east-1 to us-east-1._swarm.www.example.org"], drifted[1].Drift);
        var repaired = Run(Sync).Objects.Cast<SwarmDnsRecord>().ToList();
        Assert.Equal((true, "HTTP 8085/healthz, every 10 s, 3 failures"), (repaired[1].InSync, repaired[1].HealthCheck));

        // Another kind of check replaces all checks; the records stay.
        Run(Sync + " -HealthPath ''");
        Assert.Equal((6, 3), await CountAsync());
        Assert.Equal(3, (await CallAsync("2013-04-01/healthcheck")).Split("<Type>TCP</Type>").Length - 1);
        // And back: Route 53 takes no caller reference of a deleted check twice.
        Run(Sync + " -HealthPath /healthz");
        Assert.Equal((6, 3), await CountAsync());

        // A region that the service leaves.
        await ServiceSwarm.ManagerAsync(lab, "docker service rm web-us-west-1 >/dev/null");
        var less = Run(Sync).Objects.Cast<SwarmDnsRecord>().ToList();
        Assert.Equal((West, 0, true), (less[2].Region, less[2].Nodes.Count, less[2].InSync));
        Assert.Equal((4, 2), await CountAsync());

        Run("$n | Remove-SwarmDnsRecord -Zone example.org -Name www @aws -WhatIf");
        Assert.Equal((4, 2), await CountAsync());
        Run("Remove-SwarmDnsRecord -Zone example.org -Name www @aws -Confirm:$false");
        Assert.Equal((0, 0), await CountAsync());
        Assert.Equal(["DnsRecordNotFound"], Try("Remove-SwarmDnsRecord -Zone example.org -Name www @aws -Confirm:$false").ErrorIds);
    }

    [Fact]
    public async Task What_someone_else_made_is_not_touched()
    {
        await ChangeAsync(
            "CREATE",
            "<Name>www.example.org.</Name><Type>A</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords>"
        );

        Assert.Equal(["DnsNameTaken"], Try(Sync).ErrorIds);
        Assert.Equal(["DnsZoneNotFound"], Try(Sync.Replace("example.org", "example.net", StringComparison.Ordinal)).ErrorIds);
        Assert.Equal(["DnsServiceNotFound"], Try(Sync.Replace("-Service web", "-Service shop", StringComparison.Ordinal)).ErrorIds);
        Assert.Equal((1, 0), await CountAsync());
        // Another name of the same zone is nobody's.
        Run(Sync.Replace("-Name www", "-Name shop", StringComparison.Ordinal));
        Assert.Equal((7, 3), await CountAsync());
    }

    [Fact]
    public async Task The_AWS_CLI_reads_the_same()
    {
        Nightly.SkipUnlessAsked();
        await InstallCliAsync();
        var made = Run(Sync + " -HealthPath /").Objects.Cast<SwarmDnsRecord>().ToList();

        using var sets = await CliAsync("list-resource-record-sets", "--hosted-zone-id", zone);
        var latency = sets
            .RootElement.GetProperty("ResourceRecordSets")
            .EnumerateArray()
            .Where(set => set.GetProperty("Name").GetString() == "www.example.org.")
            .ToDictionary(set => set.GetProperty("Region").GetString()!);
        Assert.Equal([Eu, East, West], latency.Keys.Order());
        foreach (var record in made)
        {
            var alias = latency[record.Region].GetProperty("AliasTarget");
            Assert.True(alias.GetProperty("EvaluateTargetHealth").GetBoolean());
            Assert.Equal(zone, alias.GetProperty("HostedZoneId").GetString());
            var node = sets
                .RootElement.GetProperty("ResourceRecordSets")
                .EnumerateArray()
                .Single(set => set.GetProperty("Name").GetString() == alias.GetProperty("DNSName").GetString());
            Assert.Equal(record.Addresses[0], node.GetProperty("ResourceRecords")[0].GetProperty("Value").GetString());
            using var check = await CliAsync("get-health-check", "--health-check-id", node.GetProperty("HealthCheckId").GetString()!);
            var config = check.RootElement.GetProperty("HealthCheck").GetProperty("HealthCheckConfig");
            Assert.Equal(
                (record.Addresses[0], 8085, "HTTP", "/"),
                (
                    config.GetProperty("IPAddress").GetString(),
                    config.GetProperty("Port").GetInt32(),
                    config.GetProperty("Type").GetString(),
                    config.GetProperty("ResourcePath").GetString()
                )
            );
            using var tags = await CliAsync(
                "list-tags-for-resource",
                "--resource-type",
                "healthcheck",
                "--resource-id",
                record.HealthCheckIds[0]
            );
            Assert.Contains($"\"{record.Nodes[0]}\"", tags.RootElement.GetRawText(), StringComparison.Ordinal);
        }
    }

    private Outcome Run(string script) => Try(script).ThrowOnError();

    private Outcome Try(string script) => session.Run(script, [.. Variables(), ("n", nodes)]);

    private (string Name, object? Value)[] Variables() =>
        [
            (
                "aws",
                new System.Collections.Hashtable
                {
                    ["EndpointUrl"] = endpoint,
                    ["AccessKey"] = "test",
                    ["SecretKey"] = "test",
                }
            ),
        ];

    /// <summary>How many address records the zone has, and how many health checks the account.</summary>
    private async Task<(int Records, int Checks)> CountAsync()
    {
        var sets = await CallAsync($"2013-04-01/hostedzone/{zone}/rrset?maxitems=300");
        var checks = await CallAsync("2013-04-01/healthcheck");
        return (sets.Split("<Type>A</Type>").Length - 1, checks.Split("<CallerReference>").Length - 1);
    }

    private Task DeleteLatencyAsync(string region) =>
        ChangeAsync(
            "DELETE",
            $"<Name>www.example.org.</Name><Type>A</Type><SetIdentifier>swarmops/web/{region}</SetIdentifier><Region>{region}</Region><AliasTarget><HostedZoneId>{zone}</HostedZoneId><DNSName>{region}._swarm.www.example.org.</DNSName><EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget>"
        );

    private Task<string> ChangeAsync(string action, string set) =>
        PostAsync(
            $"2013-04-01/hostedzone/{zone}/rrset/",
            $"<ChangeResourceRecordSetsRequest xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes><Change><Action>{action}</Action><ResourceRecordSet>{set}</ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>"
        );

    private Task<string> CallAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint, "/" + path)));

    private Task<string> PostAsync(string path, string body) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, "/" + path))
            {
                Content = new StringContent(body, Encoding.UTF8, "text/xml"),
            }
        );

    /// <summary>The endpoint finds the service in the scope of the signature, and does not verify it.</summary>
    private async Task<string> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            request.Headers.TryAddWithoutValidation(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/route53/aws4_request, SignedHeaders=host, Signature=none"
            );
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException(text);
        }
    }

    private static async Task InstallCliAsync()
    {
        if (File.Exists("/usr/bin/aws"))
            return;
        var (exitCode, output, error) = await Shell.RunAsync(
            "sh",
            "-c",
            "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends awscli"
        );
        Assert.True(exitCode == 0, output + error);
    }

    private async Task<JsonDocument> CliAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await Shell.RunAsync(
            "env",
            [
                "AWS_ACCESS_KEY_ID=test",
                "AWS_SECRET_ACCESS_KEY=test",
                "AWS_DEFAULT_REGION=us-east-1",
                "AWS_PAGER=",
                "/usr/bin/aws",
                "--endpoint-url",
                endpoint.AbsoluteUri,
                "--output",
                "json",
                "route53",
                .. arguments,
            ]
        );
        return exitCode == 0 ? JsonDocument.Parse(output) : throw new InvalidOperationException(error);
    }

    [GeneratedRegex("<Id>/hostedzone/([A-Z0-9]+)</Id>")]
    private static partial Regex ZoneId();
}
