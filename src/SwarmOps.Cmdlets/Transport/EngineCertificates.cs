using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SwarmOps.Transport;

/// <summary>
/// The folder that <c>DOCKER_CERT_PATH</c> names: <c>ca.pem</c>, and <c>cert.pem</c> with <c>key.pem</c> where the engine asks who we are. Read whole or not at all: an
/// authority that is missing or empty must not become trust in this machine's own.
/// </summary>
/// <param name="Client">Our own certificate with its key; null when the folder has neither.</param>
/// <param name="Authorities">Who may have signed the engine's certificate; never empty.</param>
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
            throw TransportErrors.CertificateInvalid(node, folder, hasCertificate ? Key : Certificate, "it is not there, though its other half is", null);
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
        return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate");
    }

    private static X509Certificate2 ReadClient(SwarmNode node, string folder)
    {
        var certificate = Parse(node, folder, Certificate, text =>
        {
            using var read = X509Certificate2.CreateFromPem(text);
            return text;
        });
        return Parse(node, folder, Key, key =>
        {
            using var pem = X509Certificate2.CreateFromPem(certificate, key);
            // Windows' TLS does not take a key that was never in a store or a PFX.
            return new X509Certificate2(pem.Export(X509ContentType.Pfx));
        });
    }

    /// <summary>Links that lead nowhere and folders are there, too: what cannot be read then is an error.</summary>
    private static bool Exists(string folder, string file) => Path.Exists(Path.Combine(folder, file)) || new FileInfo(Path.Combine(folder, file)).LinkTarget is not null;

    /// <summary>Has no inner exception: what a parser says of a key may quote it.</summary>
    private static T Parse<T>(SwarmNode node, string folder, string file, Func<string, T> parse)
    {
        string text;
        try
        {
            text = File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw TransportErrors.CertificateInvalid(node, folder, file, exception is FileNotFoundException or DirectoryNotFoundException ? "it is not there" : exception.Message, exception);
        }

        try
        {
            return parse(text);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw TransportErrors.CertificateInvalid(node, folder, file, file == Key ? "it is not the key of the certificate in cert.pem, or is encrypted, or is no key" : "it is empty or holds no certificate", null);
        }
    }
}
