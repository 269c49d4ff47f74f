using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SwarmOps.Transport;

/// <summary>
/// The folder that <c>DOCKER_CERT_PATH</c> names: <c>ca.pem</c>, and <c>cert.pem</c> with <c>key.pem</c> for engines that require a client certificate. All or nothing: a missing
/// or empty authority must not fall back to the authorities that this machine trusts.
/// </summary>
/// <param name="Client">The client certificate with its key; null when the folder has neither.</param>
/// <param name="Authorities">The authorities that may have signed the engine's certificate; never empty.</param>
internal sealed record EngineCertificates(X509Certificate2? Client, X509Certificate2Collection Authorities) : IDisposable
{
    private const string Authority = "ca.pem";
    private const string Certificate = "cert.pem";
    private const string Key = "key.pem";

    /// <summary>Reads the folder.</summary>
    /// <exception cref="SwarmOpsException"><c>CertificateInvalid</c>.</exception>
    public static EngineCertificates Read(SwarmNode node, string folder)
    {
        var authorities = Parse(node, folder, Authority, ReadAuthorities);
        var hasCertificate = Exists(folder, Certificate);
        if (hasCertificate != Exists(folder, Key))
            throw TransportErrors.CertificateInvalid(
                node,
                folder,
                hasCertificate ? Key : Certificate,
                "it is missing, though its counterpart exists",
                null
            );
        return new EngineCertificates(hasCertificate ? ReadClient(node, folder) : null, authorities);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client?.Dispose();
        foreach (var authority in Authorities)
            authority.Dispose();
    }

    private static X509Certificate2Collection ReadAuthorities(string pem)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("it contains no certificate");
    }

    private static X509Certificate2 ReadClient(SwarmNode node, string folder)
    {
        var certificate = Parse(
            node,
            folder,
            Certificate,
            text =>
            {
                using var read = X509Certificate2.CreateFromPem(text);
                return text;
            }
        );
        return Parse(
            node,
            folder,
            Key,
            key =>
            {
                using var pem = X509Certificate2.CreateFromPem(certificate, key);
                // Windows' TLS does not take a key that was never in a store or a PFX.
                return new X509Certificate2(pem.Export(X509ContentType.Pfx));
            }
        );
    }

    /// <summary>Broken links and folders count as existing too: that they cannot be read is then an error.</summary>
    private static bool Exists(string folder, string file) =>
        Path.Exists(Path.Combine(folder, file)) || new FileInfo(Path.Combine(folder, file)).LinkTarget is not null;

    /// <summary>Without an inner exception: a parser's message may quote the key.</summary>
    private static T Parse<T>(SwarmNode node, string folder, string file, Func<string, T> parse)
    {
        string text;
        try
        {
            text = File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw TransportErrors.CertificateInvalid(
                node,
                folder,
                file,
                exception is FileNotFoundException or DirectoryNotFoundException ? "it does not exist" : exception.Message,
                exception
            );
        }

        try
        {
            return parse(text);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw TransportErrors.CertificateInvalid(
                node,
                folder,
                file,
                file == Key
                    ? "it is not the key of the certificate in cert.pem, or is encrypted, or is not a private key"
                    : "it is empty or contains no certificate",
                null
            );
        }
    }
}
