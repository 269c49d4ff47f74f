using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SwarmOps.Folders;

/// <summary>A Syncthing device's key with its certificate, by which the other devices recognize it.</summary>
/// <param name="Id">The device's id.</param>
/// <param name="Pem">Key and certificate as one PEM text: separate texts might not match after an interrupted run.</param>
internal sealed record DeviceIdentity(string Id, byte[] Pem)
{
    /// <summary>The name that Syncthing requires in the certificate of a device (<c>lib/connections</c>, <c>tlsDefaultCommonName</c>).</summary>
    private const string CommonName = "CN=syncthing";

    /// <summary>Allows for hosts whose clocks are behind.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromDays(1);

    /// <summary>Devices compare ids, not dates; Syncthing's own certificates are valid for 20 years.</summary>
    private static readonly TimeSpan Validity = TimeSpan.FromDays(7300);

    /// <summary>Creates a new one.</summary>
    public static DeviceIdentity Create()
    {
        var now = DateTimeOffset.UtcNow;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(CommonName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        using var certificate = request.CreateSelfSigned(now - Before, now + Validity);
        return new DeviceIdentity(
            DeviceId.Of(certificate.RawData),
            Encoding.ASCII.GetBytes($"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n")
        );
    }

    /// <summary>The id only: the key is secret.</summary>
    public override string ToString() => Id;
}
