using System.Buffers.Binary;
using System.Net;
using System.Text;
using SwarmOps.Nodes;

namespace SwarmOps.GeoDns.Wire;

/// <summary>A DNS question (RFC 1035), with EDNS (RFC 6891) for the client's network (RFC 7871) and the server's name (RFC 5001).</summary>
/// <param name="Name">The name, without the final dot.</param>
/// <param name="Type">The type of record.</param>
internal sealed record DnsQuery(string Name, DnsType Type)
{
    /// <summary>Option codes of EDNS.</summary>
    internal const int NsidOption = 3,
        ClientSubnetOption = 8;

    private const int ClassInternet = 1,
        FamilyIpv4 = 1,
        FamilyIpv6 = 2;

    /// <summary>The largest UDP answer that is taken: no fragment on any path (DNS flag day 2020).</summary>
    private const int UdpSize = 1232;

    /// <summary>The network of the client that the question is asked for; null for the asking machine itself.</summary>
    public DnsNetwork? Client { get; init; }

    /// <summary>Whether a resolver should find the answer; an authoritative server is asked without.</summary>
    public bool IsRecursive { get; init; }

    /// <summary>The message.</summary>
    /// <param name="id">Identifies the answer.</param>
    public byte[] Encode(ushort id)
    {
        var message = new List<byte>(128);
        Add(message, id);
        Add(message, IsRecursive ? 0x0100 : 0);
        Add(message, 1);
        Add(message, 0);
        Add(message, 0);
        Add(message, 1);
        AddName(message, Name);
        Add(message, (int)Type);
        Add(message, ClassInternet);
        AddOptions(message);
        return [.. message];
    }

    private void AddOptions(List<byte> message)
    {
        var options = new List<byte>();
        Add(options, NsidOption);
        Add(options, 0);
        if (Client is { } client)
        {
            var address = client.Address.GetAddressBytes()[..((client.PrefixLength + 7) / 8)];
            Add(options, ClientSubnetOption);
            Add(options, 4 + address.Length);
            Add(options, client.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? FamilyIpv4 : FamilyIpv6);
            options.Add((byte)client.PrefixLength);
            options.Add(0);
            options.AddRange(address);
        }

        message.Add(0);
        Add(message, (int)DnsType.Opt);
        Add(message, UdpSize);
        Add(message, 0);
        Add(message, 0);
        Add(message, options.Count);
        message.AddRange(options);
    }

    private static void AddName(List<byte> message, string name)
    {
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }

        message.Add(0);
    }

    private static void Add(List<byte> message, int number)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)number);
        message.AddRange(bytes.ToArray());
    }
}

/// <summary>A network in CIDR terms, IPv4 or IPv6, without host bits.</summary>
/// <param name="Address">Its first address.</param>
/// <param name="PrefixLength">Number of bits that its addresses share.</param>
internal sealed record DnsNetwork(IPAddress Address, int PrefixLength)
{
    /// <summary>The prefix lengths that RFC 7871 recommends for a client's address.</summary>
    private const int ClientIpv4 = 24,
        ClientIpv6 = 56;

    /// <summary>Parses an address, or a network in CIDR form; an address stands for the network that a resolver would send for it.</summary>
    public static DnsNetwork? TryParse(string text)
    {
        var parts = text.Trim().Split('/');
        if (parts.Length > 2 || NodeAddress.TryParse(parts[0]) is not { } address)
            return null;
        var isIpv4 = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        var length = isIpv4 ? ClientIpv4 : ClientIpv6;
        if (
            parts.Length == 2
            && (!int.TryParse(parts[1], System.Globalization.NumberStyles.None, null, out length) || length > (isIpv4 ? 32 : 128))
        )
            return null;
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new DnsNetwork(new IPAddress(bytes), length);
    }

    /// <summary>Whether it contains the other one.</summary>
    public bool Contains(DnsNetwork other) =>
        other.PrefixLength >= PrefixLength
        && other.Address.AddressFamily == Address.AddressFamily
        && TryParse($"{other.Address}/{PrefixLength}") == this;

    /// <summary>CIDR form.</summary>
    public override string ToString() => $"{Address}/{PrefixLength}";
}
