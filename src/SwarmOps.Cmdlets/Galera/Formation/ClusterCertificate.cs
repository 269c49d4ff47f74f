using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SwarmOps.Galera.Formation;

/// <summary>The certificates with which the nodes of one cluster authenticate each other.</summary>
internal static class ClusterCertificate
{
    /// <summary>Allows for hosts whose clocks are behind.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromDays(1);

    private static readonly TimeSpan Validity = TimeSpan.FromDays(3650);

    /// <summary>
    /// A key, its certificate, and the certificate of the authority that signed it, as one PEM text: with separate texts, an interrupted run could leave
    /// parts that do not match. The authority's key is discarded, so nobody can create a certificate for another member.
    /// </summary>
    /// <param name="cluster">Name of the cluster.</param>
    public static byte[] Create(string cluster)
    {
        var now = DateTimeOffset.UtcNow;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest($"CN={cluster} authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(
                certificateAuthority: true,
                hasPathLengthConstraint: true,
                pathLengthConstraint: 0,
                critical: true
            )
        );
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var authority = authorityRequest.CreateSelfSigned(now - Before, now + Validity);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={cluster}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(
                certificateAuthority: false,
                hasPathLengthConstraint: false,
                pathLengthConstraint: 0,
                critical: true
            )
        );
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        // The authority signs only once, so any serial number is unique.
        using var certificate = request.Create(authority, now - Before, now + Validity, [1]);
        return Encoding.ASCII.GetBytes(
            $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n{authority.ExportCertificatePem()}\n"
        );
    }
}
