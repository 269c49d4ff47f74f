using System.Collections;
using System.Management.Automation;
using SwarmOps.Aws.Dns.Api;

namespace SwarmOps.Tests.Unit;

/// <summary>What the Tab key offers: what the SDK knows, and what the account has.</summary>
public sealed class AwsCompletionTests(AwsMotoServer moto)
{
    private static readonly string Cluster = $"tab{Environment.ProcessId}";

    [Theory]
    [InlineData("New-SwarmRegionNode -Cluster shop -Region eu-c", "eu-central-1")]
    [InlineData("New-SwarmRegionNode -Cluster shop -Region us-east-1, ap-northeast-", "ap-northeast-3")]
    [InlineData("Get-SwarmRegionNode shop -Region sa-", "sa-east-1")]
    [InlineData("Remove-SwarmRegionNode -Cluster shop -Region us-w", "us-west-2")]
    [InlineData("Sync-SwarmFirewall shop -Region 'eu-west-", "eu-west-3")]
    [InlineData("New-SwarmRegionNode -Cluster shop -InstanceType t4g.s", "t4g.small")]
    [InlineData("New-SwarmRegionNode -Cluster shop -InstanceType M7I.4X", "m7i.4xlarge")]
    [InlineData("New-SwarmRegionNode -Cluster shop -Prof", "-ProfileName")]
    public void The_names_of_regions_and_instance_types_are_completed(string typed, string expected)
    {
        using var session = new AwsSession();

        var completion = session
            .Run("(TabExpansion2 -inputScript $typed -cursorColumn $typed.Length).CompletionMatches", ("typed", typed))
            .ThrowOnError();

        Assert.Contains(expected, completion.Objects.OfType<CompletionResult>().Select(match => match.CompletionText.Trim('\'')));
    }

    [Fact]
    public async Task The_names_of_clusters_and_nodes_are_those_of_the_account()
    {
        await moto.AddNodeAsync(Cluster, "eu-central-1", 1, "203.0.113.201");
        await moto.AddNodeAsync(Cluster, "us-east-1", 1, "203.0.113.202");
        using var session = new AwsSession();
        var server = await moto.AddressAsync();
        const string regions = "-Region eu-central-1, us-east-1";
        session.RunOn(server, "").ThrowOnError();

        var cluster = await TabAsync(session, $"Get-SwarmRegionNode @aws {regions} -Cluster {Cluster[..4]}");
        var nodes = await TabAsync(session, $"Get-SwarmRegionNode @aws {regions} -Cluster {Cluster} -Name ");
        var removal = await TabAsync(
            session,
            $"Remove-SwarmRegionNode -AccessKey test -SecretKey test -EndpointUrl {server} {regions} -Cluster {Cluster[..4]}"
        );

        Assert.Equal((Cluster, "2 nodes in eu-central-1, us-east-1"), (cluster[0].CompletionText, cluster[0].ToolTip));
        Assert.Equal([$"{Cluster}-eu-central-1-1", $"{Cluster}-us-east-1-1"], nodes.Select(match => match.CompletionText));
        Assert.Equal([Cluster], removal.Select(match => match.CompletionText));
    }

    [Fact]
    public async Task The_zones_of_Route_53_are_those_of_the_account_and_the_names_those_of_the_module()
    {
        var server = await moto.AddressAsync();
        var zone = new HostedZone(await AwsRoute53Tests.ZoneAsync(server, "tab.example.org"), "tab.example.org", false);
        using var client = AwsRoute53Tests.Client(server, out _);
        var records = new[]
        {
            DnsRecordSet.Latency("shop.tab.example.org", "swarmops/tab/us-east-1", "us-east-1", "x.tab.example.org", zone),
            DnsRecordSet.Latency("other.tab.example.org", "someone", "us-east-1", "x.tab.example.org", zone),
        };
        await new Route53(client, TestContext.Current.CancellationToken).ChangeAsync(zone, records, []);
        using var session = new AwsSession();
        session.RunOn(server, "").ThrowOnError();

        var zones = await TabAsync(session, "Remove-SwarmDnsRecord @aws -Zone tab.");
        var names = await TabAsync(session, "Remove-SwarmDnsRecord @aws -Zone tab.example.org -Name ");

        Assert.Equal(("tab.example.org", zone.Id), (Assert.Single(zones).CompletionText, zones[0].ToolTip));
        Assert.Equal(["shop"], names.Select(match => match.CompletionText));
    }

    [Theory]
    [InlineData("Get-SwarmRegionNode @aws -Credential (Get-Credential) -Cluster ")]
    [InlineData("Get-SwarmRegionNode -AccessKey only -Cluster ")]
    [InlineData("Get-SwarmRegionNode -ProfileName nosuch -Cluster ")]
    [InlineData("Get-SwarmRegionNode -AccessKey test -SecretKey test -EndpointUrl http://127.0.0.1:9 -Region eu-central-1 -Cluster ")]
    public void Where_the_account_is_not_known_or_does_not_answer_nothing_is_offered(string line)
    {
        using var session = new AwsSession();
        Assert.Empty(
            session
                .Run(
                    "(TabExpansion2 -inputScript $typed -cursorColumn $typed.Length).CompletionMatches",
                    ("aws", new Hashtable()),
                    ("typed", line)
                )
                .ThrowOnError()
                .Objects
        );
    }

    [Fact]
    public void A_profile_that_gets_its_keys_from_a_program_runs_none()
    {
        var folder = Directory.CreateTempSubdirectory("profile");
        try
        {
            var (file, mark) = (Path.Combine(folder.FullName, "credentials"), Path.Combine(folder.FullName, "ran"));
            File.WriteAllText(
                file,
                $"[tool]\ncredential_process = touch {mark}\n[chained]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = tool\n"
            );
            using var session = new AwsSession();
            foreach (var profile in new[] { "tool", "chained" })
            {
                var line = $"Get-SwarmRegionNode -ProfileLocation '{file}' -ProfileName {profile} -Cluster ";
                Assert.Empty(
                    session
                        .Run("(TabExpansion2 -inputScript $typed -cursorColumn $typed.Length).CompletionMatches", ("typed", line))
                        .ThrowOnError()
                        .Objects
                );
            }

            Assert.False(File.Exists(mark));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Presses Tab until there is an answer: a cold account may take longer than one press.</summary>
    private static async Task<IReadOnlyList<CompletionResult>> TabAsync(AwsSession session, string line)
    {
        for (var press = 0; ; press++)
        {
            var matches = session
                .Run("(TabExpansion2 -inputScript $typed -cursorColumn $typed.Length).CompletionMatches", ("typed", line))
                .ThrowOnError()
                .Objects.OfType<CompletionResult>()
                .ToList();
            if (matches.Count > 0 || press == 20)
                return matches;
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
    }
}
