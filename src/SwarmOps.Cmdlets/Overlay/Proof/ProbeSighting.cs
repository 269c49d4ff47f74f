using System.Globalization;

namespace SwarmOps.Overlay.Proof;

/// <summary>The result of one probe's test of another.</summary>
/// <param name="Sent">ICMP echoes that were sent.</param>
/// <param name="Received">ICMP echoes that were answered.</param>
/// <param name="Latency">The shortest round trip in milliseconds; null when none was answered.</param>
/// <param name="Udp">Whether a UDP packet was answered.</param>
/// <param name="Tcp">Whether a TCP connection was established.</param>
/// <param name="Mtu">MTU of the sender's interface.</param>
/// <param name="LargestPacket">The largest packet that arrived unfragmented; 0 for none.</param>
/// <param name="Name">Whether the peer's name resolved to its address.</param>
internal sealed record ProbeSighting(int Sent, int Received, double? Latency, bool Udp, bool Tcp, int Mtu, int LargestPacket, bool Name)
{
    /// <summary>The last line of a complete output.</summary>
    public const string LastLine = "end";

    /// <summary>Whether any packet arrived.</summary>
    public bool HasData => Received > 0 || Udp || Tcp;

    /// <summary>Whether everything works.</summary>
    public bool IsSound => Sent > 0 && Received == Sent && Udp && Tcp && Name && LargestPacket >= Mtu;

    /// <summary>Share of the echoes that were lost.</summary>
    public double? Loss => Sent == 0 ? null : (Sent - Received) / (double)Sent;

    /// <summary>Parses the output of OverlayProbe.pl; by the peer's address. Null when the output is incomplete.</summary>
    public static IReadOnlyDictionary<string, ProbeSighting>? Parse(string output)
    {
        var lines = output.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        return lines.Contains(LastLine)
            ? lines
                .Select(line => line.Split('\t'))
                .Where(fields => fields is ["peer", _, _, _, _, _, _, _, _, _])
                .ToDictionary(fields => fields[1], Read)
            : null;
    }

    private static ProbeSighting Read(string[] fields) =>
        new(
            Number(fields[2]),
            Number(fields[3]),
            double.TryParse(fields[4], NumberStyles.Float, CultureInfo.InvariantCulture, out var latency) ? latency : null,
            fields[5] == "1",
            fields[6] == "1",
            Number(fields[7]),
            Number(fields[8]),
            fields[9] == "1"
        );

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
