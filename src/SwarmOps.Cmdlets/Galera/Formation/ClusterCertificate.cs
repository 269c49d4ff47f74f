using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SwarmOps.Galera.Formation;

/// <summary>The certificates by which the nodes of one cluster know each other.</summary>
internal static class ClusterCertificate
{
    /// <summary>Clocks of hosts may be behind.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromDays(1);

    private static readonly TimeSpan Validity = TimeSpan.FromDays(3650);

    /// <summary>
    /// A key, a certificate for it, and that of the authority which signed it, as PEM in one piece: a run that is killed between pieces would leave
    /// some that do not match. The authority's own key is thrown away, so nobody can make a further member.
    /// </summary>
    /// <param name="cluster">Name of the cluster.</param>
    public static byte[] Create(string cluster)
    {
        var now = DateTimeOffset.UtcNow;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest($"CN={cluster} authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var authority = authorityRequest.CreateSelfSigned(now - Before, now + Validity);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={cluster}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        // Serial numbers are unique under an authority that signs only once.
        using var certificate = request.Create(authority, now - Before, now + Validity, [1]);
        return Encoding.ASCII.GetBytes($"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n{authority.ExportCertificatePem()}\n");
    }
}
