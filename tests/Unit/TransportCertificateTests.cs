using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>A folder of certificates that is not whole is an error before anything is sent: never TLS by this machine's own authorities, never TLS without our certificate.</summary>
public sealed class TransportCertificateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("swarmops-").FullName;

    private static readonly string[] All = ["ca.pem", "cert.pem", "key.pem"];

    public TransportCertificateTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        File.WriteAllText(In("ca.pem"), authority.ExportCertificatePem());
        File.WriteAllText(In("cert.pem"), authority.ExportCertificatePem());
        File.WriteAllText(In("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_whole_folder_is_read()
    {
        using var certificates = EngineCertificates.Read(Node, folder);
        Assert.NotNull(certificates.Client);
        Assert.Single(certificates.Authorities);
    }

    [Fact]
    public void An_authority_alone_is_enough_for_an_engine_that_asks_for_no_certificate()
    {
        File.Delete(In("cert.pem"));
        File.Delete(In("key.pem"));
        using var certificates = EngineCertificates.Read(Node, folder);
        Assert.Null(certificates.Client);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n")]
    [InlineData("rubbish\0\u0001")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\n")]
    public async Task A_file_without_what_it_is_for_is_an_error(string content)
    {
        foreach (var name in All)
        {
            var before = await File.ReadAllTextAsync(In(name), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(In(name), content, TestContext.Current.CancellationToken);
            await AssertRefusedAsync(name);
            await File.WriteAllTextAsync(In(name), before, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task An_authority_file_that_holds_a_key_is_an_error()
    {
        File.Copy(In("key.pem"), In("ca.pem"), overwrite: true);
        await AssertRefusedAsync("ca.pem");
    }

    [Theory]
    [InlineData("ca.pem")]
    [InlineData("cert.pem")]
    [InlineData("key.pem")]
    public async Task A_file_that_vanished_is_an_error(string name)
    {
        File.Delete(In(name));
        await AssertRefusedAsync(name);
    }

    [Theory]
    [InlineData("ca.pem")]
    [InlineData("cert.pem")]
    [InlineData("key.pem")]
    public async Task A_file_that_cannot_be_read_is_an_error(string name)
    {
        File.Delete(In(name));
        Directory.CreateDirectory(In(name));
        await AssertRefusedAsync(name);
        Directory.Delete(In(name));
        // A link to itself: there, and out of everyone's reach, root's too.
        File.CreateSymbolicLink(In(name), In(name));
        await AssertRefusedAsync(name);
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_an_error()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(In("key.pem"), other.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await AssertRefusedAsync("key.pem");
    }

    [Fact]
    public async Task An_empty_folder_and_none_are_errors()
    {
        foreach (var name in All)
            File.Delete(In(name));
        await AssertRefusedAsync("ca.pem");
        Assert.Equal("CertificateInvalid", (await ErrorAsync(folder + "/nowhere")).ErrorId);
    }

    private SwarmNode Node =>
        new()
        {
            Name = "tls",
            DockerHost = "tcp://127.0.0.1:1",
            CertificatePath = folder,
        };

    private string In(string name) => Path.Combine(folder, name);

    private async Task AssertRefusedAsync(string name)
    {
        var error = await ErrorAsync(folder);
        Assert.True(error.ErrorId == "CertificateInvalid", $"{name}: {error}");
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", error.Message, StringComparison.Ordinal);
    }

    private async Task<SwarmOpsException> ErrorAsync(string path)
    {
        await using var connection = NodeConnection.Create(
            Node with
            {
                CertificatePath = path,
            },
            new ConnectionOptions(null, TimeSpan.FromSeconds(5))
        );
        return await Assert.ThrowsAsync<SwarmOpsException>(() => connection.GetEngineAsync(TestContext.Current.CancellationToken));
    }
}
