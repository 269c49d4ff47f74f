using Docker.DotNet.Handler.Abstractions;
using Docker.DotNet.NativeHttp;
using Microsoft.Extensions.Logging;

namespace SwarmOps.Transport;

/// <summary>Passes the Docker client the handler that has already negotiated the version, so that both share connections.</summary>
internal sealed class EngineHandlerFactory(HttpMessageHandler handler) : IDockerHandlerFactory<EngineHandlerFactory>
{
    public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger) => new(handler, clientOptions.Endpoint);

    public ResolvedTransport CreateHandler(EngineHandlerFactory transportOptions, ResolvedClientOptions clientOptions, ILogger logger) =>
        CreateHandler(clientOptions, logger);

    public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) => DockerHandlerFactory.Instance.HijackStreamAsync(content);
}
