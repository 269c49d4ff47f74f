using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace SwarmOps.Transport;

/// <summary>An engine that listens on TCP, with client certificates. There is no way to its host.</summary>
internal sealed class TcpTransport : INodeTransport
{
    private readonly EngineEndpoint endpoint;
    private readonly X509Certificate2? clientCertificate;
    private readonly X509Certificate2? authority;

    /// <summary>Reads the certificates.</summary>
    /// <exception cref="SwarmOpsException"><c>CertificateInvalid</c>.</exception>
    public TcpTransport(SwarmNode node, EngineEndpoint endpoint)
    {
        this.endpoint = endpoint;
        if (node.CertificatePath is { Length: > 0 } folder)
            (clientCertificate, authority) = LoadCertificates(node, folder);
        HttpEndpoint = new UriBuilder(clientCertificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, endpoint.Host, endpoint.Port).Uri;
    }

    public Uri HttpEndpoint { get; }

    public int MaxStreams => 10;

    public void Configure(SocketsHttpHandler handler)
    {
        if (clientCertificate is null)
            return;
        handler.SslOptions.ClientCertificates = [clientCertificate];
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, errors);
    }

    public async Task<Stream> OpenEngineStreamAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken) =>
        throw TransportErrors.CommandsNotSupported(endpoint, null);

    public ValueTask DisposeAsync()
    {
        clientCertificate?.Dispose();
        authority?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The chain must end at the folder's authority and the name must be the host's: the library's own callback checks only the first.</summary>
    private bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 server || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return false;
        if (authority is null)
            return errors == SslPolicyErrors.None;
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(server);
    }

    private static (X509Certificate2 Client, X509Certificate2? Authority) LoadCertificates(SwarmNode node, string folder)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
            // Windows' TLS does not take a key that was never in a store or a PFX.
            var client = new X509Certificate2(pem.Export(X509ContentType.Pfx));
            var authorityPath = Path.Combine(folder, "ca.pem");
            return (client, File.Exists(authorityPath) ? X509Certificate2.CreateFromPem(File.ReadAllText(authorityPath)) : null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw TransportErrors.CertificateInvalid(node, folder, exception);
        }
    }
}
