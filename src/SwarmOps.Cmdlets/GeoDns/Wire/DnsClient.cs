using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SwarmOps.GeoDns.Wire;

/// <summary>
/// Asks one name server over UDP or TCP. Libraries for .NET either ask through resolvers, or cannot send a client subnet: here each server must be asked itself, over each
/// protocol, for any client.
/// </summary>
internal static class DnsClient
{
    /// <summary>The port of DNS.</summary>
    public const int Port = 53;

    private const int LargestDatagram = 4096;

    /// <summary>A lost packet is no finding: over UDP each try gets this share of the time.</summary>
    private const int UdpTries = 3;

    /// <summary>Asks a server.</summary>
    /// <param name="server">Its address and port.</param>
    /// <param name="query">The question.</param>
    /// <param name="isTcp">Whether to ask over TCP.</param>
    /// <param name="timeout">How long to wait in all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">There was no answer, or an invalid one; the message says which.</exception>
    public static async Task<DnsReply> AskAsync(
        IPEndPoint server,
        DnsQuery query,
        bool isTcp,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(isTcp ? timeout : timeout / UdpTries);
            try
            {
                var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
                return isTcp
                    ? await OverTcpAsync(server, query, id, limit.Token).ConfigureAwait(false)
                    : await OverUdpAsync(server, query, id, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                if (isTcp || attempt == UdpTries)
                    throw new IOException($"no answer over {(isTcp ? "TCP" : "UDP")} within {timeout.TotalSeconds:0.#} s");
            }
            catch (SocketException error)
            {
                throw new IOException(
                    error.SocketErrorCode == SocketError.ConnectionRefused
                        ? $"port {server.Port} is closed over {(isTcp ? "TCP" : "UDP")}"
                        : $"{(isTcp ? "TCP" : "UDP")}: {error.Message}",
                    error
                );
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
            {
                throw new IOException($"invalid answer over {(isTcp ? "TCP" : "UDP")}: {error.Message}", error);
            }
        }
    }

    /// <summary>Asks over UDP, and over TCP when the answer did not fit.</summary>
    /// <exception cref="IOException">As for one protocol.</exception>
    public static async Task<DnsReply> AskAsync(IPEndPoint server, DnsQuery query, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(server, query, isTcp: false, timeout, cancellationToken).ConfigureAwait(false);
        return reply.IsTruncated ? await AskAsync(server, query, isTcp: true, timeout, cancellationToken).ConfigureAwait(false) : reply;
    }

    private static async Task<DnsReply> OverUdpAsync(IPEndPoint server, DnsQuery query, ushort id, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(query.Encode(id), cancellationToken).ConfigureAwait(false);
        var buffer = new byte[LargestDatagram];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            var reply = DnsReply.Decode(buffer.AsSpan(0, length));
            // A late answer to an earlier question, or a forged one.
            if (IsAnswer(reply, query, id))
                return reply;
        }
    }

    private static async Task<DnsReply> OverTcpAsync(IPEndPoint server, DnsQuery query, ushort id, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        await using var stream = new NetworkStream(socket);
        var message = query.Encode(id);
        var framed = new byte[message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellationToken).ConfigureAwait(false);
        await stream.ReadExactlyAsync(framed.AsMemory(0, 2), cancellationToken).ConfigureAwait(false);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(framed)];
        await stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
        var reply = DnsReply.Decode(answer);
        return IsAnswer(reply, query, id) ? reply : throw new InvalidDataException("it belongs to another question");
    }

    private static bool IsAnswer(DnsReply reply, DnsQuery query, ushort id) =>
        reply.Id == id
        && (reply.Question.Length == 0 || reply.Question.Equals(query.Name.TrimEnd('.'), StringComparison.OrdinalIgnoreCase));
}
