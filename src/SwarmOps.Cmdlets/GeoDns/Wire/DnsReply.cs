using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace SwarmOps.GeoDns.Wire;

/// <summary>An answer to a DNS question.</summary>
internal sealed record DnsReply
{
    private const int HeaderSize = 12,
        LongestName = 255,
        MostJumps = 64;

    private const int NotFoundCode = 3,
        RefusedCode = 5;

    /// <summary>The identification of the question.</summary>
    public ushort Id { get; private init; }

    /// <summary>The response code; 0 is success.</summary>
    public int Code { get; private init; }

    /// <summary>Whether the server is responsible for the zone.</summary>
    public bool IsAuthoritative { get; private init; }

    /// <summary>Whether the answer did not fit: it is to be asked again over TCP.</summary>
    public bool IsTruncated { get; private init; }

    /// <summary>The name in the question.</summary>
    public string Question { get; private init; } = "";

    /// <summary>The records of the answer.</summary>
    public IReadOnlyList<DnsRecord> Answers { get; private init; } = [];

    /// <summary>The records about who is responsible.</summary>
    public IReadOnlyList<DnsRecord> Authorities { get; private init; } = [];

    /// <summary>Further records, such as addresses of name servers (glue).</summary>
    public IReadOnlyList<DnsRecord> Additional { get; private init; } = [];

    /// <summary>The server's name of itself (NSID); null when it gave none.</summary>
    public string? Server { get; private init; }

    /// <summary>How many bits of the client's network the answer holds for; null when the server does not know client subnets.</summary>
    public int? Scope { get; private init; }

    /// <summary>The addresses of the answer.</summary>
    public IReadOnlyList<string> Addresses =>
        [.. Answers.Where(record => record.Type is DnsType.A or DnsType.Aaaa).Select(record => record.Text).Order(StringComparer.Ordinal)];

    /// <summary>The serial of a start of authority; null when the answer has none.</summary>
    public long? Serial => Answers.FirstOrDefault(record => record.Type == DnsType.Soa)?.Serial;

    /// <summary>The response code in words.</summary>
    public string Words =>
        Code switch
        {
            0 => "success",
            2 => "server failure",
            NotFoundCode => "no such name",
            RefusedCode => "refused",
            _ => $"response code {Code}",
        };

    /// <summary>Reads a message.</summary>
    /// <exception cref="InvalidDataException">It is not an answer.</exception>
    public static DnsReply Decode(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderSize || (message[2] & 0x80) == 0)
            throw new InvalidDataException("The message is not a DNS answer.");
        var position = HeaderSize;
        var question = "";
        for (var count = Number(message, 4); count > 0; count--)
        {
            question = Name(message, ref position);
            position += 4;
        }

        var answers = Section(message, Number(message, 6), ref position);
        var authorities = Section(message, Number(message, 8), ref position);
        var additional = Section(message, Number(message, 10), ref position);
        var options = additional.FirstOrDefault(record => record.Type == DnsType.Opt);
        return new DnsReply
        {
            Id = (ushort)Number(message, 0),
            Code = message[3] & 0x0F,
            IsAuthoritative = (message[2] & 0x04) != 0,
            IsTruncated = (message[2] & 0x02) != 0,
            Question = question,
            Answers = answers,
            Authorities = authorities,
            Additional = [.. additional.Where(record => record.Type != DnsType.Opt)],
            Server = Option(options, DnsQuery.NsidOption) is { Length: > 0 } name ? Encoding.ASCII.GetString(name) : null,
            Scope = Option(options, DnsQuery.ClientSubnetOption) is { Length: >= 4 } subnet ? subnet[3] : null,
        };
    }

    private static List<DnsRecord> Section(ReadOnlySpan<byte> message, int count, ref int position)
    {
        var records = new List<DnsRecord>();
        for (; count > 0; count--)
        {
            var name = Name(message, ref position);
            var type = (DnsType)Number(message, position);
            var seconds = (uint)((Number(message, position + 4) << 16) | Number(message, position + 6));
            var length = Number(message, position + 8);
            position += 10;
            if (position + length > message.Length)
                throw Broken();
            records.Add(Record(message, name, type, seconds, position, length));
            position += length;
        }

        return records;
    }

    private static DnsRecord Record(ReadOnlySpan<byte> message, string name, DnsType type, uint seconds, int position, int length)
    {
        var data = message.Slice(position, length);
        switch (type)
        {
            case DnsType.A or DnsType.Aaaa:
                return length is 4 or 16 ? new(name, type, seconds, new IPAddress(data).ToString()) : throw Broken();
            case DnsType.Ns or DnsType.Cname:
                return new(name, type, seconds, Name(message, ref position));
            case DnsType.Soa:
                var primary = Name(message, ref position);
                _ = Name(message, ref position);
                return new(name, type, seconds, primary)
                {
                    Serial = ((long)Number(message, position) << 16) | (long)Number(message, position + 2),
                };
            default:
                return new(name, type, seconds, "") { Data = data.ToArray() };
        }
    }

    private static byte[]? Option(DnsRecord? record, int code)
    {
        var data = record?.Data ?? [];
        for (var position = 0; position + 4 <= data.Length; )
        {
            var length = Number(data, position + 2);
            if (position + 4 + length > data.Length)
                return null;
            if (Number(data, position) == code)
                return data[(position + 4)..(position + 4 + length)];
            position += 4 + length;
        }

        return null;
    }

    /// <summary>Reads a name and moves behind it; a part of it may stand elsewhere in the message.</summary>
    private static string Name(ReadOnlySpan<byte> message, ref int position)
    {
        var name = new StringBuilder();
        var (at, end) = (position, -1);
        for (var jumps = 0; ; )
        {
            if (at >= message.Length)
                throw Broken();
            int length = message[at++];
            if (length == 0)
                break;
            if ((length & 0xC0) == 0xC0)
            {
                if (at >= message.Length || ++jumps > MostJumps)
                    throw Broken();
                end = end < 0 ? at + 1 : end;
                at = ((length & 0x3F) << 8) | message[at];
                continue;
            }

            if (at + length > message.Length || name.Length + length > LongestName)
                throw Broken();
            name.Append(name.Length == 0 ? "" : ".").Append(Encoding.ASCII.GetString(message.Slice(at, length)));
            at += length;
        }

        position = end < 0 ? at : end;
        return name.ToString().ToLowerInvariant();
    }

    private static int Number(ReadOnlySpan<byte> message, int position) =>
        position + 2 <= message.Length ? BinaryPrimitives.ReadUInt16BigEndian(message[position..]) : throw Broken();

    private static InvalidDataException Broken() => new("The DNS answer is cut off or malformed.");
}

/// <summary>A DNS record.</summary>
/// <param name="Name">Its owner, in lower case, without the final dot.</param>
/// <param name="Type">Its type.</param>
/// <param name="Seconds">Its time to live.</param>
/// <param name="Text">Its address or name.</param>
internal sealed record DnsRecord(string Name, DnsType Type, uint Seconds, string Text)
{
    /// <summary>The serial of a start of authority.</summary>
    public long? Serial { get; init; }

    /// <summary>The data of a type that is not interpreted.</summary>
    public byte[] Data { get; init; } = [];
}
