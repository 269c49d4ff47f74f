using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using SwarmOps.Recovery.Archive;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>A manager's key file loses its lock, and nothing else. The lab proves it with the file of a real engine.</summary>
public sealed class LockedNodeKeyTests
{
    private static readonly byte[] Kek = [.. Enumerable.Range(0, 32).Select(number => (byte)number)];
    private static readonly byte[] Dek = [.. Enumerable.Range(100, 32).Select(number => (byte)number)];
    private static readonly string UnlockKey = "SWMKEY-1-" + Convert.ToBase64String(Kek).TrimEnd('=');

    [Fact]
    public void The_key_is_the_same_and_the_key_of_the_raft_log_can_be_read_without_the_lock()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var locked = Locked(key);
        Assert.True(LockedNodeKey.IsLocked(locked));

        var unlocked = LockedNodeKey.Unlock(locked, UnlockKey);

        Assert.False(LockedNodeKey.IsLocked(unlocked));
        Assert.Contains("kek-version: 0\n", unlocked, StringComparison.Ordinal);
        Assert.Contains("raft-dek-needs-rotation: true\n", unlocked, StringComparison.Ordinal);
        Assert.Contains($"raft-dek: {Convert.ToBase64String([0x12, 32, .. Dek])}\n", unlocked, StringComparison.Ordinal);
        var body = string.Concat(unlocked.Split('\n').Where(line => line.Length > 0 && !line.Contains(':') && !line.StartsWith('-')));
        Assert.Equal(key.ExportPkcs8PrivateKey(), Convert.FromBase64String(body));
    }

    [Fact]
    public void Another_key_does_not_open_it()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var other = "SWMKEY-1-" + Convert.ToBase64String(new byte[32]).TrimEnd('=');

        Assert.ThrowsAny<CryptographicException>(() => LockedNodeKey.Unlock(Locked(key), other));
        Assert.ThrowsAny<CryptographicException>(() => LockedNodeKey.Unlock(Locked(key), ""));
    }

    [Fact]
    public void A_file_without_a_lock_is_seen_as_such() => Assert.False(LockedNodeKey.IsLocked("-----BEGIN PRIVATE KEY-----\n"));

    private static string Locked(ECDsa key)
    {
        var body = Convert.ToBase64String(
            key.ExportEncryptedPkcs8PrivateKey(Kek, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2048))
        );
        var nonce = Enumerable.Repeat((byte)7, 24).ToArray();
        var record = new List<byte> { 0x08, 1, 0x12 };
        var data = Secretbox(Dek, nonce);
        record.AddRange([(byte)data.Length, .. data, 0x1A, 24, .. nonce]);
        return new StringBuilder("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
            .Append("kek-version: 42\n")
            .Append("raft-dek: ")
            .Append(Convert.ToBase64String([.. record]))
            .Append("\nraft-dek-needs-rotation: true\n\n")
            .Append(body)
            .Append("\n-----END ENCRYPTED PRIVATE KEY-----\n")
            .ToString();
    }

    private static byte[] Secretbox(byte[] plain, byte[] nonce)
    {
        var salsa = new XSalsa20Engine();
        salsa.Init(true, new ParametersWithIV(new KeyParameter(Kek), nonce));
        var stream = new byte[32 + plain.Length];
        byte[] input = [.. new byte[32], .. plain];
        salsa.ProcessBytes(input, 0, input.Length, stream, 0);
        var mac = new Poly1305();
        mac.Init(new KeyParameter(stream[..32]));
        mac.BlockUpdate(stream, 32, plain.Length);
        var tag = new byte[16];
        mac.DoFinal(tag, 0);
        return [.. tag, .. stream[32..]];
    }
}
