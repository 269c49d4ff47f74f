using Amazon.Runtime;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Registry;
using SwarmOps.Aws.Session;

namespace SwarmOps.Tests.Unit;

/// <summary>Tokens of Amazon ECR, from a real API, and the names of its registries.</summary>
public sealed class AwsEcrTests(AwsMotoServer moto)
{
    [Fact]
    public async Task A_token_is_a_user_a_password_and_the_time_of_its_end()
    {
        var calls = new AwsCallLog();
        var client = Client(await moto.AddressAsync(), calls);
        var host = EcrHost.Parse("123456789012.dkr.ecr.eu-central-1.amazonaws.com")!;

        var token = await client.TokenAsync(host, TestContext.Current.CancellationToken);

        Assert.Equal("AWS", token.User);
        Assert.NotEmpty(token.Password);
        Assert.DoesNotContain(token.Password, token.ToString(), StringComparison.Ordinal);
        Assert.Equal(new DateTime(2015, 1, 1), token.ExpiresAt);
        Assert.Equal(1, calls.Counts[("eu-central-1", "ecr:GetAuthorizationToken")]);
    }

    [Fact]
    public async Task An_endpoint_that_does_not_answer_is_named()
    {
        var client = Client(new Uri("http://127.0.0.1:9/"), new AwsCallLog());
        var host = EcrHost.Parse("123456789012.dkr.ecr.eu-central-1.amazonaws.com")!;

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => client.TokenAsync(host, TestContext.Current.CancellationToken));

        Assert.Equal("EcrUnreachable", error.ErrorId);
        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("123456789012.dkr.ecr.us-east-1.amazonaws.com", "us-east-1", "api.ecr.us-east-1.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1", "ecr-fips.us-gov-west-1.amazonaws.com")]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1", "api.ecr.cn-north-1.amazonaws.com.cn")]
    public void A_registry_of_ecr_is_known_by_its_name(string registry, string region, string api)
    {
        var host = EcrHost.Parse(registry)!;

        Assert.Equal(("123456789012", region, api), (host.Account, host.Region, host.Api));
    }

    [Theory]
    [InlineData("https://index.docker.io/v1/")]
    [InlineData("registry.lab:5000")]
    [InlineData("public.ecr.aws")]
    [InlineData("123456789012.dkr.ecr.us-east-1.amazonaws.com.example.org")]
    [InlineData("x123456789012.dkr.ecr.us-east-1.amazonaws.com")]
    public void Others_are_not(string registry) => Assert.Null(EcrHost.Parse(registry));

    private static EcrClient Client(Uri address, AwsCallLog calls) =>
        new(new AwsSettings { EndpointUrl = address }, new BasicAWSCredentials("testing", "testing"), calls);
}
