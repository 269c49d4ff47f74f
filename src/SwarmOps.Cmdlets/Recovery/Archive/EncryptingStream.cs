using System.Security.Cryptography;

namespace SwarmOps.Recovery.Archive;

/// <summary>
/// Writes a backup file: a header, then chunks of AES-256-GCM, each bound to its place and the last one marked, so that no chunk can be left out, moved or cut off unnoticed.
/// Complete only when it is disposed.
/// </summary>
internal sealed class EncryptingStream : Stream
{
    private readonly Stream target;
    private readonly AesGcm cipher;
    private readonly byte[] plain;
    private readonly byte[] sealedChunk;
    private int filled;
    private long number;
    private bool isClosed;

    /// <summary>Writes the header.</summary>
    /// <param name="target">The file; not closed here.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="header">The header; null for the usual one.</param>
    public EncryptingStream(Stream target, string passphrase, ArchiveHeader? header = null)
    {
        this.target = target;
        header ??= ArchiveHeader.Create();
        cipher = new AesGcm(header.Seal(passphrase, out var bytes), AesGcm.TagByteSizes.MaxSize);
        target.Write(bytes);
        plain = new byte[header.ChunkSize];
        sealedChunk = new byte[header.ChunkSize + AesGcm.TagByteSizes.MaxSize];
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            // A full chunk waits until more follows: the last one is marked.
            if (filled == plain.Length)
                SealChunk(isLast: false);
            var count = Math.Min(buffer.Length, plain.Length - filled);
            buffer[..count].CopyTo(plain.AsSpan(filled));
            filled += count;
            buffer = buffer[count..];
        }
    }

    public override void Flush() => target.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Writes the last chunk. Without it the file counts as truncated.</summary>
    public void Complete()
    {
        if (isClosed)
            return;
        isClosed = true;
        SealChunk(isLast: true);
        target.Flush();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            cipher.Dispose();
            CryptographicOperations.ZeroMemory(plain);
        }

        base.Dispose(disposing);
    }

    private void SealChunk(bool isLast)
    {
        cipher.Encrypt(
            ArchiveHeader.Nonce(number++, isLast),
            plain.AsSpan(0, filled),
            sealedChunk.AsSpan(0, filled),
            sealedChunk.AsSpan(filled, AesGcm.TagByteSizes.MaxSize)
        );
        target.Write(sealedChunk, 0, filled + AesGcm.TagByteSizes.MaxSize);
        filled = 0;
    }
}
