using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace SwarmOps.Aws;

/// <summary>
/// The SDK's adaptive mode, waiting for its turn as it is meant to. The SDK's own wait (Core 4.0.102) never looks at the clock again: a client that
/// is throttled while it makes one call at a time waits half a minute, and gives up.
/// </summary>
internal sealed class PatientRetryPolicy(IClientConfig config) : AdaptiveRetryPolicy(config)
{
    /// <summary>How often the bucket is looked at; it fills at half a call a second at least, and each look fills it by the time that passed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until the bucket has room for one more call.</summary>
    public override async Task ObtainSendTokenAsync(IExecutionContext executionContext, Exception exception)
    {
        var cancellationToken = executionContext.RequestContext.CancellationToken;
        while (!await TokenBucket.TryAcquireTokenAsync(1, failFast: true, cancellationToken).ConfigureAwait(false))
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
    }
}
