using System.Collections.Concurrent;
using Amazon.Runtime;

namespace SwarmOps.Aws.Api;

/// <summary>Counts the calls made to AWS by region and IAM action (<c>ec2:DescribeInstances</c>): what <c>-Verbose</c> shows and an IAM policy must allow.</summary>
internal sealed class AwsCallLog
{
    private readonly ConcurrentDictionary<(string Region, string Action), int> calls = new();
    private readonly ConcurrentDictionary<string, int> throttled = new(StringComparer.Ordinal);

    /// <summary>The calls so far; retries of the SDK are not counted.</summary>
    public IReadOnlyDictionary<(string Region, string Action), int> Counts => calls;

    /// <summary>Counts a client's calls from now on.</summary>
    /// <param name="client">The client.</param>
    /// <param name="service">The service's prefix in IAM.</param>
    /// <param name="region">Its region.</param>
    public void Watch(AmazonServiceClient client, string service, string region) =>
        client.BeforeRequestEvent += (_, arguments) =>
        {
            if (arguments is WebServiceRequestEventArgs { Request: { } request })
                Count(region, $"{service}:{OperationOf(request)}");
        };

    /// <summary>Counts a call that is not the SDK's.</summary>
    /// <param name="region">Its region.</param>
    /// <param name="action">Its name in IAM.</param>
    public void Count(string region, string action) => calls.AddOrUpdate((region, action), 1, (_, count) => count + 1);

    /// <summary>Counts an attempt that EC2 throttled and that is repeated.</summary>
    public void Throttle(string region) => throttled.AddOrUpdate(region, 1, (_, count) => count + 1);

    /// <summary>One line per region.</summary>
    public IEnumerable<string> Summary() =>
        calls
            .GroupBy(call => call.Key.Region)
            .OrderBy(region => region.Key, StringComparer.Ordinal)
            .Select(region =>
                $"AWS calls in {region.Key}: {region.Sum(call => call.Value)} ({string.Join(", ", region.OrderBy(call => call.Key.Action, StringComparer.Ordinal).Select(call => $"{call.Key.Action} {call.Value}"))})"
                + (throttled.TryGetValue(region.Key, out var count) ? $"; EC2 throttled {count} attempts, which were repeated" : "")
            );

    /// <summary>AWS's name of a request's operation.</summary>
    public static string OperationOf(AmazonWebServiceRequest request) =>
        request.GetType().Name is var name && name.EndsWith("Request", StringComparison.Ordinal) ? name[..^"Request".Length] : name;
}
