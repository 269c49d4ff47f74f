using Amazon.Runtime;
using SwarmOps.Aws.Api;

namespace SwarmOps.Aws.Registry;

/// <summary>Maps refusals and failures of Amazon ECR to errors (docs/errors/aws.md).</summary>
internal static class EcrErrors
{
    private const string Service = "Amazon ECR";

    /// <summary>The error of a refusal.</summary>
    public static SwarmOpsException From(string code, string message)
    {
        var said = $"Amazon ECR answered {code}: {(message.Length > 0 ? message : "no further text.")}";
        // The codes about credentials and permissions are the same for all services.
        return Ec2ErrorTable.Find(code) is { } known && known.ErrorId.StartsWith("Aws", StringComparison.Ordinal)
            ? new SwarmOpsException(known.ErrorId, known.Kind, said, known.Advice, Service)
            : EcrCallRefused(said);
    }

    /// <summary>The error of a call that was not answered.</summary>
    public static SwarmOpsException From(Exception exception, string api) =>
        exception is AmazonClientException
            ? AwsErrors.AwsCredentialsUnusable("the source of this run", exception)
            : EcrUnreachable(api, exception);

    private static SwarmOpsException EcrCallRefused(string said) =>
        new(
            ErrorKind.Engine,
            said,
            "Look up the code in the ECR API Reference (GetAuthorizationToken), fix the cause, then run the same command again.",
            Service
        );

    private static SwarmOpsException EcrUnreachable(string api, Exception cause) =>
        new(
            ErrorKind.Connection,
            $"Amazon ECR cannot be reached at {api}: {cause.Message}",
            "Check this machine's DNS, proxy (HTTPS_PROXY) and firewall (443/tcp), and -EndpointUrl or AWS_ENDPOINT_URL if they are set, then run the same command again.",
            Service,
            cause
        );
}
