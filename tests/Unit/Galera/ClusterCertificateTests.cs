using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SwarmOps.Galera.Formation;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>The certificates of a cluster, as Galera's OpenSSL reads them.</summary>
public sealed class ClusterCertificateTests
{
    [Fact]
    public void Key_certificate_and_authority_belong_together()
    {
        var text = Encoding.ASCII.GetString(ClusterCertificate.Create("galera"));
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(text);
        using var key = ECDsa.Create();
        key.ImportFromPem(text.AsSpan(0, text.IndexOf("-----BEGIN CERT", StringComparison.Ordinal)));

        Assert.Equal(["CN=galera", "CN=galera authority"], certificates.Select(certificate => certificate.Subject));
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), certificates[0].PublicKey.ExportSubjectPublicKeyInfo());
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(certificates[1]);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        Assert.True(chain.Build(certificates[0]));
        Assert.True(certificates[0].NotAfter > DateTime.Now.AddYears(9));
    }
}
