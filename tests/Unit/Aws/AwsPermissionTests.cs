using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Dns.Api;
using SwarmOps.Aws.Session;

namespace SwarmOps.Tests.Unit;

/// <summary>The policy of docs/aws.md, enforced: moto checks signatures and permissions from the moment that it is told to.</summary>
public sealed partial class AwsPermissionTests : IAsyncLifetime
{
    private const string Image = "ami-12c6146b";
    private static readonly string[] Regions = ["eu-central-1", "us-east-1"];

    private readonly MotoProcess moto = new(new Dictionary<string, string>());
    private readonly HttpClient http = new();
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;
    private readonly List<IDisposable> clients = [];
    private Uri server = null!;

    public async ValueTask InitializeAsync() => server = await moto.AddressAsync();

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        http.Dispose();
        await moto.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_policy_of_the_documentation_suffices_and_without_one_of_its_actions_the_error_says_so()
    {
        var full = await UserAsync("full", Policy());
        var less = await UserAsync(
            "less",
            Policy()
                .Replace("\"ec2:RunInstances\", ", "", StringComparison.Ordinal)
                .Replace("\"route53:ListHealthChecks\", ", "", StringComparison.Ordinal)
        );
        await EnforceAsync();

        var made = await MakeAsync(full, "allowed");
        Assert.Empty(made.Errors);
        Assert.Equal(2, made.Nodes.Count);
        using var session = new AwsSession();
        session
            .Run(
                "$aws = @{ EndpointUrl = $server; AccessKey = $id; SecretKey = $secret; Region = 'eu-central-1', 'us-east-1' }",
                ("server", server),
                ("id", full.Id),
                ("secret", full.Secret)
            )
            .ThrowOnError();
        Assert.Equal(2, session.Run("Get-SwarmRegionNode allowed @aws").ThrowOnError().Nodes.Count);
        var firewalls = session.Run("Sync-SwarmFirewall allowed @aws -PublishPort 443");
        Assert.Empty(InPartition(firewalls));
        Assert.Equal([true, true], firewalls.Objects.Cast<SwarmFirewall>().Select(firewall => firewall.InSync));

        var refused = await MakeAsync(less, "refused");
        Assert.Equal(["AwsAccessDenied", "AwsAccessDenied"], refused.Errors.Select(error => error.ErrorId));
        Assert.Contains("ec2:RunInstances", refused.Errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("docs/aws.md", refused.Errors[0].RecommendedAction, StringComparison.Ordinal);

        foreach (var cluster in new[] { "allowed", "refused" })
            Assert.Empty(
                InPartition(
                    session.Run(
                        "Remove-SwarmRegionNode -Cluster $cluster @aws -ConnectionTimeoutSeconds 5 -TimeoutSeconds 20 -Force -Confirm:$false",
                        ("cluster", cluster)
                    )
                )
            );
        Assert.Equal(["ClusterNotFound"], session.Run("Get-SwarmRegionNode allowed @aws").ErrorIds);

        await Route53Of(full).HealthChecksAsync();
        var refusedToRead = await Assert.ThrowsAsync<SwarmOpsException>(() => Route53Of(less).HealthChecksAsync());
        Assert.Equal("AwsAccessDenied", refusedToRead.ErrorId);
        Assert.Contains("route53:ListHealthChecks", refusedToRead.Message, StringComparison.Ordinal);

        session.Run("$aws.SecretKey = 'another'").ThrowOnError();
        Assert.All(
            session.Run("Get-SwarmRegionNode allowed @aws").ErrorIds,
            id => Assert.Contains(id, new[] { "AwsSecretKeyWrong", "AwsCredentialsRefused" })
        );
    }

    /// <summary>The account's Route 53; the signature of its client is verified here.</summary>
    private Route53 Route53Of((string Id, string Secret) keys)
    {
        var endpoint = Route53Endpoint.Of(new AwsSettings { EndpointUrl = server, Environment = _ => null });
        var client = new Route53Client(new BasicAWSCredentials(keys.Id, keys.Secret), endpoint, new AwsCallLog());
        clients.Add(client);
        return new Route53(client, TestContext.Current.CancellationToken);
    }

    private Task<ProvisionOutcome> MakeAsync((string Id, string Secret) keys, string cluster) =>
        new ProvisionRun(server) { Keys = new BasicAWSCredentials(keys.Id, keys.Secret) }.RunAsync(
            ProvisionRun.Request(folder, cluster, Regions) with
            {
                Images = Regions.ToDictionary(region => region, _ => Image),
            }
        );

    /// <summary>moto lists the regions of China and GovCloud, too; an account of theirs is another one.</summary>
    private static IEnumerable<string> InPartition(AwsOutcome outcome) =>
        outcome
            .Errors.Where(error =>
                !$"{error.TargetObject}".StartsWith("cn-", StringComparison.Ordinal)
                && !$"{error.TargetObject}".StartsWith("us-gov-", StringComparison.Ordinal)
            )
            .Select(error => error.ToString());

    private static string Policy() =>
        File.ReadAllText(Path.Combine(DocumentedErrorTests.Root, "docs", "aws.md")).Split("```json")[1].Split("```")[0];

    /// <summary>A user with this policy alone.</summary>
    private async Task<(string Id, string Secret)> UserAsync(string name, string policy)
    {
        using var valid = JsonDocument.Parse(policy);
        await IamAsync($"Action=CreateUser&UserName={name}");
        await IamAsync($"Action=PutUserPolicy&UserName={name}&PolicyName=swarm&PolicyDocument={Uri.EscapeDataString(policy)}");
        var answer = await IamAsync($"Action=CreateAccessKey&UserName={name}");
        return (Id().Match(answer).Groups[1].Value, Secret().Match(answer).Groups[1].Value);
    }

    private async Task<string> IamAsync(string parameters)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server)
        {
            Content = new StringContent(parameters + "&Version=2010-05-08", Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        // Names the service; the signature is looked at only later.
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none"
        );
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException(text);
    }

    /// <summary>From now on no call goes without a permission.</summary>
    private async Task EnforceAsync()
    {
        using var content = new StringContent("0");
        using var answer = await http.PostAsync(new Uri(server, "moto-api/reset-auth"), content, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    [GeneratedRegex("<AccessKeyId>([^<]+)</AccessKeyId>")]
    private static partial Regex Id();

    [GeneratedRegex("<SecretAccessKey>([^<]+)</SecretAccessKey>")]
    private static partial Regex Secret();
}
