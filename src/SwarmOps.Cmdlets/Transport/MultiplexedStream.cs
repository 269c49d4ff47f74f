using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace SwarmOps.Transport;

/// <summary>Output of containers in pieces, as logs and exec give it (Docker's attach format): each has a header of stream, three zeros and its size.</summary>
internal static class MultiplexedStream
{
    private const int HeaderLength = 8;

    /// <summary>The longest piece. Engines cut lines at 16 kB, the driver "local" keeps up to 1 MB; what is longer is no size but rubbish, and would be allocated.</summary>
    private const int LongestPiece = 4 * 1024 * 1024;

    /// <summary>How much is taken whole; what the module runs in containers says some kilobytes.</summary>
    private const int LongestText = 16 * 1024 * 1024;

    /// <summary>The pieces, until the stream ends.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>1 and what was written to the standard output, 2 and what was written to the standard error; once 0 and the first bytes of a stream that has no headers, as a terminal's has none.</returns>
    /// <exception cref="InvalidDataException">A header makes no sense.</exception>
    public static async IAsyncEnumerable<(int Stream, byte[] Piece)> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        for (var isFirst = true; ; isFirst = false)
        {
            var count = await stream.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (count == 0)
                yield break;
            if (isFirst && (count < HeaderLength || !IsHeader(header)))
            {
                yield return (0, header[..count]);
                yield break;
            }

            if (count < HeaderLength)
                throw new EndOfStreamException("It ended inside a piece.");
            var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
            if (!IsHeader(header) || length > LongestPiece)
                throw new InvalidDataException($"a piece's header says stream {header[0]} and {length} bytes; at most {LongestPiece} are possible");
            var piece = new byte[length];
            await stream.ReadExactlyAsync(piece, cancellationToken).ConfigureAwait(false);
            yield return (header[0], piece);
        }
    }

    /// <summary>All of a short stream as text.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="outputOnly">Whether only the standard output counts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidDataException">It makes no sense, or has no end.</exception>
    public static async Task<string> ReadTextAsync(Stream stream, bool outputOnly, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        await foreach (var (number, piece) in ReadAsync(stream, cancellationToken).ConfigureAwait(false))
        {
            if (number != 2 || !outputOnly)
                text.Write(piece);
            if (text.Length > LongestText)
                throw new InvalidDataException($"it has more than {LongestText} bytes");
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private static bool IsHeader(byte[] header) => header[0] <= 2 && header[1] == 0 && header[2] == 0 && header[3] == 0;
}
