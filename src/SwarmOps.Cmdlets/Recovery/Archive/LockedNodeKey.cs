using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace SwarmOps.Recovery.Archive;

/// <summary>
/// Takes the lock off a manager's key file (<c>certificates/swarm-node.key</c>). An engine cannot make a new cluster from a locked state: <c>ForceNewCluster</c> passes no unlock
/// key on (moby, daemon/cluster/swarm.go). The engine locks the file again as soon as the swarm has a leader. Format: swarmkit, ca/keyreadwriter.go and manager/deks.go.
/// </summary>
internal static class LockedNodeKey
{
    private const string Begin = "-----BEGIN ";
    private const string EncryptedType = "ENCRYPTED PRIVATE KEY";
    private const string DekHeader = "raft-dek";
    private const string VersionHeader = "kek-version";
    private const int NonceLength = 24;
    private const int MacLength = 16;
    private const int SecretboxAlgorithm = 1;

    /// <summary>Whether a key file is locked.</summary>
    public static bool IsLocked(string pem) => pem.Contains(Begin + EncryptedType, StringComparison.Ordinal);

    /// <summary>The same key file without a lock.</summary>
    /// <param name="pem">The key file.</param>
    /// <param name="unlockKey">The swarm's unlock key, <c>SWMKEY-1-...</c>.</param>
    /// <exception cref="CryptographicException">The key does not fit, or the file is not one that is known.</exception>
    public static string Unlock(string pem, string unlockKey)
    {
        var kek = ParseKey(unlockKey);
        var (headers, body) = Split(pem);
        using var key = ECDsa.Create();
        key.ImportEncryptedPkcs8PrivateKey(kek, Convert.FromBase64String(body), out _);
        var lines = new List<string> { Begin + "PRIVATE KEY-----" };
        foreach (var (name, value) in headers)
        {
            // Version 0: any key of the swarm is newer, so the engine takes it over.
            if (name == VersionHeader)
                lines.Add($"{name}: 0");
            else
                lines.Add(
                    $"{name}: {(name.StartsWith(DekHeader, StringComparison.Ordinal) && value != "true" ? OpenDek(value, kek) : value)}"
                );
        }

        lines.Add("");
        var text = Convert.ToBase64String(key.ExportPkcs8PrivateKey());
        lines.AddRange(text.Chunk(64).Select(line => new string(line)));
        lines.Add("-----END PRIVATE KEY-----");
        return string.Join('\n', lines) + "\n";
    }

    private static byte[] ParseKey(string unlockKey)
    {
        const string prefix = "SWMKEY-1-";
        return unlockKey.StartsWith(prefix, StringComparison.Ordinal)
            ? Convert.FromBase64String(unlockKey[prefix.Length..].PadRight(44, '='))
            : throw new CryptographicException("This is not an unlock key.");
    }

    private static (List<KeyValuePair<string, string>> Headers, string Body) Split(string pem)
    {
        var headers = new List<KeyValuePair<string, string>>();
        var body = "";
        foreach (var line in pem.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("-----END", StringComparison.Ordinal))
                break;
            if (line.StartsWith("-----", StringComparison.Ordinal))
                continue;
            if (line.IndexOf(": ", StringComparison.Ordinal) is var colon and > 0)
                headers.Add(new(line[..colon], line[(colon + 2)..]));
            else
                body += line;
        }

        return (headers, body);
    }

    /// <summary>A key of the raft log: a protobuf record with algorithm, data and nonce, in base64 (swarmkit, api/types.proto, <c>MaybeEncryptedRecord</c>).</summary>
    private static string OpenDek(string value, byte[] kek)
    {
        var (algorithm, data, nonce) = ReadRecord(Convert.FromBase64String(value));
        return algorithm == SecretboxAlgorithm && nonce.Length == NonceLength && data.Length > MacLength
            ? Convert.ToBase64String(PlainRecord(OpenSecretbox(data, nonce, kek)))
            : throw new CryptographicException($"The key of the raft log is encrypted by an algorithm that is not known ({algorithm}).");
    }

    /// <summary>XSalsa20 and Poly1305 as in NaCl's secretbox: the first 32 bytes of the key stream are the MAC's key.</summary>
    private static byte[] OpenSecretbox(byte[] data, byte[] nonce, byte[] key)
    {
        var salsa = new XSalsa20Engine();
        salsa.Init(forEncryption: false, new ParametersWithIV(new KeyParameter(key), nonce));
        var macKey = new byte[32];
        salsa.ProcessBytes(new byte[32], 0, 32, macKey, 0);
        var mac = new Poly1305();
        mac.Init(new KeyParameter(macKey));
        mac.BlockUpdate(data, MacLength, data.Length - MacLength);
        var expected = new byte[MacLength];
        mac.DoFinal(expected, 0);
        if (!CryptographicOperations.FixedTimeEquals(expected, data.AsSpan(0, MacLength)))
            throw new CryptographicException("The unlock key does not fit the key of the raft log.");
        var plain = new byte[data.Length - MacLength];
        salsa.ProcessBytes(data, MacLength, plain.Length, plain, 0);
        return plain;
    }

    /// <summary>The same record without encryption: algorithm 0, which is left out, and the data.</summary>
    private static byte[] PlainRecord(byte[] data) =>
        data.Length < 0x80
            ? [0x12, (byte)data.Length, .. data]
            : throw new CryptographicException("The key of the raft log has a length that is not known.");

    private static (int Algorithm, byte[] Data, byte[] Nonce) ReadRecord(ReadOnlySpan<byte> record)
    {
        var (algorithm, data, nonce) = (0, Array.Empty<byte>(), Array.Empty<byte>());
        while (!record.IsEmpty)
        {
            var tag = ReadVarint(ref record);
            if (tag == 0x08)
            {
                algorithm = ReadVarint(ref record);
                continue;
            }

            var length = ReadVarint(ref record);
            if (length < 0 || length > record.Length)
                throw new CryptographicException("The key of the raft log is damaged.");
            var field = record[..length].ToArray();
            record = record[length..];
            if (tag == 0x12)
                data = field;
            else if (tag == 0x1A)
                nonce = field;
        }

        return (algorithm, data, nonce);
    }

    private static int ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0;
        for (var shift = 0; shift < 32; shift += 7)
        {
            if (bytes.IsEmpty)
                break;
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new CryptographicException("The key of the raft log is damaged.");
    }
}
