using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SwarmOps.Transport;

/// <summary>The folder that <c>DOCKER_CERT_PATH</c> names: <c>ca.pem</c> (or the machine's own authorities), <c>cert.pem</c> and <c>key.pem</c> (or none).</summary>
/// <param name="Client">Our own certificate with its key.</param>
/// <param name="Authorities">Who may have signed the engine's certificate.</param>
internal sealed record EngineCertificates(X509Certificate2? Client, X509Certificate2Collection Authorities) : IDisposable
{
    /// <summary>Reads the folder.</summary>
    /// <exception cref="SwarmOpsException"><c>CertificateInvalid</c>.</exception>
    public static EngineCertificates Read(SwarmNode node, string folder)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            var authorityPath = Path.Combine(folder, "ca.pem");
            if (File.Exists(authorityPath))
                authorities.ImportFromPemFile(authorityPath);
            var client = ReadClient(folder);
            return client is null && authorities.Count == 0
                ? throw new FileNotFoundException("It holds neither ca.pem nor cert.pem and key.pem.")
                : new EngineCertificates(client, authorities);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw TransportErrors.CertificateInvalid(node, folder, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client?.Dispose();
        foreach (var authority in Authorities)
            authority.Dispose();
    }

    private static X509Certificate2? ReadClient(string folder)
    {
        var certificatePath = Path.Combine(folder, "cert.pem");
        var keyPath = Path.Combine(folder, "key.pem");
        if (!File.Exists(certificatePath) && !File.Exists(keyPath))
            return null;
        using var pem = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        // Windows' TLS does not take a key that was never in a store or a PFX.
        return new X509Certificate2(pem.Export(X509ContentType.Pfx));
    }
}
