using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace SwarmOps.Aws.Api;

/// <summary>
/// The SDK's adaptive retry mode with a corrected wait. The SDK's own wait (Core 4.0.102) does not read the clock again: a client that
/// is throttled while it makes one call at a time waits half a minute and gives up.
/// </summary>
internal sealed class PatientRetryPolicy(IClientConfig config) : AdaptiveRetryPolicy(config)
{
    /// <summary>Interval for checking the token bucket, which each check refills by the time that has passed, at least half a call per second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>This call has no client token: repeating it after a lost response would allocate another address. The caller looks for the first one instead.</summary>
    public override async Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception) =>
        MayRepeat(executionContext, exception) && await base.RetryForExceptionAsync(executionContext, exception).ConfigureAwait(false);

    private bool MayRepeat(IExecutionContext executionContext, Exception exception) =>
        executionContext.RequestContext.OriginalRequest is not AllocateAddressRequest || IsThrottlingError(exception);

    /// <summary>Waits until the token bucket allows another call.</summary>
    public override async Task ObtainSendTokenAsync(IExecutionContext executionContext, Exception exception)
    {
        var cancellationToken = executionContext.RequestContext.CancellationToken;
        while (!await TokenBucket.TryAcquireTokenAsync(1, failFast: true, cancellationToken).ConfigureAwait(false))
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
    }
}
