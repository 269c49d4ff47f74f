using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SwarmOps.Transport;

/// <summary>Reads the elements of a JSON array one by one while it arrives: its length costs no memory, and the first element does not wait for the last.</summary>
/// <param name="stream">The array, in UTF-8.</param>
/// <param name="patience">How long the stream may be silent.</param>
internal sealed class JsonArrayReader(Stream stream, TimeSpan patience) : IDisposable
{
    private const int FirstSize = 64 * 1024;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int start;
    private int end;
    private bool isLast;
    private JsonReaderState state;

    /// <summary>The next element that is not null; null at the end of the array.</summary>
    /// <exception cref="JsonException">It is no array, or its end is missing: an answer that was cut off is never taken for a short one.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or silent for too long.</exception>
    public async ValueTask<JsonNode?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake() is { } element)
                return element;
            if (isLast)
                return null;
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    /// <summary>The next element in the buffer; null when more bytes are needed, or after the last one.</summary>
    private JsonNode? TryTake()
    {
        while (true)
        {
            var bytes = buffer.AsSpan(start, end - start);
            var reader = new Utf8JsonReader(bytes, isLast, state);
            if (!reader.Read())
                return null;
            JsonNode? element = null;
            if (reader.CurrentDepth > 0)
            {
                var first = (int)reader.TokenStartIndex;
                // Where the element is incomplete, the state stays before it: it is read again with the bytes that follow.
                if (!reader.TrySkip())
                    return null;
                element = JsonNode.Parse(bytes[first..(int)reader.BytesConsumed]);
            }
            else if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.EndArray or JsonTokenType.Null))
            {
                throw new JsonException("The document is not an array.");
            }

            start += (int)reader.BytesConsumed;
            state = reader.CurrentState;
            if (element is not null)
                return element;
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.AsSpan(0, end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        var count = await stream.ReadAsync(buffer.AsMemory(end), limit.Token).ConfigureAwait(false);
        end += count;
        isLast = count == 0;
    }
}
