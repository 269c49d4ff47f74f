using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SwarmOps.Swarm.Keys;

/// <summary>Certificate and private key of an authority, as PEM; checked before anything is sent.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Key">The private key; never shown.</param>
internal sealed record CertificatePair(string Certificate, string Key)
{
    /// <summary>Reads a pair from files.</summary>
    /// <exception cref="SwarmOpsException"><c>CertificatePairInvalid</c>.</exception>
    public static CertificatePair Read(string certificatePath, string keyPath)
    {
        var pair = new CertificatePair(Text(certificatePath), Text(keyPath));
        pair.Check(DateTime.UtcNow);
        return pair;
    }

    /// <summary>Throws for what the engine would refuse, or take and then not be able to sign with.</summary>
    /// <exception cref="SwarmOpsException"><c>CertificatePairInvalid</c>.</exception>
    public void Check(DateTime now)
    {
        if (Key.Contains("ENCRYPTED", StringComparison.Ordinal))
            throw SwarmKeyErrors.CertificatePairInvalid("the private key has a passphrase");
        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPem(Certificate, Key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw SwarmKeyErrors.CertificatePairInvalid(
                "the files are not a PEM certificate and the PEM private key (EC or RSA) that belongs to it"
            );
        }

        using (certificate)
        {
            if (!certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority))
                throw SwarmKeyErrors.CertificatePairInvalid("the certificate is not one of an authority (basic constraint CA)");
            if (now < certificate.NotBefore.ToUniversalTime() || now > certificate.NotAfter.ToUniversalTime())
                throw SwarmKeyErrors.CertificatePairInvalid(
                    $"the certificate is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}, not now"
                );
        }
    }

    /// <summary>Without the key.</summary>
    public override string ToString() => "a certificate and its key";

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SwarmKeyErrors.CertificatePairInvalid($"'{path}' cannot be read: {exception.Message}");
        }
    }
}
