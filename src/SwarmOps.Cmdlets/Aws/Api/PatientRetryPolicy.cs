using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace SwarmOps.Aws.Api;

/// <summary>
/// The SDK's adaptive retry mode with a corrected wait, within <see cref="RequestPace"/>. The SDK's own wait (Core 4.0.102) does not read the clock again: a client that
/// is throttled while it makes one call at a time waits half a minute and gives up.
/// </summary>
/// <param name="config">The client's configuration.</param>
/// <param name="pace">The limits of the client's region.</param>
/// <param name="throttled">Told the name of each call that EC2 throttled.</param>
internal sealed class PatientRetryPolicy(IClientConfig config, RequestPace pace, Action<string> throttled) : AdaptiveRetryPolicy(config)
{
    /// <summary>Interval for checking the token bucket, which each check refills by the time that has passed, at least half a call per second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>This call has no client token: repeating it after a lost response would allocate another address. The caller looks for the first one instead.</summary>
    public override async Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception) =>
        MayRepeat(executionContext, exception) && await base.RetryForExceptionAsync(executionContext, exception).ConfigureAwait(false);

    /// <inheritdoc/>
    public override bool OnRetry(IExecutionContext executionContext, bool bypassAcquireCapacity, bool isThrottlingError)
    {
        if (isThrottlingError)
            throttled(NameOf(executionContext));
        return base.OnRetry(executionContext, bypassAcquireCapacity, isThrottlingError);
    }

    private bool MayRepeat(IExecutionContext executionContext, Exception exception) =>
        executionContext.RequestContext.OriginalRequest is not AllocateAddressRequest || IsThrottlingError(exception);

    /// <summary>Waits until EC2's default limits, and then the token bucket, allow another attempt.</summary>
    public override async Task ObtainSendTokenAsync(IExecutionContext executionContext, Exception exception)
    {
        var cancellationToken = executionContext.RequestContext.CancellationToken;
        await pace.WaitAsync(NameOf(executionContext), cancellationToken).ConfigureAwait(false);
        while (!await TokenBucket.TryAcquireTokenAsync(1, failFast: true, cancellationToken).ConfigureAwait(false))
            await Task.Delay(Pause * (0.5 + Random.Shared.NextDouble()), cancellationToken).ConfigureAwait(false);
    }

    private static string NameOf(IExecutionContext executionContext) =>
        AwsCallLog.OperationOf(executionContext.RequestContext.OriginalRequest);
}
