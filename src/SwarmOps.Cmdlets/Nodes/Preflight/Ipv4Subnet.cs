using System.Globalization;
using System.Net;

namespace SwarmOps.Nodes.Preflight;

/// <summary>An IPv4 subnet as numbers, to count in.</summary>
/// <param name="First">The first address, as a big-endian number.</param>
/// <param name="PrefixLength">Bits of the network part, 0 to 32.</param>
internal readonly record struct Ipv4Subnet(uint First, int PrefixLength)
{
    /// <summary>The last address.</summary>
    public uint Last => First | (PrefixLength == 0 ? uint.MaxValue : (uint)((1UL << (32 - PrefixLength)) - 1));

    /// <summary>Reads CIDR text; null when it is none of IPv4.</summary>
    public static Ipv4Subnet? TryParse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length != 2 || NodeAddress.TryParse(parts[0]) is not { AddressFamily: System.Net.Sockets.AddressFamily.InterNetwork } address)
            return null;
        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) && prefix <= 32
            ? new Ipv4Subnet(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes()), prefix)
            : null;
    }

    /// <summary>Whether the two have an address in common.</summary>
    public bool Overlaps(Ipv4Subnet other) => First <= other.Last && other.First <= Last;

    /// <summary>CIDR text.</summary>
    public override string ToString()
    {
        var bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, First);
        return $"{new IPAddress(bytes)}/{PrefixLength}";
    }
}
