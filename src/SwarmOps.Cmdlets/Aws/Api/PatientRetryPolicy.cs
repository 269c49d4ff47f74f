using Amazon.EC2.Model;
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

    /// <summary>EC2 knows no token for this call: where its answer was lost, to repeat it would allocate another address. Whoever made it looks for the first one.</summary>
    public override async Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception) =>
        MayRepeat(executionContext, exception) && await base.RetryForExceptionAsync(executionContext, exception).ConfigureAwait(false);

    private bool MayRepeat(IExecutionContext executionContext, Exception exception) =>
        executionContext.RequestContext.OriginalRequest is not AllocateAddressRequest || IsThrottlingError(exception);

    /// <summary>Waits until the bucket has room for one more call.</summary>
    public override async Task ObtainSendTokenAsync(IExecutionContext executionContext, Exception exception)
    {
        var cancellationToken = executionContext.RequestContext.CancellationToken;
        while (!await TokenBucket.TryAcquireTokenAsync(1, failFast: true, cancellationToken).ConfigureAwait(false))
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
    }
}
