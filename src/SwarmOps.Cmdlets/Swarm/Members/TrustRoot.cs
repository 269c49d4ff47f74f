using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SwarmOps.Swarm.Members;

/// <summary>The swarm's root certificates.</summary>
internal static class TrustRoot
{
    /// <summary>Expiry of the certificate that expires first, UTC; null when none can be read. During a rotation there are several.</summary>
    /// <param name="pem">PEM text, as in <c>TLSInfo.TrustRoot</c> of the Engine API.</param>
    public static DateTime? ExpiryOf(string? pem)
    {
        if (string.IsNullOrWhiteSpace(pem))
            return null;
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
            return certificates.Count == 0 ? null : certificates.Min(certificate => certificate.NotAfter.ToUniversalTime());
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            foreach (var certificate in certificates)
                certificate.Dispose();
        }
    }
}
