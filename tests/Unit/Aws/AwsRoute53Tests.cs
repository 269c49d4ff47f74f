using System.Text;
using Amazon.Runtime;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Dns;
using SwarmOps.Aws.Dns.Api;
using SwarmOps.Aws.Session;

namespace SwarmOps.Tests.Unit;

/// <summary>The calls of Route 53, against a real API, and what becomes of throttled, refused and lost ones.</summary>
public sealed class AwsRoute53Tests(AwsMotoServer moto)
{
    private static readonly HealthCheckSettings Health = new()
    {
        Port = 443,
        Path = "/healthz",
        Host = "www.example.org",
        IsTls = true,
        IntervalSeconds = 10,
        Retries = 2,
    };

    [Fact]
    public async Task What_is_created_is_read_back_as_it_was_meant()
    {
        var server = await moto.AddressAsync();
        var zone = await ZoneAsync(server, "round.example.org");
        await ZoneAsync(server, "another.example.org");
        using var client = Client(server, out var calls);
        var route53 = new Route53(client, TestContext.Current.CancellationToken);

        Assert.Equal([zone], (await route53.ZonesAsync("round.example.org")).Select(found => found.Id));
        Assert.Equal(zone, (await ZoneFinder.FindAsync(route53, "Round.Example.org.", null)).Id);
        var unknown = await Assert.ThrowsAsync<SwarmOpsException>(() => ZoneFinder.FindAsync(route53, "nosuch.example.org", null));
        Assert.Equal("DnsZoneNotFound", unknown.ErrorId);
        Assert.Contains("another.example.org", unknown.Message, StringComparison.Ordinal);

        var hosted = new HostedZone(zone, "round.example.org", false);
        var name = "www.round.example.org";
        var id = await route53.CreateHealthCheckAsync(DnsNames.Reference(hosted, name, "203.0.113.33", Health), "203.0.113.33", Health);
        await route53.TagAsync(id, new Dictionary<string, string> { [DnsTags.Node] = "us-1", ["Name"] = "a <b> & c" });
        var node = DnsRecordSet.Address(DnsNames.RegionName(name, "us-east-1"), "swarmops/web/us-1", "203.0.113.33", 60, id);
        var latency = DnsRecordSet.Latency(name, "swarmops/web/us-east-1", "us-east-1", node.Name, hosted);
        var change = await route53.ChangeAsync(hosted, [node, latency], []);
        Assert.True(await route53.IsInSyncAsync(change));

        var present = await DnsPresent.ReadAsync(route53, hosted, name);
        Assert.Equal(2, present.Records.Count);
        Assert.Contains(present.Records, node.SameAs);
        Assert.Contains(present.Records, latency.SameAs);
        var check = Assert.Single(present.Checks);
        Assert.Equal((id, "203.0.113.33", Health), (check.Id, check.Address, check.Settings));
        Assert.Equal(("us-1", "a <b> & c"), (present.Tags[id][DnsTags.Node], present.Tags[id]["Name"]));

        await route53.ChangeAsync(hosted, [], present.Own);
        await route53.DeleteHealthCheckAsync(id);
        await route53.DeleteHealthCheckAsync(id);
        var after = await DnsPresent.ReadAsync(route53, hosted, name);
        Assert.Empty(after.Records);
        Assert.Empty(after.Checks);
        Assert.Contains(("us-east-1", "route53:CreateHealthCheck"), calls.Counts.Keys);
    }

    [Fact]
    public async Task A_throttled_call_is_repeated_and_signed_again()
    {
        using var proxy = new AwsProxy(await moto.AddressAsync());
        var left = 2;
        proxy.Answer = _ => Interlocked.Decrement(ref left) >= 0 ? Error("Throttling", 400) : null;
        using var client = Client(proxy.Address, out _);

        await new Route53(client, TestContext.Current.CancellationToken).ZonesAsync("example.org");

        Assert.Equal(3, proxy.Attempts.Count);
        Assert.All(proxy.Attempts, attempt => Assert.Equal(("key", "us-east-1"), (attempt.AccessKey, attempt.Region)));
    }

