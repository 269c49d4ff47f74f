using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace SwarmOps.Transport;

/// <summary>An engine that listens on TCP, with client certificates. Commands on its host are not possible.</summary>
internal sealed class TcpTransport : INodeTransport
{
    private readonly SwarmNode node;
    private readonly EngineEndpoint endpoint;
    private readonly EngineCertificates? certificates;

    /// <summary>Reads the certificates.</summary>
    /// <exception cref="SwarmOpsException"><c>CertificateInvalid</c>.</exception>
    public TcpTransport(SwarmNode node, EngineEndpoint endpoint)
    {
        (this.node, this.endpoint) = (node, endpoint);
        if (node.CertificatePath is { Length: > 0 } folder)
            certificates = EngineCertificates.Read(node, folder);
        HttpEndpoint = new UriBuilder(certificates is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, endpoint.Host, endpoint.Port).Uri;
    }

    public Uri HttpEndpoint { get; }

    public int MaxStreams => 10;

    public void Configure(SocketsHttpHandler handler)
    {
        if (certificates is null)
            return;
        if (certificates.Client is { } client)
            handler.SslOptions.ClientCertificates = [client];
        if (certificates.Authorities.Count == 0)
            return;
        // The chain must end at the folder's authority, whatever this machine trusts; the host name is checked as usual.
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(certificates.Authorities);
    }

    public async Task<Stream> OpenEngineStreamAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken).ConfigureAwait(false);
            KeepAlive.Set(socket);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken) =>
        throw TransportErrors.CommandsNotSupported(node, null);

    public ValueTask DisposeAsync()
    {
        certificates?.Dispose();
        return ValueTask.CompletedTask;
    }
}
