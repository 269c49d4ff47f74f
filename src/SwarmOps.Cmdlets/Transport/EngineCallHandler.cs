using System.Diagnostics;
using Polly;
using Polly.Retry;

namespace SwarmOps.Transport;

/// <summary>Sits between the Docker client and the wire: counts, traces, and repeats reads that failed on the way.</summary>
internal sealed class EngineCallHandler(string node) : DelegatingHandler
{
    /// <summary>Only GET is repeated: whether a change arrived is for the operation to observe.</summary>
    private static readonly ResiliencePipeline<HttpResponseMessage> Retry = new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(250),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>(TransportErrors.IsTransient),
        })
        .Build();

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Get)
        {
            if (ChangeGuard.Current is { } guard)
                await guard.PassAsync(cancellationToken).ConfigureAwait(false);
            return await SendOnceAsync(request, cancellationToken).ConfigureAwait(false);
        }

        return await Retry.ExecuteAsync(async token => await SendOnceAsync(request, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        CallLedger.Current?.AddCall(node);
        using var activity = EngineDiagnostics.StartCall(node, request.Method, request.RequestUri?.AbsolutePath ?? "");
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        activity?.SetStatus(response.IsSuccessStatusCode ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        return response;
    }
}
