using Amazon.EC2;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace SwarmOps.Aws.Api;

/// <summary>The SDK's client for EC2, with <see cref="PatientRetryPolicy"/>.</summary>
internal sealed class PatientEc2Client(AWSCredentials credentials, AmazonEC2Config config) : AmazonEC2Client(credentials, config)
{
    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new PatientRetryPolicy(Config)));
    }
}
