using System.Collections.Concurrent;
using Amazon;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using SwarmOps.Aws.Session;

namespace SwarmOps.Aws.Api;

/// <summary>One SDK client per region, created on first use.</summary>
internal sealed class Ec2Clients(
    AwsSettings settings,
    AWSCredentials credentials,
    IReadOnlyList<string> givenRegions,
    string? defaultRegion
) : IEc2Clients
{
    /// <summary>Time limit for connecting to an AWS endpoint; the SDK's default is the operating system's.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Time limit of one call. Reading all instances of a large region is the slowest.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Retries after the first attempt: of throttled calls, server errors and broken connections.</summary>
    internal const int Retries = 4;

    /// <summary>The region for listing all regions if none is known; it is enabled in every account of the commercial partition.</summary>
    private const string FirstRegion = "us-east-1";

    private readonly ConcurrentDictionary<string, Lazy<Ec2Region>> regions = new(StringComparer.Ordinal);
    private IReadOnlyList<string>? enabled;

    /// <inheritdoc/>
    public IReadOnlyList<string> GivenRegions => givenRegions;

    /// <inheritdoc/>
    public IReadOnlyList<string> ExcludedRegions { get; init; } = [];

    /// <inheritdoc/>
    public string? DefaultRegion => defaultRegion;

    /// <summary>How long throttled calls are repeated.</summary>
    public Ec2Patience Patience { get; init; } = Ec2Patience.None;

    /// <inheritdoc/>
    public AwsCallLog Calls { get; } = new();

    /// <inheritdoc/>
    public Ec2Region In(string region) =>
        regions
            .GetOrAdd(region, name => new Lazy<Ec2Region>(() => new Ec2Region(name, () => CreateEc2(name)) { Patience = Patience }))
            .Value;

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> RegionsAsync(CancellationToken cancellationToken) =>
        givenRegions.Count > 0 ? Task.FromResult(givenRegions) : AllRegionsAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> AllRegionsAsync(CancellationToken cancellationToken)
    {
        if (enabled is null)
        {
            // Without AllRegions the response contains only the regions that are enabled for the account.
            var first = In(defaultRegion ?? (givenRegions is [var named, ..] ? named : FirstRegion));
            var answer = await first
                .AskAsync(ec2 => ec2.DescribeRegionsAsync(new DescribeRegionsRequest(), cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            enabled = [.. (answer.Regions ?? []).Select(region => region.RegionName)];
        }

        return [.. enabled.Except(ExcludedRegions).Union(givenRegions).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var region in regions.Values.Where(region => region.IsValueCreated))
            region.Value.Dispose();
    }

    private PatientEc2Client CreateEc2(string region)
    {
        var config = new AmazonEC2Config { RetryMode = RequestRetryMode.Adaptive };
        // With the profile the SDK also applies its endpoint_url; it reads AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_EC2 by itself.
        if (settings.ProfileName is { } profile)
            config.Profile = new Profile(profile, settings.ProfileLocation);
        config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        // Otherwise the SDK signs requests to an endpoint of the environment or the profile for its default region.
        config.AuthenticationRegion = region;
        if (settings.EndpointUrl is { } endpoint)
            config.ServiceURL = endpoint.AbsoluteUri;

        config.MaxErrorRetry = Retries;
        // The SDK's quota of retries is one for the process and an endpoint: a throttled run would leave none for the next one, which is to continue its work.
        config.ThrottleRetries = false;
        config.Timeout = AnswerTimeout;
        config.ConnectTimeout = ConnectTimeout;
        var client = new PatientEc2Client(credentials, config, _ => Calls.Throttle(region));
        Calls.Watch(client, "ec2", region);
        return client;
    }
}
