using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.GeoDns.Location;

/// <summary>What a host that is to run a name server says of its addresses and of port 53.</summary>
/// <param name="Own">The source address of its packets; null when it named none.</param>
/// <param name="Bound">The local addresses that are bound to port 53.</param>
/// <param name="Holder">Names of the programs that hold the port, where the host could say.</param>
internal sealed partial record HostPort(string? Own, IReadOnlyList<IPAddress> Bound, string Holder)
{
    private const string Port = "0035";
    private const string Listening = "0A";

    /// <summary>Asks a host.</summary>
    /// <param name="context">The calling cmdlet's context.</param>
    /// <param name="node">The node.</param>
    /// <param name="far">An address elsewhere: its route tells the host's own address.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<HostPort> LookAsync(IOperationContext context, SwarmNode node, string far)
    {
        var script = $"""
            ip -4 -o route get {far} 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/own \1/p'
            for file in udp udp6 tcp tcp6; do sed "s/^/$file /" "/proc/net/$file" 2>/dev/null; done
            ss -H -lntup 'sport = :53' 2>/dev/null | sed 's/^/ss /'
            true
            """;
        var result = await context
            .Connection(node)
            .RunAsync(new NodeCommand(script) { AsRoot = true }, context.CancellationToken)
            .ConfigureAwait(false);
        return Parse(result.Output);
    }

    /// <summary>Who would be in the way of a server on an address; null when nobody would.</summary>
    public string? InTheWayOf(IPAddress address) =>
        Bound.FirstOrDefault(bound => bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any) || bound.Equals(address)) is { } found
            ? $"{(Holder.Length > 0 ? Holder : "another program")} (bound to {found})"
            : null;

    /// <summary>Reads the host's report.</summary>
    internal static HostPort Parse(string report)
    {
        var lines = report.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var bound = lines
            .Where(words => words is ["udp" or "udp6" or "tcp" or "tcp6", _, _, _, _, ..])
            // In udp every bound socket counts, in tcp those that listen.
            .Where(words => words[0].StartsWith("udp", StringComparison.Ordinal) || words[4] == Listening)
            .Select(words => words[2].Split(':'))
            .Where(local => local is [_, Port])
            .Select(local => Address(local[0]));
        var holders = Program()
            .Matches(string.Join('\n', report.Split('\n').Where(line => line.StartsWith("ss ", StringComparison.Ordinal))));
        return new HostPort(
            lines.Find(words => words is ["own", _])?[1],
            [.. bound.Distinct()],
            string.Join(", ", holders.Select(match => match.Groups[1].Value).Distinct())
        );
    }

    /// <summary>The kernel writes addresses as words in the byte order of the machine, which is little-endian wherever Docker runs.</summary>
    private static IPAddress Address(string hex)
    {
        var bytes = new byte[hex.Length / 2];
        for (var index = 0; index < bytes.Length; index++)
            bytes[(index & ~3) + 3 - (index & 3)] = byte.Parse(
                hex.AsSpan(index * 2, 2),
                NumberStyles.HexNumber,
                CultureInfo.InvariantCulture
            );
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Program();
}
