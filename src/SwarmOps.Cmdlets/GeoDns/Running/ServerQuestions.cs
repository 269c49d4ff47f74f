using System.Net;
using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Wire;

namespace SwarmOps.GeoDns.Running;

/// <summary>Asks the name servers of a zone at their public addresses, as resolvers do.</summary>
/// <param name="definition">The zone.</param>
/// <param name="cancellationToken">Ends the wait.</param>
internal sealed class ServerQuestions(GeoDnsDefinition definition, CancellationToken cancellationToken)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Asks for the serial, over both protocols at the same time.</summary>
    public async Task<SerialView> SerialAsync(GeoDnsHost server)
    {
        var query = new DnsQuery(definition.Zone, DnsType.Soa);
        var udp = TryAsync(server, query, isTcp: false);
        var tcp = TryAsync(server, query, isTcp: true);
        var (overUdp, overTcp) = (await udp.ConfigureAwait(false), await tcp.ConfigureAwait(false));
        var reply = overUdp.Reply ?? overTcp.Reply;
        return new SerialView(
            reply?.Serial,
            overUdp.Reply is not null,
            overTcp.Reply is not null,
            string.Join("; ", new[] { overUdp.Error, overTcp.Error }.OfType<string>().Distinct()) is { Length: > 0 } why ? why : null
        );
    }

    /// <summary>Asks what a client is answered.</summary>
    public Task<ServerReply> AnswerAsync(GeoDnsHost server, DnsNetwork? client, bool isTcp = false) =>
        TryAsync(server, new DnsQuery(definition.FullName(definition.Records[0]), DnsType.A) { Client = client }, isTcp);

    private async Task<ServerReply> TryAsync(GeoDnsHost server, DnsQuery query, bool isTcp)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        try
        {
            var reply = await DnsClient
                .AskAsync(new IPEndPoint(IPAddress.Parse(server.Address), DnsClient.Port), query, isTcp, Patience, cancellationToken)
                .ConfigureAwait(false);
            // An answer to an unknown address is limited to 512 bytes; resolvers ask again over TCP.
            if (reply.IsTruncated)
                return await TryAsync(server, query, isTcp: true).ConfigureAwait(false);
            var milliseconds = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            return Fault(reply, server, isTcp) is { } fault
                ? new ServerReply(null, milliseconds, fault)
                : new ServerReply(reply, milliseconds, null);
        }
        catch (IOException error)
        {
            return new ServerReply(null, null, error.Message);
        }
    }

    /// <summary>An answer that is none of this server: it says its node's name in every answer (NSID).</summary>
    private static string? Fault(DnsReply reply, GeoDnsHost server, bool isTcp)
    {
        var over = isTcp ? "TCP" : "UDP";
        if (reply.Server is { } name && name != server.Node)
            return $"the name server of '{name}' answered over {over}";
        if (reply.Code != 0)
            return $"it answered over {over}: {reply.Words}";
        return reply.IsAuthoritative && reply.Server is not null ? null : $"another DNS server answered over {over}";
    }
}

/// <summary>What a name server answered about its serial.</summary>
/// <param name="Serial">The serial; null without an answer.</param>
/// <param name="Udp">Whether it answered over UDP.</param>
/// <param name="Tcp">Whether it answered over TCP.</param>
/// <param name="Error">What went wrong over either; null when nothing did.</param>
internal sealed record SerialView(long? Serial, bool Udp, bool Tcp, string? Error);

/// <summary>An answer of a name server, or why there is none.</summary>
/// <param name="Reply">The answer; null when there is none that counts.</param>
/// <param name="Milliseconds">Time to the answer; null when nothing arrived.</param>
/// <param name="Error">What went wrong; null when nothing did.</param>
internal sealed record ServerReply(DnsReply? Reply, double? Milliseconds, string? Error);
