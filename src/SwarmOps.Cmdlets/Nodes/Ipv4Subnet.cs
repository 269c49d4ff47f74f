using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SwarmOps.Nodes;

/// <summary>An IPv4 network in CIDR terms.</summary>
/// <param name="Network">Its first address, as a number in host order.</param>
/// <param name="PrefixLength">Prefix length, 0 to 32.</param>
internal readonly record struct Ipv4Subnet(uint Network, int PrefixLength)
{
    private const int AddressBits = 32;

    /// <summary>Number of its addresses.</summary>
    public long Size => 1L << (AddressBits - PrefixLength);

    /// <summary>Its first address, which names the network.</summary>
    public IPAddress First => ToAddress(Network);

    /// <summary>Its last address, which is the broadcast address.</summary>
    public IPAddress Last => ToAddress((uint)(Network + Size - 1));

    /// <summary>Parses <c>address/prefix</c>; the address may have host bits set: see <paramref name="given"/>.</summary>
    /// <param name="text">Such as <c>10.20.0.0/24</c>.</param>
    /// <param name="subnet">The network that contains the address.</param>
    /// <param name="given">The address as written.</param>
    /// <returns>Whether the text is an IPv4 network.</returns>
    public static bool TryParse(string? text, out Ipv4Subnet subnet, out IPAddress given)
    {
        subnet = default;
        given = IPAddress.None;
        if (
            text?.Split('/') is not [var address, var prefix]
            || !TryParseAddress(address, out given)
            || !int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > AddressBits
        )
            return false;
        subnet = new Ipv4Subnet(ToNumber(given) & Mask(length), length);
        return true;
    }

    /// <summary>Parses a network; null when the text is not one.</summary>
    public static Ipv4Subnet? TryParse(string? text) => TryParse(text, out var subnet, out _) ? subnet : null;

    /// <summary>Parses an IPv4 address in four-part form only: <see cref="IPAddress.TryParse(string?, out IPAddress?)"/> takes "10.1" and "0x0a000001" too.</summary>
    public static bool TryParseAddress(string? text, out IPAddress address)
    {
        if (IPAddress.TryParse(text, out var parsed) && parsed.AddressFamily == AddressFamily.InterNetwork && parsed.ToString() == text)
        {
            address = parsed;
            return true;
        }

        address = IPAddress.None;
        return false;
    }

    /// <summary>Whether the two overlap.</summary>
    public bool Overlaps(Ipv4Subnet other)
    {
        var common = Mask(Math.Min(PrefixLength, other.PrefixLength));
        return (Network & common) == (other.Network & common);
    }

    /// <summary>Whether this one contains the other.</summary>
    public bool Contains(Ipv4Subnet other) => other.PrefixLength >= PrefixLength && (other.Network & Mask(PrefixLength)) == Network;

    /// <summary>Whether it contains the address.</summary>
    public bool Contains(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork && (ToNumber(address) & Mask(PrefixLength)) == Network;

    /// <summary>CIDR form.</summary>
    public override string ToString() => $"{First}/{PrefixLength}";

    private static uint Mask(int prefixLength) => prefixLength == 0 ? 0 : uint.MaxValue << (AddressBits - prefixLength);

    private static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress ToAddress(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
