using Amazon.EC2;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace SwarmOps.Aws.Api;

/// <summary>The SDK's client for EC2 in one region, with <see cref="PatientRetryPolicy"/>.</summary>
/// <param name="credentials">The credentials.</param>
/// <param name="config">The configuration.</param>
/// <param name="throttled">Told the name of each call that EC2 throttled.</param>
internal sealed class PatientEc2Client(AWSCredentials credentials, AmazonEC2Config config, Action<string> throttled)
    : AmazonEC2Client(credentials, config)
{
    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new PatientRetryPolicy(Config, new RequestPace(), throttled)));
    }
}
