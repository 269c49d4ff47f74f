using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace SwarmOps.Transport;

/// <summary>Container output in frames, as logs and exec return it (Docker's attach format): each has a header of stream, three zeros and length.</summary>
internal static class MultiplexedStream
{
    private const int HeaderLength = 8;

    /// <summary>The longest frame. Engines split lines at 16 kB, the "local" log driver keeps up to 1 MB; a greater length is invalid, and would be allocated.</summary>
    private const int LongestPiece = 4 * 1024 * 1024;

    /// <summary>The longest text that is read whole; the programs that SwarmOps runs in containers write a few kilobytes.</summary>
    private const int LongestText = 16 * 1024 * 1024;

    /// <summary>The frames, until the stream ends.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>1 with standard output, 2 with standard error; 0 once, with the first bytes of a stream without headers, such as a terminal's.</returns>
    /// <exception cref="InvalidDataException">A header is invalid.</exception>
    public static async IAsyncEnumerable<(int Stream, byte[] Piece)> ReadAsync(
        Stream stream,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var header = new byte[HeaderLength];
        for (var isFirst = true; ; isFirst = false)
        {
            var count = await stream
                .ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            if (count == 0)
                yield break;
            if (isFirst && (count < HeaderLength || !IsHeader(header)))
            {
                yield return (0, header[..count]);
                yield break;
            }

            if (count < HeaderLength)
                throw new EndOfStreamException("The stream ended inside a frame.");
            var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
            if (!IsHeader(header) || length > LongestPiece)
                throw new InvalidDataException(
                    $"a frame header names stream {header[0]} and {length} bytes; the limit is {LongestPiece} bytes"
                );
            var piece = new byte[length];
            await stream.ReadExactlyAsync(piece, cancellationToken).ConfigureAwait(false);
            yield return (header[0], piece);
        }
    }

    /// <summary>The whole of a short stream as text.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="outputOnly">Whether to return standard output only.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidDataException">The stream is invalid or too long.</exception>
    public static async Task<string> ReadTextAsync(Stream stream, bool outputOnly, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        await foreach (var (number, piece) in ReadAsync(stream, cancellationToken).ConfigureAwait(false))
        {
            if (number != 2 || !outputOnly)
                text.Write(piece);
            if (text.Length > LongestText)
                throw new InvalidDataException($"it is longer than {LongestText} bytes");
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private static bool IsHeader(byte[] header) => header[0] <= 2 && header[1] == 0 && header[2] == 0 && header[3] == 0;
}
