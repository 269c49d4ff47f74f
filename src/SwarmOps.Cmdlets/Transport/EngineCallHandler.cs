using System.Diagnostics;
using System.Net;
using Polly;
using Polly.Retry;

namespace SwarmOps.Transport;

/// <summary>HTTP handler between the Docker client and the connection: counts and traces calls, limits their time, records the failed call in exceptions, and retries reads that failed in transit.</summary>
/// <param name="node">The node's name.</param>
/// <param name="streams">Handles requests that get a connection of their own.</param>
internal sealed class EngineCallHandler(string node, HttpMessageHandler streams) : DelegatingHandler
{
    /// <summary>How long an engine with a silent stream may take to answer a ping.</summary>
    private static readonly TimeSpan PingPatience = TimeSpan.FromSeconds(20);

    /// <summary>Only GET is retried: whether a change was applied, the operation must find out itself.</summary>
    private static readonly ResiliencePipeline<HttpResponseMessage> Retry = new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddRetry(
            new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(250),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>(TransportErrors.IsTransient),
            }
        )
        .Build();

    private readonly HttpMessageInvoker streamInvoker = new(streams);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Get)
        {
            if (ChangeGuard.Current is { } guard)
                await guard.PassAsync(cancellationToken).ConfigureAwait(false);
            RotationFlags.Correct(request);
            return await SendOnceAsync(request, cancellationToken).ConfigureAwait(false);
        }

        return await Retry
            .ExecuteAsync(async token => await SendOnceAsync(request, token).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            streamInvoker.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        CallLedger.Current?.AddCall(node);
        using var activity = EngineDiagnostics.StartCall(node, request.Method, request.RequestUri?.AbsolutePath ?? "");
        var call = EngineCall.Describe(request);
        var kind = EngineCall.KindOf(request);
        var patience = EngineCall.PatienceOf(kind);
        var response = await CallChain
            .CountAsync(() => SendInTimeAsync(request, kind, call, patience, cancellationToken))
            .ConfigureAwait(false);
        activity?.SetStatus(response.IsSuccessStatusCode ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
            await WatchAsync(
                    response,
                    call,
                    patience,
                    HasOwnConnection(kind) ? token => IsAliveAsync(request.RequestUri!, token) : null,
                    cancellationToken
                )
                .ConfigureAwait(false);
        return response;
    }

    private static bool HasOwnConnection(EngineStreamKind kind) => kind is EngineStreamKind.Quiet or EngineStreamKind.Bulk;

    private async Task<HttpResponseMessage> SendInTimeAsync(
        HttpRequestMessage request,
        EngineStreamKind kind,
        string call,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return HasOwnConnection(kind)
                ? await streamInvoker.SendAsync(request, limit.Token).ConfigureAwait(false)
                : await base.SendAsync(request, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new EngineSilentException(call, patience);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            EngineCall.Note(exception, call);
            throw;
        }
    }

    /// <summary>Whether the engine answers at all: an idle log cannot be told from a hanging engine.</summary>
    private async Task<bool> IsAliveAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(PingPatience);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(uri, "/_ping"));
        try
        {
            using var response = await base.SendAsync(request, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
            when (!cancellationToken.IsCancellationRequested
                && exception is OperationCanceledException or HttpRequestException or IOException
            )
        {
            return false;
        }
    }

    private static async Task WatchAsync(
        HttpResponseMessage response,
        string call,
        TimeSpan patience,
        Func<CancellationToken, Task<bool>>? isAlive,
        CancellationToken cancellationToken
    )
    {
        var headers = response.Content.Headers;
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var content = new StreamContent(new WatchedStream(body, call, patience, isAlive));
        foreach (var header in headers)
            content.Headers.TryAddWithoutValidation(header.Key, header.Value);
        response.Content = content;
    }
}
