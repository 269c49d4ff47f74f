using System.Text.RegularExpressions;
using Amazon.EC2;
using Amazon.Runtime;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Session;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>Each error of EC2, through the SDK, to the error record that the user sees.</summary>
public sealed partial class AwsErrorTests(AwsMotoServer moto)
{
    /// <summary>Codes that the SDK repeats on its own account, with pauses: a few of them are tried here, since each takes some seconds.</summary>
    private static readonly HashSet<string> Repeated =
    [
        .. Ec2ErrorTable.Codes.Where(code => Ec2ErrorTable.Find(code).ErrorId is "Ec2Throttled" or "Ec2Unavailable"),
        "RequestTimeTooSkewed",
        "RequestExpired",
    ];

    [Fact]
    public async Task Every_code_that_EC2_may_answer_has_an_id_and_an_advice_of_its_own()
    {
        using var session = new AwsSession();
        using var proxy = new AwsProxy(await moto.AddressAsync());
        foreach (var code in Ec2ErrorTable.Codes.Where(code => !Repeated.Contains(code)))
        {
            proxy.Answer = _ => AwsAnswer.Error(code);

            var error = Assert.Single(session.RunOn(proxy.Address, "Get-SwarmRegionNode shop @aws -Region eu-west-1").Errors);

            var expected = Ec2ErrorTable.Find(code);
            Assert.Equal($"{expected.ErrorId},SwarmOps.Aws.Cluster.GetSwarmRegionNodeCommand", error.FullyQualifiedErrorId);
            Assert.Equal(("eu-west-1", expected.Advice), (error.TargetObject, error.ErrorDetails.RecommendedAction));
            Assert.Equal($"EC2 in eu-west-1 answered {code}: We said {code}.", error.Exception.Message);
        }
    }

    [Fact]
    public async Task A_throttled_call_is_repeated_by_the_SDKs_adaptive_mode_until_it_is_let_through()
    {
        using var session = new AwsSession();
        using var proxy = new AwsProxy(await moto.AddressAsync());
        var refusals = 2;
        proxy.Answer = _ => refusals-- > 0 ? AwsAnswer.Error("RequestLimitExceeded", 503) : null;

        Assert.Empty(session.RunOn(proxy.Address, "Get-SwarmRegionNode throttled* @aws -Region eu-west-1").ThrowOnError().Objects);

        Assert.Equal(3, proxy.Attempts.Count);
        using var clients = new Ec2Clients(
            new AwsSettings { EndpointUrl = proxy.Address },
            new BasicAWSCredentials("test", "test"),
            ["eu-west-1"],
            null
        );
        var config = await clients
            .In("eu-west-1")
            .AskAsync(ec2 => Task.FromResult(((AmazonEC2Client)ec2).Config), TestContext.Current.CancellationToken);
        Assert.Equal((RequestRetryMode.Adaptive, 4), (config.RetryMode, config.MaxErrorRetry));
    }

    [Theory]
    [InlineData("RequestLimitExceeded", 503, "Ec2Throttled", 5)]
    [InlineData("Unavailable", 503, "Ec2Unavailable", 5)]
    public async Task What_never_gets_through_is_said_after_five_attempts(string code, int status, string id, int attempts)
    {
        using var session = new AwsSession();
        using var proxy = new AwsProxy(await moto.AddressAsync()) { Answer = _ => AwsAnswer.Error(code, status) };

        var error = Assert.Single(session.RunOn(proxy.Address, "Get-SwarmRegionNode shop @aws -Region eu-west-1").Errors);

        Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(attempts, proxy.Attempts.Count);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_or_a_request_that_is_too_old_says_so()
    {
        using var session = new AwsSession();
        using var proxy = new AwsProxy(await moto.AddressAsync()) { Answer = _ => AwsAnswer.Error("RequestExpired") };

        var error = Assert.Single(session.RunOn(proxy.Address, "Get-SwarmRegionNode shop @aws -Region eu-west-1").Errors);

        Assert.StartsWith("AwsRequestExpired", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("clock", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_network_no_such_name_and_something_else_at_the_address_have_ids_of_their_own()
    {
        using var session = new AwsSession();
        using var proxy = new AwsProxy(await moto.AddressAsync())
        {
            Answer = _ => new AwsAnswer(404, "<html>There is nothing here</html>", "text/html"),
        };

        Assert.Equal(
            ["Ec2Unreachable"],
            session
                .Run("Get-SwarmRegionNode shop -EndpointUrl http://no-such-host.invalid -AccessKey test -SecretKey test -Region eu-west-1")
                .ErrorIds
        );
        Assert.Equal(["Ec2CallFailed"], session.RunOn(proxy.Address, "Get-SwarmRegionNode shop @aws -Region eu-west-1").ErrorIds);
        Assert.Equal("Ec2TimedOut", Ec2Errors.From(new AmazonServiceException("", new TimeoutException()), "eu-west-1").ErrorId);
        proxy.Answer = _ => AwsAnswer.Error("NoSuchCodeYet");
        Assert.Equal(["Ec2CallRefused"], session.RunOn(proxy.Address, "Get-SwarmRegionNode shop @aws -Region eu-west-1").ErrorIds);
    }

    [Fact]
    public async Task One_region_that_answers_an_error_leaves_the_others_nodes_usable()
    {
        using var session = new AwsSession();
        await moto.AddNodeAsync("err-one", "eu-west-1", 1, "127.40.0.1");
        await moto.AddNodeAsync("err-one", "eu-west-2", 1, "127.40.0.2");
        using var proxy = new AwsProxy(await moto.AddressAsync());
        var first = 0;
        proxy.Answer = attempt =>
            attempt.Action == "DescribeInstances" && Interlocked.Increment(ref first) == 1
                ? AwsAnswer.Error("UnauthorizedOperation", 403)
                : null;

        var result = session.RunOn(proxy.Address, "Get-SwarmRegionNode err-one @aws -Region eu-west-1, eu-west-2");

        Assert.Equal(["AwsAccessDenied"], result.ErrorIds);
        Assert.Single(result.Nodes);
    }

    /// <summary>docs/errors/aws.md tells what the code does, word for word.</summary>
    [Fact]
    public void The_page_of_errors_names_every_code_with_its_id_and_advice()
    {
        var page = File.ReadAllLines(Path.Combine(DocumentedErrorTests.Root, "docs", "errors", "aws.md"))
            .Select(line => Row().Match(line))
            .Where(row => row.Success)
            .SelectMany(row =>
                row.Groups["codes"]
                    .Value.Split(", ")
                    .Select(code => $"{code.Trim('`')} | {row.Groups["id"].Value} | {row.Groups["advice"].Value}")
            );

        var table = Ec2ErrorTable.Codes.Select(code => $"{code} | {Ec2ErrorTable.Find(code).ErrorId} | {Ec2ErrorTable.Find(code).Advice}");

        Assert.Equal(table.Order(StringComparer.Ordinal), page.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| (?<id>[A-Za-z0-9]+) \| (?<codes>`[^|]+`) \| (?<advice>[^|]+) \|$")]
    private static partial Regex Row();
}
