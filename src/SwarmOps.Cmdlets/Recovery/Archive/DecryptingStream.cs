using System.Security.Cryptography;

namespace SwarmOps.Recovery.Archive;

/// <summary>Reads a backup file, and gives out nothing that was not verified.</summary>
internal sealed class DecryptingStream : Stream
{
    private readonly Stream source;
    private readonly string name;
    private readonly AesGcm cipher;
    private readonly byte[] sealedChunk;
    private readonly byte[] plain;

    /// <summary>Read of the file and not decrypted yet: one byte more than a chunk tells whether it is the last.</summary>
    private int buffered;

    private int available;
    private int given;
    private long number;
    private bool isOver;

    /// <summary>Reads the header.</summary>
    /// <param name="source">The file; not closed here.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="name">The file, for errors.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="ArchiveHeader.Open"/>.</exception>
    public DecryptingStream(Stream source, string passphrase, string name)
    {
        (this.source, this.name) = (source, name);
        var bytes = new byte[ArchiveHeader.Length];
        var count = source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        cipher = new AesGcm(ArchiveHeader.Open(bytes.AsSpan(0, count), passphrase, name, out var header), AesGcm.TagByteSizes.MaxSize);
        sealedChunk = new byte[header.ChunkSize + AesGcm.TagByteSizes.MaxSize + 1];
        plain = new byte[header.ChunkSize];
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="SwarmOpsException"><c>BackupTruncated</c>, <c>BackupDamaged</c>.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (given == available && !isOver)
            OpenChunk();
        var count = Math.Min(buffer.Length, available - given);
        plain.AsSpan(given, count).CopyTo(buffer);
        given += count;
        return count;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            cipher.Dispose();
            CryptographicOperations.ZeroMemory(plain);
        }

        base.Dispose(disposing);
    }

    private void OpenChunk()
    {
        buffered += source.ReadAtLeast(sealedChunk.AsSpan(buffered), sealedChunk.Length - buffered, throwOnEndOfStream: false);
        var isLast = buffered < sealedChunk.Length;
        var length = isLast ? buffered : sealedChunk.Length - 1;
        if (length < AesGcm.TagByteSizes.MaxSize)
            throw RecoveryErrors.BackupTruncated(name);
        available = length - AesGcm.TagByteSizes.MaxSize;
        if (!TryOpen(isLast))
            throw isLast ? RecoveryErrors.BackupTruncated(name) : RecoveryErrors.BackupDamaged(name);
        given = 0;
        number++;
        isOver = isLast;
        sealedChunk[0] = sealedChunk[^1];
        buffered = isLast ? 0 : 1;
    }

    private bool TryOpen(bool isLast)
    {
        try
        {
            cipher.Decrypt(
                ArchiveHeader.Nonce(number, isLast),
                sealedChunk.AsSpan(0, available),
                sealedChunk.AsSpan(available, AesGcm.TagByteSizes.MaxSize),
                plain.AsSpan(0, available)
            );
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
