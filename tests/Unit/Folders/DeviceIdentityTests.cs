using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SwarmOps.Folders;

namespace SwarmOps.Tests.Unit.Folders;

/// <summary>The identities of Syncthing devices, computed without Syncthing.</summary>
public sealed class DeviceIdentityTests
{
    /// <summary>A certificate for which <c>syncthing --device-id</c> of 1.19.2 and of 1.29.5 printed the id below.</summary>
    private const string Known = """
        -----BEGIN CERTIFICATE-----
        MIIBfDCCASOgAwIBAgIUThTvuXepp2iEVHoDf4c5hLkFp4QwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJc3luY3RoaW5nMB4XDTI2MTEzMDA3MDc1MVoXDTM2MTEyNzA3
        MDc1MVowFDESMBAGA1UEAwwJc3luY3RoaW5nMFkwEwYHKoZIzj0CAQYIKoZIzj0D
        AQcDQgAEPRmoCVO1dq47oPt3xFQjmUjjvJvWBqgEqWHSqem6m7Ba+TAzKTSL1Op3
        QevHELllSs0fySN85SNGcgto0L/b6aNTMFEwHQYDVR0OBBYEFH+yTdHxSGwC3CuN
        ZHPNAJTeEWdkMB8GA1UdIwQYMBaAFH+yTdHxSGwC3CuNZHPNAJTeEWdkMA8GA1Ud
        EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgP4Wd/p+5F44nVqFXTc7MZ7ql
        hokfXTpHsxjuzdGHAyYCIH5HimlqdR6JipaqAZ10e2sZnYGbi9K6+qC0BZgt5iSB
        -----END CERTIFICATE-----
        """;

    [Fact]
    public void The_id_of_a_certificate_is_the_one_that_Syncthing_prints()
    {
        using var certificate = X509Certificate2.CreateFromPem(Known);
        Assert.Equal("W5TC2TN-GYZXURC-BURCGJ4-ZOAFNZU-N2NN3MC-XL27AHN-MSNFGIQ-UGFATAS", DeviceId.Of(certificate.RawData));
    }

    [Fact]
    public void A_new_identity_has_the_name_that_Syncthing_requires_and_the_key_of_its_certificate()
    {
        var identity = DeviceIdentity.Create();
        var text = Encoding.ASCII.GetString(identity.Pem);
        using var certificate = X509Certificate2.CreateFromPem(text, text);

        Assert.Equal("CN=syncthing", certificate.Subject);
        Assert.Equal(identity.Id, DeviceId.Of(certificate.RawData));
        Assert.True(certificate.HasPrivateKey);
        var data = new byte[] { 1, 2, 3 };
        using var secret = certificate.GetECDsaPrivateKey()!;
        using var open = certificate.GetECDsaPublicKey()!;
        Assert.True(open.VerifyData(data, secret.SignData(data, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256));
    }

    [Fact]
    public void Two_identities_differ_and_none_shows_its_key()
    {
        var (one, other) = (DeviceIdentity.Create(), DeviceIdentity.Create());
        Assert.NotEqual(one.Id, other.Id);
        Assert.Equal(one.Id, one.ToString());
    }
}
