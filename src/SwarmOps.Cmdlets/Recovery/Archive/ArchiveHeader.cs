using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SwarmOps.Recovery.Archive;

/// <summary>
/// The first bytes of a backup file (docs/disaster-recovery.md, "The format"): magic, PBKDF2 iterations, size of a chunk, salt, and a check by which a wrong passphrase is told
/// from a damaged file.
/// </summary>
/// <param name="Iterations">Iterations of PBKDF2.</param>
/// <param name="ChunkSize">Bytes of plain text in each chunk but the last.</param>
/// <param name="Salt">Random for each file, so that no two files have the same key.</param>
internal sealed record ArchiveHeader(int Iterations, int ChunkSize, byte[] Salt)
{
    /// <summary>Length of the header in bytes.</summary>
    public const int Length = FixedLength + CheckLength;

    /// <summary>OWASP's figure for PBKDF2 with HMAC-SHA-256 (Password Storage Cheat Sheet, 2023).</summary>
    private const int UsualIterations = 600_000;

    /// <summary>A header that demands more is not one of ours, and would only keep the processor busy.</summary>
    private const int MostIterations = 50_000_000;

    private const int UsualChunkSize = 64 * 1024;
    private const int LargestChunkSize = 16 * 1024 * 1024;
    private const int SaltLength = 16;
    private const int CheckLength = 32;
    private const int FixedLength = 8 + 4 + 4 + SaltLength;

    private static readonly byte[] Magic = "SWOPSBK1"u8.ToArray();
    private static readonly byte[] CheckLabel = "swarmops backup header"u8.ToArray();
    private static readonly byte[] PayloadLabel = "swarmops backup payload"u8.ToArray();

    /// <summary>A header for a new file.</summary>
    public static ArchiveHeader Create(int iterations = UsualIterations, int chunkSize = UsualChunkSize) =>
        new(iterations, chunkSize, RandomNumberGenerator.GetBytes(SaltLength));

    /// <summary>Writes the header, and returns the key of the chunks.</summary>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="bytes">The header, <see cref="Length"/> bytes.</param>
    public byte[] Seal(string passphrase, out byte[] bytes)
    {
        var master = Derive(passphrase);
        bytes = [.. Fixed(), .. Check(master)];
        return HMACSHA256.HashData(master, PayloadLabel);
    }

    /// <summary>Reads a header, and returns the key of the chunks.</summary>
    /// <param name="bytes">The first bytes of the file.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="name">The file, for errors.</param>
    /// <param name="header">The header.</param>
    /// <exception cref="SwarmOpsException"><c>NotABackup</c>, <c>BackupTruncated</c>, <c>BackupPassphraseWrong</c>.</exception>
    public static byte[] Open(ReadOnlySpan<byte> bytes, string passphrase, string name, out ArchiveHeader header)
    {
        if (bytes.Length < Magic.Length || !bytes[..Magic.Length].SequenceEqual(Magic))
            throw RecoveryErrors.NotABackup(name);
        if (bytes.Length < Length)
            throw RecoveryErrors.BackupTruncated(name);
        var iterations = BinaryPrimitives.ReadInt32BigEndian(bytes[8..]);
        var chunkSize = BinaryPrimitives.ReadInt32BigEndian(bytes[12..]);
        if (iterations is < 1 or > MostIterations || chunkSize is < 1 or > LargestChunkSize)
            throw RecoveryErrors.NotABackup(name);
        header = new ArchiveHeader(iterations, chunkSize, bytes[16..FixedLength].ToArray());
        var master = header.Derive(passphrase);
        return CryptographicOperations.FixedTimeEquals(header.Check(master), bytes[FixedLength..Length])
            ? HMACSHA256.HashData(master, PayloadLabel)
            : throw RecoveryErrors.BackupPassphraseWrong(name);
    }

    /// <summary>The nonce of a chunk: its number, and whether it is the last. A key is used for one file only.</summary>
    public static byte[] Nonce(long number, bool isLast)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(3), number);
        nonce[11] = isLast ? (byte)1 : (byte)0;
        return nonce;
    }

    private byte[] Fixed()
    {
        var bytes = new byte[FixedLength];
        Magic.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), Iterations);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), ChunkSize);
        Salt.CopyTo(bytes, 16);
        return bytes;
    }

    private byte[] Check(byte[] master)
    {
        byte[] text = [.. CheckLabel, .. Fixed()];
        return HMACSHA256.HashData(master, text);
    }

    private byte[] Derive(string passphrase) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase), Salt, Iterations, HashAlgorithmName.SHA256, 32);
}
