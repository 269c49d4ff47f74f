using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SwarmOps.Transport;

/// <summary>Output of containers in pieces, as logs and exec give it (Docker's attach format): each has a header of stream, three zeros and its size.</summary>
internal static class MultiplexedStream
{
    private const int HeaderLength = 8;

    /// <summary>The pieces, until the stream ends.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>1 and what was written to the standard output, 2 and what was written to the standard error; once 0 and the first bytes of a stream that has no headers, as a terminal's has none.</returns>
    public static async IAsyncEnumerable<(int Stream, byte[] Piece)> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        while (await stream.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) == HeaderLength)
        {
            if (header[0] > 2 || header[1] != 0)
            {
                yield return (0, header);
                yield break;
            }

            var piece = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4))];
            await stream.ReadExactlyAsync(piece, cancellationToken).ConfigureAwait(false);
            yield return (header[0], piece);
        }
    }
}
