using System.Net.Sockets;
using Amazon.Runtime;

namespace SwarmOps.Aws.Api;

/// <summary>Maps failed AWS calls to errors: one id for each documented EC2 error code (docs/errors/aws.md).</summary>
internal static class Ec2Errors
{
    /// <summary>The error id of a call that EC2 throttled: it has had no effect.</summary>
    public const string Throttled = "Ec2Throttled";

    /// <summary>The error of a call.</summary>
    /// <param name="exception">The SDK's exception.</param>
    /// <param name="region">The region of the call; becomes the target.</param>
    public static SwarmOpsException From(Exception exception, string region)
    {
        if (AnswerOf(exception) is { ErrorCode: var code } answer)
        {
            var known = Ec2ErrorTable.Find(code);
            return new SwarmOpsException(
                known.ErrorId,
                known.Kind,
                $"EC2 in {region} answered {code}: {answer.Message}",
                known.Advice,
                region,
                exception
            );
        }

        if (Causes(exception).Any(cause => cause is TimeoutException or OperationCanceledException))
            return Ec2TimedOut(region, exception);
        return Causes(exception).Any(cause => cause is HttpRequestException or SocketException or IOException)
            ? Ec2Unreachable(region, exception)
            : Ec2CallFailed(region, exception);
    }

    /// <summary>EC2's error code of an error from <see cref="Ec2Region"/>, such as <c>InvalidGroup.Duplicate</c>; null for other errors.</summary>
    public static string? CodeOf(SwarmOpsException error) => error.InnerException is { } cause ? AnswerOf(cause)?.ErrorCode : null;

    /// <summary>EC2's response, which the SDK may have wrapped when it gave up retrying.</summary>
    private static AmazonServiceException? AnswerOf(Exception exception) =>
        Causes(exception).OfType<AmazonServiceException>().FirstOrDefault(cause => cause.ErrorCode is { Length: > 0 });

    private static SwarmOpsException Ec2TimedOut(string region, Exception cause) =>
        new(
            ErrorKind.Timeout,
            $"EC2 in {region} did not answer in time.",
            "Check the AWS Health Dashboard and this machine's network, then run the same command again; it continues where it stopped.",
            region,
            cause
        );

    private static SwarmOpsException Ec2Unreachable(string region, Exception cause) =>
        new(
            ErrorKind.Connection,
            $"EC2 in {region} cannot be reached: {Causes(cause).Last().Message}",
            "Check the name of the region, this machine's DNS, proxy (HTTPS_PROXY) and firewall (443/tcp), and -EndpointUrl or AWS_ENDPOINT_URL if they are set, then run the same command again.",
            region,
            cause
        );

    private static SwarmOpsException Ec2CallFailed(string region, Exception cause) =>
        new(
            ErrorKind.Engine,
            $"A call to EC2 in {region} failed: {cause.Message}",
            "Run the same command again; it continues where it stopped. If -EndpointUrl is specified, check that it is an EC2 endpoint.",
            region,
            cause
        );

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            yield return cause;
    }
}
