using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SwarmOps.Swarm.Keys;

namespace SwarmOps.Tests.Unit.Keys;

/// <summary>What can be the authority of a swarm, and what is refused before anything is sent.</summary>
public sealed class CertificatePairTests
{
    private static readonly DateTime Now = DateTime.UtcNow;

    [Fact]
    public void An_authority_with_an_EC_key_is_taken() => Make(true, 1).Check(Now);

    [Fact]
    public void An_authority_with_an_RSA_key_is_taken()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=ours", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(1));
        new CertificatePair(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem()).Check(Now);
    }

    [Fact]
    public void A_certificate_that_cannot_sign_is_refused() => Refused(Make(false, 1), "not one of an authority");

    [Fact]
    public void An_expired_certificate_is_refused() => Refused(Make(true, -1), "not now");

    [Fact]
    public void A_key_of_another_certificate_is_refused() => Refused(Make(true, 1) with { Key = Make(true, 1).Key }, "belongs to it");

    [Theory]
    [InlineData("")]
    [InlineData("no PEM")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void What_is_no_certificate_is_refused(string text) => Refused(Make(true, 1) with { Certificate = text }, "belongs to it");

    [Fact]
    public void A_key_with_a_passphrase_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var locked = key.ExportEncryptedPkcs8PrivateKeyPem(
            "secret",
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)
        );
        Refused(Make(true, 1) with { Key = locked }, "passphrase");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<SwarmOpsException>(() => CertificatePair.Read("/nowhere/ca.pem", "/nowhere/ca-key.pem"));
        Assert.Contains("/nowhere/ca.pem", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_does_not_show_its_key() => Assert.DoesNotContain("PRIVATE", Make(true, 1).ToString(), StringComparison.Ordinal);

    private static void Refused(CertificatePair pair, string reason)
    {
        var error = Assert.Throws<SwarmOpsException>(() => pair.Check(Now));
        Assert.Equal(nameof(SwarmKeyErrors.CertificatePairInvalid), error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static CertificatePair Make(bool isAuthority, int daysLeft)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ours", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        using var certificate = request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(daysLeft));
        return new CertificatePair(certificate.ExportCertificatePem(), key.ExportECPrivateKeyPem());
    }
}
