using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace SwarmOps.Tests.Lab;

/// <summary>Writes small GeoIP2 databases (MaxMind DB file format 2.0): networks with the place, continent and country of each.</summary>
internal static class GeoDatabaseWriter
{
    private const int RecordBytes = 3;

    /// <summary>A database of IPv4 networks.</summary>
    public static byte[] Write(
        string type,
        params (string Network, double Latitude, double Longitude, string Continent, string Country)[] places
    )
    {
        var data = new List<byte>();
        // A record: another node, or with the number of nodes nothing, or beyond them a place in the data.
        var nodes = new List<(int[] Next, int[] Place)> { ([-1, -1], [-1, -1]) };
        foreach (var place in places)
        {
            var offset = data.Count;
            data.AddRange(Describe(place.Latitude, place.Longitude, place.Continent, place.Country));
            Insert(nodes, place.Network, offset);
        }

        var file = new List<byte>();
        foreach (var (next, place) in nodes)
            for (var side = 0; side < 2; side++)
                file.AddRange(
                    Number(
                        place[side] >= 0 ? nodes.Count + 16 + place[side]
                        : next[side] >= 0 ? next[side]
                        : nodes.Count
                    )
                );
        return
        [
            .. file,
            .. new byte[16],
            .. data,
            0xAB,
            0xCD,
            0xEF,
            .. "MaxMind.com"u8,
            .. Map(
                ("binary_format_major_version", [0xA1, 2]),
                ("binary_format_minor_version", [0xA0]),
                ("build_epoch", [0x04, 0x02, .. Big(1_700_000_000)]),
                ("database_type", Text(type)),
                ("description", Map(("en", Text("test")))),
                ("ip_version", [0xA1, 4]),
                ("languages", [0x01, 0x04, .. Text("en")]),
                ("node_count", [0xC4, .. Big(nodes.Count)]),
                ("record_size", [0xA1, RecordBytes * 8])
            ),
        ];
    }

    private static void Insert(List<(int[] Next, int[] Place)> nodes, string network, int offset)
    {
        var parts = network.Split('/');
        var address = BinaryPrimitives.ReadUInt32BigEndian(IPAddress.Parse(parts[0]).GetAddressBytes());
        var length = int.Parse(parts[1]);
        var node = 0;
        for (var bit = 0; bit < length; bit++)
        {
            var side = (int)((address >> (31 - bit)) & 1);
            if (bit == length - 1)
            {
                nodes[node].Place[side] = offset;
                return;
            }

            if (nodes[node].Next[side] < 0)
            {
                nodes[node].Next[side] = nodes.Count;
                nodes.Add(([-1, -1], [-1, -1]));
            }

            node = nodes[node].Next[side];
        }
    }

    private static byte[] Describe(double latitude, double longitude, string continent, string country) =>
        Map(
            ("continent", Map(("code", Text(continent)))),
            ("country", Map(("iso_code", Text(country)))),
            ("location", Map(("latitude", Double(latitude)), ("longitude", Double(longitude))))
        );

    private static byte[] Map(params (string Key, byte[] Value)[] entries) =>
        [(byte)(0xE0 | entries.Length), .. entries.SelectMany(entry => Text(entry.Key).Concat(entry.Value))];

    private static byte[] Text(string text) => [(byte)(0x40 | text.Length), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Double(double number)
    {
        var bytes = new byte[9];
        bytes[0] = 0x68;
        BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(1), number);
        return bytes;
    }

    private static byte[] Big(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Number(int number) => Big(number)[1..];
}
