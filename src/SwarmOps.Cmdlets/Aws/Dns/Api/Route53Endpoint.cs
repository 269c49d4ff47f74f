using Amazon;
using SwarmOps.Aws.Session;

namespace SwarmOps.Aws.Dns.Api;

/// <summary>Where Route 53 is: it has one endpoint in each partition of AWS, whose requests are signed for one region.</summary>
/// <param name="Address">The address.</param>
/// <param name="Region">The region that requests are signed for.</param>
internal sealed record Route53Endpoint(Uri Address, RegionEndpoint Region)
{
    /// <summary>The endpoint of the account: the one that was specified, as the SDK finds it, or that of the partition of the default region.</summary>
    public static Route53Endpoint Of(AwsSettings settings)
    {
        // Source: AWS General Reference, "Amazon Route 53 endpoints and quotas".
        var (host, region) = RegionResolver.Default(settings) switch
        {
            { } name when name.StartsWith("cn-", StringComparison.Ordinal) => ("route53.amazonaws.com.cn", "cn-northwest-1"),
            { } name when name.StartsWith("us-gov-", StringComparison.Ordinal) => ("route53.us-gov.amazonaws.com", "us-gov-west-1"),
            _ => ("route53.amazonaws.com", "us-east-1"),
        };
        return new Route53Endpoint(
            SpecifiedEndpoint.Of(settings, "ROUTE_53") ?? new Uri($"https://{host}/"),
            RegionEndpoint.GetBySystemName(region)
        );
    }
}
