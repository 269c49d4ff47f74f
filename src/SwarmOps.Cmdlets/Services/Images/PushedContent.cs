using System.Net;
using System.Net.Http.Headers;

namespace SwarmOps.Services.Images;

/// <summary>A request's body that is made while it is sent, and counted.</summary>
/// <param name="write">Writes it.</param>
/// <param name="sent">Takes the number of bytes so far.</param>
internal sealed class PushedContent(Func<Stream, CancellationToken, Task> write, Action<long> sent) : HttpContent
{
    /// <summary>Creates it with the media type of an archive.</summary>
    public static PushedContent Archive(Func<Stream, CancellationToken, Task> write, Action<long> sent) =>
        new(write, sent) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } };

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var counted = new CountedStream(stream, sent);
        await using var _ = counted.ConfigureAwait(false);
        await write(counted, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
