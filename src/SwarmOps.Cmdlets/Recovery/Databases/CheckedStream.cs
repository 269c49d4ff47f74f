using System.Security.Cryptography;

namespace SwarmOps.Recovery.Databases;

/// <summary>Reads a stream of a known length once, and hashes what is read. It reports its length, so that an entry of an archive can be written before its content is there.</summary>
/// <param name="inner">The stream; not closed here.</param>
/// <param name="length">How many bytes it must have.</param>
/// <param name="read">Takes the number of bytes read so far.</param>
internal sealed class CheckedStream(Stream inner, long length, Action<long> read) : Stream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long count;

    public override bool CanRead => true;

    /// <summary>Only so that its length is asked for.</summary>
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => count;
        set
        {
            if (value != count)
                throw new NotSupportedException();
        }
    }

    /// <summary>The checksum of what was read, hexadecimal; null when it is not all of it.</summary>
    public string? Sha256() => count == length ? Convert.ToHexString(hash.GetCurrentHash()).ToLowerInvariant() : null;

    public override int Read(byte[] buffer, int offset, int count) => Take(buffer.AsSpan(offset, inner.Read(buffer, offset, count)));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Take(buffer.Span[..length]);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            hash.Dispose();
        base.Dispose(disposing);
    }

    private int Take(ReadOnlySpan<byte> piece)
    {
        hash.AppendData(piece);
        count += piece.Length;
        read(count);
        return piece.Length;
    }
}