    [Fact]
    public async Task A_change_whose_answer_was_lost_is_in_doubt_and_not_repeated()
    {
        var zone = new HostedZone(await ZoneAsync(await moto.AddressAsync(), "lost.example.org"), "lost.example.org", false);
        using var proxy = new AwsProxy(await moto.AddressAsync())
        {
            LoseAnswer = attempt => attempt.Path.EndsWith("/rrset/", StringComparison.Ordinal),
        };
        using var client = Client(proxy.Address, out _);
        var route53 = new Route53(client, TestContext.Current.CancellationToken);
        var record = DnsRecordSet.Address("a.lost.example.org", "swarmops/web/a", "203.0.113.1", 60, "check");

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => route53.ChangeAsync(zone, [record], []));

        Assert.True(Route53Errors.IsInDoubt(error), error.ErrorId);
        Assert.Single(proxy.Attempts);
        Assert.Single(await route53.RecordsAsync(zone, "a.lost.example.org", false));
    }

    [Theory]
    [InlineData("AccessDenied", 403, "AwsAccessDenied")]
    [InlineData("SignatureDoesNotMatch", 403, "AwsSecretKeyWrong")]
    [InlineData("NoSuchHostedZone", 404, "Route53ZoneGone")]
    [InlineData("TooManyHealthChecks", 400, "Route53TooManyHealthChecks")]
    [InlineData("InvalidInput", 400, "Route53CallRefused")]
    public async Task A_refusal_is_an_error_that_says_what_to_do(string code, int status, string expected)
    {
        using var proxy = new AwsProxy(await moto.AddressAsync()) { Answer = _ => Error(code, status) };
        using var client = Client(proxy.Address, out _);

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            new Route53(client, TestContext.Current.CancellationToken).HealthChecksAsync()
        );

        Assert.Equal((expected, code), (error.ErrorId, Route53Errors.CodeOf(error)));
        Assert.Contains("We said so.", error.Message, StringComparison.Ordinal);
        Assert.Single(proxy.Attempts);
    }

    [Fact]
    public async Task A_batch_that_no_longer_fits_names_each_change()
    {
        const string body =
            "<InvalidChangeBatch xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Messages><Message>Tried to delete a.</Message><Message>Tried to delete b.</Message></Messages><RequestId>1</RequestId></InvalidChangeBatch>";
        using var proxy = new AwsProxy(await moto.AddressAsync()) { Answer = _ => new AwsAnswer(400, body) };
        using var client = Client(proxy.Address, out _);

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            new Route53(client, TestContext.Current.CancellationToken).ChangeAsync(new HostedZone("Z", "example.org", false), [], [])
        );

        Assert.Equal(Route53Errors.InvalidChange, Route53Errors.CodeOf(error));
        Assert.Contains("Tried to delete a. Tried to delete b.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "https://route53.amazonaws.com/", "us-east-1")]
    [InlineData("eu-central-1", "https://route53.amazonaws.com/", "us-east-1")]
    [InlineData("cn-north-1", "https://route53.amazonaws.com.cn/", "cn-northwest-1")]
    [InlineData("us-gov-east-1", "https://route53.us-gov.amazonaws.com/", "us-gov-west-1")]
    public void The_endpoint_is_that_of_the_partition(string? region, string address, string scope)
    {
        var endpoint = Route53Endpoint.Of(new AwsSettings { StoredRegion = region, Environment = _ => null });

        Assert.Equal((address, scope), (endpoint.Address.AbsoluteUri, endpoint.Region.SystemName));
    }

    /// <summary>From nothing to three nodes, then to two nodes that are checked in another way: stopped before each call that changes something.</summary>
    [Fact]
    public async Task A_run_that_was_interrupted_at_any_call_is_finished_by_the_next()
    {
        var server = await moto.AddressAsync();
        var zone = new HostedZone(await ZoneAsync(server, "kill.example.org"), "kill.example.org", false);
        using var proxy = new AwsProxy(server);
        using var client = Client(proxy.Address, out _);
        var route53 = new Route53(client, TestContext.Current.CancellationToken);
        var stopped = 0;
        for (var point = 1; point <= 20; point++)
        {
            // moto deletes by the set identifier alone, so each round has a service of its own.
            var first = Wish(
                zone,
                $"n{point}.kill.example.org",
                $"web{point}",
                Health,
                ("eu-central-1", ["eu-1", "eu-2"]),
                ("us-east-1", ["us-1"])
            );
            var second = Wish(zone, first.Name, first.Service, Health with { Path = "/other" }, ("eu-central-1", ["eu-1", "eu-3"]));
            foreach (var wish in new[] { first, second })
            {
                stopped += await SyncAsync(wish, point) ? 0 : 1;
                Assert.True(await SyncAsync(wish, 0), $"Stopped before call {point}, the second run failed.");
                var present = await DnsPresent.ReadAsync(route53, zone, wish.Name);
                Assert.All(new DnsPlan(wish, present).Changes(), change => Assert.Empty(change.Words));
                var nodes = wish.Regions.Sum(region => region.Nodes.Count);
                Assert.Equal((nodes + wish.Regions.Count, nodes), (present.Records.Count, present.Checks.Count));
            }
        }

        // Three checks with tags, and one change of all records; then two checks with tags, the records, and three checks less.
        Assert.Equal(7 + 8, stopped);

        async Task<bool> SyncAsync(DnsWish wish, int stopBefore)
        {
            var calls = 0;
            proxy.Answer = attempt =>
                IsChange(attempt) && Interlocked.Increment(ref calls) == stopBefore ? Error("AccessDenied", 403) : null;
            var present = await DnsPresent.ReadAsync(route53, wish.Zone, wish.Name);
            var plan = new DnsPlan(wish, present);
            try
            {
                var update = new DnsUpdate(new FakeContext(), route53, TimeSpan.FromSeconds(10));
                await update.ApplyAsync(wish, plan, plan.Changes());
                await update.DeleteChecksAsync(wish.Name, plan.Orphans());
                return true;
            }
            catch (SwarmOpsException error) when (error.ErrorId == "AwsAccessDenied")
            {
                return false;
            }
        }
    }

    private static bool IsChange(AwsAttempt attempt) =>
        attempt.Method is "DELETE" || (attempt.Method is "POST" && !attempt.Path.EndsWith("/tags/healthcheck", StringComparison.Ordinal));

    private static DnsWish Wish(
        HostedZone zone,
        string name,
        string service,
        HealthCheckSettings health,
        params (string Region, string[] Nodes)[] regions
    ) =>
        new(zone, name, service, "swarm-1")
        {
            TtlSeconds = 60,
            Health = health,
            Regions =
            [
                .. regions.Select(region => new DnsRegion(
                    region.Region,
                    [.. region.Nodes.Select(node => new DnsNode(node, $"203.0.113.{10 + node[^1] + (node[0] == 'u' ? 100 : 0)}"))]
                )),
            ],
        };

    /// <summary>A client of the module.</summary>
    internal static Route53Client Client(Uri server, out AwsCallLog calls)
    {
        calls = new AwsCallLog();
        var endpoint = Route53Endpoint.Of(new AwsSettings { EndpointUrl = server, Environment = _ => null });
        return new Route53Client(new BasicAWSCredentials("key", "secret"), endpoint, calls);
    }

    private static AwsAnswer Error(string code, int status) =>
        new(
            status,
            $"<?xml version=\"1.0\"?><ErrorResponse xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>We said so.</Message></Error><RequestId>1</RequestId></ErrorResponse>"
        );

    /// <summary>A hosted zone, created without the module.</summary>
    internal static async Task<string> ZoneAsync(Uri server, string name)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "2013-04-01/hostedzone"))
        {
            Content = new StringContent(
                $"<CreateHostedZoneRequest xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Name>{name}</Name><CallerReference>{name}</CallerReference></CreateHostedZoneRequest>",
                Encoding.UTF8,
                "text/xml"
            ),
        };
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/route53/aws4_request, SignedHeaders=host, Signature=none"
        );
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Split("/hostedzone/")[1].Split('<', '"')[0];
    }
}
