using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SwarmOps.Tests.Lab;

/// <summary>
/// Takes the place of a swarm's certificate authority by docker swarm ca, so that certificates can be made that have expired: the engine issues none that is valid for less
/// than an hour.
/// </summary>
internal sealed class SwarmCertificates
{
    private const string Folder = "/var/lib/docker/swarm/certificates";

    private readonly X509Certificate2 authority;

    private SwarmCertificates(X509Certificate2 authority) => this.authority = authority;

    /// <summary>Gives the swarm a new authority, and waits until all nodes have certificates of it.</summary>
    public static async Task<SwarmCertificates> TakeOverAsync(LabFixture lab)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=swarm-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddYears(10));
        await lab.ExecAsync(
            lab.Hosts[0],
            $"""
            printf '%s' '{authority.ExportCertificatePem()}' >/root/ca.pem
            printf '%s' '{key.ExportECPrivateKeyPem()}' >/root/ca.key
            docker swarm ca --rotate -q --ca-cert /root/ca.pem --ca-key /root/ca.key >/dev/null
            rm /root/ca.pem /root/ca.key
            """
        );
        foreach (var host in lab.Hosts)
        {
            await ManagerLab.UntilAsync(
                async () =>
                    await ReadAsync(lab, host) is var now
                    && now.IssuerName.RawData.SequenceEqual(authority.SubjectName.RawData)
                    && IsOf(now, authority)
                        ? (true, "")
                        : (false, now.Issuer),
                90
            );
        }

        return new SwarmCertificates(authority);
    }

    /// <summary>Puts a certificate in the place of a stopped engine's own that ended yesterday, of the same node, key and authority.</summary>
    public async Task ExpireAsync(LabFixture lab, LabHost host)
    {
        using var own = await ReadAsync(lab, host);
        var request = new CertificateRequest(own.SubjectName, own.PublicKey, HashAlgorithmName.SHA256);
        foreach (var extension in own.Extensions)
            request.CertificateExtensions.Add(extension);
        using var expired = request.Create(
            authority,
            DateTimeOffset.UtcNow.AddDays(-8),
            DateTimeOffset.UtcNow.AddDays(-1),
            RandomNumberGenerator.GetBytes(16)
        );
        await lab.ExecAsync(
            host,
            $"cp -p {Folder}/swarm-node.crt /root/swarm-node.crt; printf '%s\n' '{expired.ExportCertificatePem()}' >{Folder}/swarm-node.crt"
        );
    }

    /// <summary>Puts a stopped engine's own certificate back.</summary>
    public static Task RestoreAsync(LabFixture lab, LabHost host) =>
        lab.ExecAsync(host, $"mv /root/swarm-node.crt {Folder}/swarm-node.crt");

    private static async Task<X509Certificate2> ReadAsync(LabFixture lab, LabHost host) =>
        X509Certificate2.CreateFromPem(await lab.ExecAsync(host, $"cat {Folder}/swarm-node.crt"));

    private static bool IsOf(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }
}
