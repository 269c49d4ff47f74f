using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Docker.DotNet;

namespace SwarmOps.Transport;

/// <summary>Opens an engine's API: negotiates the API version once, and pins it.</summary>
internal static class EngineHandshake
{
    /// <summary>The oldest API version with everything that SwarmOps uses: that of engine 20.10.</summary>
    public static readonly Version OldestApi = new(1, 41);

    /// <summary>The newest API version that Docker.DotNet.Enhanced 4.3 supports (engine 29).</summary>
    public static readonly Version NewestApi = new(1, 54);

    /// <summary>Asks the engine for its version and returns clients pinned to the best common one.</summary>
    /// <exception cref="SwarmOpsException"><c>EngineTooOld</c>, <c>NotAnEngine</c>.</exception>
    public static async Task<OpenEngine> ConnectAsync(SwarmNode node, INodeTransport transport, CancellationToken cancellationToken)
    {
        var handler = new EngineCallHandler(node.Name, CreateStreamsHandler(transport)) { InnerHandler = CreateSocketsHandler(transport) };
        try
        {
            var offered = await AskVersionAsync(node, transport, handler, cancellationToken).ConfigureAwait(false);
            if (offered < OldestApi)
                throw TransportErrors.EngineTooOld(node, offered, OldestApi);
            var version = offered < NewestApi ? offered : NewestApi;
            return new OpenEngine(BuildClient(transport, handler, version), new EngineApi(handler, transport.HttpEndpoint, version));
        }
        catch
        {
            handler.Dispose();
            throw;
        }
    }

    private static DockerClient BuildClient(INodeTransport transport, EngineCallHandler handler, Version apiVersion)
    {
        var factory = new EngineHandlerFactory(handler);
        return new DockerClientBuilder()
            .WithEndpoint(transport.HttpEndpoint)
            .WithApiVersion(apiVersion)
            // The handler limits the time of calls, for this client and for EngineApi.
            .WithTimeout(Timeout.InfiniteTimeSpan)
            .WithTransportOptions(factory, factory)
            .Build();
    }

    private static SocketsHttpHandler CreateSocketsHandler(INodeTransport transport)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            MaxConnectionsPerServer = transport.MaxStreams,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            ConnectCallback = async (_, token) => await transport.OpenEngineStreamAsync(token).ConfigureAwait(false),
        };
        transport.Configure(handler);
        return handler;
    }

    /// <summary>Long, possibly slow streams must not block other calls: each has a connection of its own.</summary>
    private static SocketsHttpHandler CreateStreamsHandler(INodeTransport transport)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = async (_, token) => await transport.OpenOwnStreamAsync(token).ConfigureAwait(false),
        };
        transport.Configure(handler);
        return handler;
    }

    /// <summary>The Docker client hides response headers, and /_ping returns the version in a header.</summary>
    private static async Task<Version> AskVersionAsync(
        SwarmNode node,
        INodeTransport transport,
        EngineCallHandler handler,
        CancellationToken cancellationToken
    )
    {
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(transport.HttpEndpoint, "/_ping"));
        try
        {
            using var response = await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var text = await ReadStartAsync(response.Content, cancellationToken).ConfigureAwait(false);
            return ReadVersion(response.Headers)
                ?? throw (WantsTls(response, text) ? TransportErrors.EngineWantsTls(node) : TransportErrors.NotAnEngine(node));
        }
        catch (Exception exception) when (TransportErrors.IsNoHttp(exception))
        {
            throw TransportErrors.NotAnEngine(node);
        }
        catch (Exception exception) when (transport.HttpEndpoint.Scheme == Uri.UriSchemeHttps && TransportErrors.IsTransient(exception))
        {
            // In TLS 1.3 the server checks the client certificate after the client's handshake is complete, and then just closes (RFC 8446, 4.4.2.4).
            throw TransportErrors.EngineClosesAfterHandshake(node, exception);
        }
    }

    /// <summary>The answer of Go's HTTP server to a plain request on a TLS port (net/http/server.go).</summary>
    private static bool WantsTls(HttpResponseMessage response, string text) =>
        response.StatusCode == HttpStatusCode.BadRequest && text.Contains("HTTPS server", StringComparison.Ordinal);

    /// <summary>The other side may be anything: only the beginning of its answer is read.</summary>
    private static async Task<string> ReadStartAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[1024];
        using var body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var count = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(buffer, 0, count);
    }

    private static Version? ReadVersion(HttpResponseHeaders headers) =>
        headers.TryGetValues("Api-Version", out var values) && Version.TryParse(values.FirstOrDefault(), out var version) ? version : null;
}
