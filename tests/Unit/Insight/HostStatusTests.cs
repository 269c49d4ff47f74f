using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SwarmOps.Insight.Survey;

namespace SwarmOps.Tests.Unit.Insight;

/// <summary>What a host says of its disks, memory, certificate and updates.</summary>
public sealed class HostStatusTests
{
    [Fact]
    public void Everything_is_read()
    {
        var until = new DateTime(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            until.AddDays(-90),
            until
        );

        var status = HostStatus.Parse(
            $"""
            load 0.42
            uptime 86400.11
            total 8000000
            available 2000000
            disk fd01 4096 1000 200 100 500 450 /var/lib/docker
            disk fd01 4096 1000 200 100 500 450 /
            reboot yes
            updates 12 3
            {certificate.ExportCertificatePem()}
            """
        );

        Assert.Equal((0.42, 8_192_000_000L, 2_048_000_000L), (status.Load, status.MemoryBytes, status.MemoryAvailableBytes));
        Assert.Equal(1, status.Uptime!.Value.Days);
        var disk = Assert.Single(status.Disks);
        Assert.Equal(("/var/lib/docker", 900 * 4096L, 100 * 4096L), (disk.Path, disk.Bytes, disk.AvailableBytes));
        Assert.Equal(0.1, disk.InodesUsed!.Value, 3);
        Assert.Equal((12, 3, true), (status.Updates, status.SecurityUpdates, status.RebootRequired));
        Assert.Equal((until.AddDays(-90), until), status.Certificate);
    }

    [Fact]
    public void What_is_not_said_is_not_known()
    {
        var status = HostStatus.Parse("load x\ndisk fd01 4096 0 0 0 0 0 /\nupdates\n-----BEGIN CERTIFICATE-----\nnonsense\n");

        Assert.Empty(status.Disks);
        Assert.Null(status.Load);
        Assert.Null(status.MemoryBytes);
        Assert.Null(status.Updates);
        Assert.Null(status.RebootRequired);
        Assert.Null(status.Certificate);
    }
}
