using System.Net;
using System.Net.Sockets;

namespace SwarmOps.Aws.Firewall;

/// <summary>Parses the source networks of security group rules: IPv4 or IPv6 in CIDR form.</summary>
internal static class SourceNetwork
{
    private const int Ipv4Bits = 32,
        Ipv6Bits = 128;

    /// <summary>Whether a text is a network, and not the id of a group or of a prefix list.</summary>
    public static bool IsNetwork(string? text) => IPNetwork.TryParse(text, out _);

    /// <summary>Parses what a user writes: a network without host bits, or a single address, which becomes a /32 or /128; null when the text is neither.</summary>
    public static IPNetwork? TryParse(string text)
    {
        if (!text.Contains('/', StringComparison.Ordinal))
            return IPAddress.TryParse(text, out var address)
                ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? Ipv4Bits : Ipv6Bits)
                : null;
        // Runtimes differ in whether they accept host bits; here they are treated as a typing error.
        return
            IPNetwork.TryParse(text, out var network)
            && IPAddress.Parse(text[..text.IndexOf('/', StringComparison.Ordinal)]).Equals(network.BaseAddress)
            ? network
            : null;
    }
}
