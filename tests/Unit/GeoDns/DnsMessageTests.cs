using System.Net;
using SwarmOps.GeoDns.Wire;

namespace SwarmOps.Tests.Unit.GeoDns;

/// <summary>DNS messages: what is sent, and what is read from answers, also malformed ones.</summary>
public sealed class DnsMessageTests
{
    [Fact]
    public void A_question_carries_the_network_of_the_client()
    {
        var message = new DnsQuery("www.example.org", DnsType.A) { Client = DnsNetwork.TryParse("192.0.2.77") }.Encode(0x1234);

        Assert.Equal(
            "1234" // id
                + "0000000100000000" // not recursive, one question
                + "0001" // one additional record
                + "03777777"
                + "076578616d706c65"
                + "036f726700"
                + "00010001" // A, IN
                + "000029" // OPT at the root
                + "04d0" // 1232 bytes
                + "00000000"
                + "000f" // options
                + "00030000" // NSID
                + "0008000700011800c00002", // client subnet: IPv4, /24, 192.0.2
            Convert.ToHexString(message).ToLowerInvariant()
        );
    }

    [Theory]
    [InlineData("192.0.2.77", "192.0.2.0/24")]
    [InlineData("192.0.2.77/20", "192.0.0.0/20")]
    [InlineData("192.0.2.77/32", "192.0.2.77/32")]
    [InlineData("2001:db8:1:2ff::7", "2001:db8:1:200::/56")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    public void A_network_has_no_bits_of_hosts(string text, string network) => Assert.Equal(network, DnsNetwork.TryParse(text)?.ToString());

    [Theory]
    [InlineData("192.0.2")]
    [InlineData("192.0.2.0/33")]
    [InlineData("192.0.2.0/-1")]
    [InlineData("2001:db8::/129")]
    [InlineData("example.org")]
    [InlineData("")]
    public void What_is_no_network_is_null(string text) => Assert.Null(DnsNetwork.TryParse(text));

    [Fact]
    public void A_network_contains_its_parts_only()
    {
        var network = DnsNetwork.TryParse("10.0.0.0/8")!;

        Assert.True(network.Contains(DnsNetwork.TryParse("10.77.3.0/24")!));
        Assert.False(network.Contains(DnsNetwork.TryParse("11.0.0.0/24")!));
        Assert.False(network.Contains(DnsNetwork.TryParse("0.0.0.0/0")!));
        Assert.False(network.Contains(DnsNetwork.TryParse("a00::/24")!));
    }

    [Fact]
    public void An_answer_is_read_with_its_compressed_names()
    {
        var message = Message(
            "1234 8400 0001 0002 0001 0002",
            "0465646765 076578616d706c65 036f7267 00 0001 0001",
            "c00c 0001 0001 0000001e 0004 cb007110",
            "c00c 0001 0001 0000001e 0004 cb007121",
            "c00c 0002 0001 00000e10 0006 036e7331 c00c",
            // ns1 of the name at 12, whose own text is in the record before.
            "c04e 0001 0001 00000e10 0004 cb007110",
            "00 0029 04d0 00000000 0013 0003 0004 65752d31 0008 0007 0001 18 10 c00002"
        );

        var reply = DnsReply.Decode(message);

        Assert.Equal((0x1234, 0, true, false), (reply.Id, reply.Code, reply.IsAuthoritative, reply.IsTruncated));
        Assert.Equal("edge.example.org", reply.Question);
        Assert.Equal(["203.0.113.16", "203.0.113.33"], reply.Addresses);
        Assert.Equal(("edge.example.org", "ns1.edge.example.org"), (reply.Authorities[0].Name, reply.Authorities[0].Text));
        Assert.Equal(("ns1.edge.example.org", "203.0.113.16"), (Assert.Single(reply.Additional).Name, reply.Additional[0].Text));
        Assert.Equal(("eu-1", 16), (reply.Server, reply.Scope));
    }

    [Fact]
    public void The_serial_is_read()
    {
        var message = Message(
            "0001 8400 0001 0001 0000 0000",
            "0161 00 0006 0001",
            "c00c 0006 0001 0000001e 001c 036e7331 c00c 0168 c00c 78c4 1eac 00000e10 00000258 00127500 0000001e"
        );

        Assert.Equal(0x78C41EAC, DnsReply.Decode(message).Serial);
    }

    [Fact]
    public void A_code_is_told_in_words() =>
        Assert.Equal("refused", DnsReply.Decode(Message("0001 8405 0001 0000 0000 0000", "0161 00 0001 0001")).Words);

    [Theory]
    [InlineData("0001 8400 0001 0001 0000 0000 0161 00 0001 0001 c00c 0001 0001 0000001e 0004 cb00")] // cut off
    [InlineData("0001 8400 0001 0000 0000 0000 c00c 0001 0001")] // a name that points at itself
    [InlineData("0001 8400 0001 0001 0000 0000 0161 00 0001 0001 c00c 0001 0001 0000001e 0003 cb0071")] // an address of 3 bytes
    [InlineData("0001 8400 0001 0000 0000 0000 3f61")] // a label longer than the message
    [InlineData("0001 0100 0001 0000 0000 0000 0161 00 0001 0001")] // a question
    [InlineData("0001")]
    public void A_malformed_answer_is_an_error(string hex) => Assert.Throws<InvalidDataException>(() => DnsReply.Decode(Message(hex)));

    [Fact]
    public void No_bytes_crash_the_reader()
    {
        var random = new Random(7);
        var sound = new DnsQuery("www.example.org", DnsType.A).Encode(1);
        for (var round = 0; round < 5000; round++)
        {
            var message = (byte[])sound.Clone();
            message[2] |= 0x80;
            for (var change = 0; change < 4; change++)
                message[random.Next(4, message.Length)] = (byte)random.Next(256);
            try
            {
                DnsReply.Decode(message);
            }
            catch (InvalidDataException)
            {
                // The only way out.
            }
        }
    }

    [Fact]
    public async Task A_closed_port_and_silence_are_told_apart()
    {
        using var silent = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var here = (IPEndPoint)silent.Client.LocalEndPoint!;
        var query = new DnsQuery("example.org", DnsType.Soa);
        var limit = TimeSpan.FromMilliseconds(300);

        var quiet = await Assert.ThrowsAsync<IOException>(() =>
            DnsClient.AskAsync(here, query, isTcp: false, limit, TestContext.Current.CancellationToken)
        );
        var closed = await Assert.ThrowsAsync<IOException>(() =>
            DnsClient.AskAsync(here, query, isTcp: true, limit, TestContext.Current.CancellationToken)
        );

        Assert.StartsWith("no answer over UDP within", quiet.Message, StringComparison.Ordinal);
        Assert.Equal($"port {here.Port} is closed over TCP", closed.Message);
    }

    private static byte[] Message(params string[] hex) =>
        Convert.FromHexString(string.Concat(hex).Replace(" ", "", StringComparison.Ordinal));
}
