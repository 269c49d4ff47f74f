using Amazon.Runtime;
using SwarmOps.Aws.Api;

namespace SwarmOps.Aws.Dns.Api;

/// <summary>Maps refusals and failures of Route 53 to errors (docs/errors/aws.md).</summary>
internal static class Route53Errors
{
    /// <summary>The code of a change that does not fit what the zone has now.</summary>
    public const string InvalidChange = "InvalidChangeBatch";

    /// <summary>The code of a caller reference that was used before, with other settings or for a check that was deleted.</summary>
    public const string ReferenceUsed = "HealthCheckAlreadyExists";

    private const string CodeKey = "Route53Code";

    // Source: Route 53 API Reference, "Common errors" and those of ChangeResourceRecordSets.
    private static readonly string[] Throttling = ["Throttling", "ThrottlingException", "RequestThrottled", "PriorRequestNotComplete"];

    /// <summary>Whether a call was refused because there were too many.</summary>
    public static bool IsThrottling(string code) => Throttling.Contains(code);

    /// <summary>Route 53's code of an error; null for an error of another kind.</summary>
    public static string? CodeOf(SwarmOpsException error) => error.Data[CodeKey] as string;

    /// <summary>Whether it is unknown whether a change was made.</summary>
    public static bool IsInDoubt(SwarmOpsException error) =>
        error.ErrorId is nameof(Route53Unreachable) or nameof(Route53Unavailable) or nameof(Route53CallFailed);

    /// <summary>The error of a refusal.</summary>
    public static SwarmOpsException From(string code, string message)
    {
        var said = $"Route 53 answered {code}: {(message.Length > 0 ? message : "no further text.")}";
        var error = code switch
        {
            "NoSuchHostedZone" => Route53ZoneGone(said),
            "TooManyHealthChecks" => Route53TooManyHealthChecks(said),
            "InternalFailure" or "ServiceUnavailable" or "InternalError" => Route53Unavailable(said),
            _ when IsThrottling(code) => Route53Throttled(said),
            _ when code.StartsWith('5') && code.Length == 3 => Route53Unavailable(said),
            // The codes about credentials and permissions are the same for all services.
            _ when Ec2ErrorTable.Find(code) is { } known && known.ErrorId.StartsWith("Aws", StringComparison.Ordinal) =>
                new SwarmOpsException(known.ErrorId, known.Kind, said, known.Advice, "Route 53"),
            _ => Route53CallRefused(said),
        };
        error.Data[CodeKey] = code;
        return error;
    }

    /// <summary>The error of a call that was not answered.</summary>
    public static SwarmOpsException From(Exception exception) =>
        exception switch
        {
            HttpRequestException or OperationCanceledException => Route53Unreachable(exception),
            AmazonClientException => AwsErrors.AwsCredentialsUnusable("the source of this run", exception),
            _ => Route53CallFailed(exception),
        };

    public static SwarmOpsException Route53Throttled(string said) =>
        new(
            ErrorKind.Connection,
            said,
            "Wait a minute, then run the same command again; it continues where it stopped. Route 53 allows five requests a second for all programs of the account.",
            "Route 53"
        );

    private static SwarmOpsException Route53ZoneGone(string said) =>
        new(
            ErrorKind.NotFound,
            said,
            "Someone has deleted the zone in the meantime. List the zones (aws route53 list-hosted-zones), then specify another one with -Zone.",
            "Route 53"
        );

    private static SwarmOpsException Route53TooManyHealthChecks(string said) =>
        new(
            ErrorKind.InvalidState,
            said,
            "Delete health checks that nobody needs, or raise the quota in Service Quotas (Route 53, health checks), then run the same command again.",
            "Route 53"
        );

    private static SwarmOpsException Route53Unavailable(string said) =>
        new(
            ErrorKind.Connection,
            said,
            "Check the AWS Health Dashboard, wait, then run the same command again; it continues where it stopped. Answers to DNS queries do not depend on this.",
            "Route 53"
        );

    private static SwarmOpsException Route53CallRefused(string said) =>
        new(
            ErrorKind.Engine,
            said,
            "Look up the code in the Route 53 API Reference, fix the cause, then run the same command again; it continues where it stopped.",
            "Route 53"
        );

    private static SwarmOpsException Route53Unreachable(Exception cause) =>
        new(
            ErrorKind.Connection,
            $"Route 53 cannot be reached: {cause.Message}",
            "Check this machine's DNS, proxy (HTTPS_PROXY) and firewall (443/tcp), and -EndpointUrl or AWS_ENDPOINT_URL if they are set, then run the same command again.",
            "Route 53",
            cause
        );

    private static SwarmOpsException Route53CallFailed(Exception cause) =>
        new(
            ErrorKind.Engine,
            $"A call to Route 53 failed: {cause.Message}",
            "Run the same command again; it continues where it stopped. If -EndpointUrl is specified, check that it is an endpoint of Route 53.",
            "Route 53",
            cause
        );
}
