using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace SwarmOps.Nodes;

/// <summary>Parses addresses strictly: .NET accepts <c>10.1</c>, <c>010.0.0.1</c> and <c>167772161</c> as addresses, which inventories never intend.</summary>
internal static partial class NodeAddress
{
    /// <summary>Longest host name in DNS (RFC 1035).</summary>
    public const int MaxNameLength = 253;

    /// <summary>Parses an address; null when the text is not one. Brackets around IPv6 are allowed, IPv4 in IPv6 becomes IPv4.</summary>
    public static IPAddress? TryParse(string text)
    {
        var plain = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        if (plain.Contains('/', StringComparison.Ordinal) || (!plain.Contains(':', StringComparison.Ordinal) && !Ipv4().IsMatch(plain)))
            return null;
        if (!IPAddress.TryParse(plain, out var address))
            return null;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <summary>The host part of an address with port, such as <c>203.0.113.7:2377</c> or <c>[2001:db8::7]:2377</c>; an address without one as it is.</summary>
    public static string WithoutPort(string text) =>
        text.LastIndexOf(':') is >= 0 and var colon && (text.IndexOf(':', StringComparison.Ordinal) == colon || text[0] == '[')
            ? text[..colon].Trim('[', ']')
            : text;

    /// <summary>Whether a text is a host name (RFC 1123), and not a malformed address of digits and dots.</summary>
    public static bool IsHostName(string text) =>
        text.Length <= MaxNameLength && HostName().IsMatch(text) && !DigitsAndDots().IsMatch(text);

    /// <summary>The kind of an address.</summary>
    public static AddressKind Classify(IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
            return AddressKind.Loopback;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return ClassifyIpv6(address);
        var bytes = address.GetAddressBytes();
        return (bytes[0], bytes[1]) switch
        {
            (0, _) => AddressKind.Unspecified,
            (169, 254) => AddressKind.LinkLocal,
            (>= 224 and < 240, _) => AddressKind.Multicast,
            (>= 240, _) => address.Equals(IPAddress.Broadcast) ? AddressKind.Broadcast : AddressKind.Reserved,
            _ => AddressKind.Usable,
        };
    }

    /// <summary>Whether an address is of a private network: RFC 1918, RFC 6598 (shared), RFC 4193 (IPv6 unique local).</summary>
    public static bool IsPrivate(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return (bytes[0] & 0xFE) == 0xFC;
        return (bytes[0], bytes[1]) switch
        {
            (10, _) or (192, 168) or (172, >= 16 and < 32) or (100, >= 64 and < 128) => true,
            _ => false,
        };
    }

    /// <summary>The order in which a name's addresses are preferred: IPv4 first, then the lowest; DNS rotates, this does not.</summary>
    public static IReadOnlyList<IPAddress> InOrder(IEnumerable<IPAddress> addresses) =>
        [
            .. addresses
                .Select(address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
                .Distinct()
                .OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
                .ThenBy(address => Convert.ToHexString(address.GetAddressBytes()), StringComparer.Ordinal),
        ];

    /// <summary>An address as the host part of a URI.</summary>
    public static string ForUri(string host) =>
        TryParse(host) is { AddressFamily: AddressFamily.InterNetworkV6 } address ? $"[{address}]" : host;

    private static AddressKind ClassifyIpv6(IPAddress address)
    {
        if (address.Equals(IPAddress.IPv6Any))
            return AddressKind.Unspecified;
        if (address.IsIPv6LinkLocal)
            return AddressKind.LinkLocal;
        return address.IsIPv6Multicast ? AddressKind.Multicast : AddressKind.Usable;
    }

    [GeneratedRegex(@"^(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})$")]
    private static partial Regex Ipv4();

    [GeneratedRegex(
        @"^(?=.*[A-Za-z0-9])[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?$"
    )]
    private static partial Regex HostName();

    [GeneratedRegex(@"^[0-9.]+$|^0[xX][0-9A-Fa-f]+$")]
    private static partial Regex DigitsAndDots();
}
