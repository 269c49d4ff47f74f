using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SwarmOps.Tests.Lab;

/// <summary>A DNS server that is the resolver of a test and the name server of example.org, with a delegation that the test chooses.</summary>
internal sealed class ParentZone : IDisposable
{
    private const string Parent = "example.org";

    private readonly UdpClient socket;
    private readonly IPAddress address;
    private (string Zone, IReadOnlyList<(string Name, string Address)> Servers) delegation = ("", []);

    public ParentZone(IPAddress address)
    {
        this.address = address;
        socket = new UdpClient(new IPEndPoint(address, 53));
        _ = ServeAsync();
    }

    public void Delegate(string zone, IReadOnlyList<(string Name, string Address)> servers) => delegation = (zone, servers);

    public void Dispose() => socket.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var question = await socket.ReceiveAsync();
                await socket.SendAsync(Answer(question.Buffer), question.RemoteEndPoint);
            }
        }
        catch (Exception error) when (error is ObjectDisposedException or SocketException)
        {
            // The end of the test.
        }
    }

    private byte[] Answer(byte[] question)
    {
        var end = 12;
        var labels = new List<string>();
        for (; question[end] > 0; end += question[end] + 1)
            labels.Add(Encoding.ASCII.GetString(question, end + 1, question[end]));
        var (name, type) = (string.Join('.', labels), question[end + 2]);
        List<byte[]> answers = [],
            authorities = [],
            additional = [];
        if (name == Parent && type == 2)
            answers.Add(Record(Parent, 2, Name($"ns.{Parent}")));
        else if (name == $"ns.{Parent}" && type == 1)
            answers.Add(Record(name, 1, address.GetAddressBytes()));
        else if (name == delegation.Zone)
        {
            authorities.AddRange(delegation.Servers.Select(server => Record(name, 2, Name(server.Name))));
            additional.AddRange(
                delegation
                    .Servers.Where(server => server.Name.EndsWith(name, StringComparison.Ordinal))
                    .Select(server => Record(server.Name, 1, IPAddress.Parse(server.Address).GetAddressBytes()))
            );
        }

        var found = answers.Count + authorities.Count > 0 || name.EndsWith(Parent, StringComparison.Ordinal);
        byte[] head =
        [
            question[0],
            question[1],
            0x84,
            (byte)(found ? 0 : 3),
            0,
            1,
            0,
            (byte)answers.Count,
            0,
            (byte)authorities.Count,
            0,
            (byte)additional.Count,
        ];
        return [.. head, .. question[12..(end + 5)], .. answers.Concat(authorities).Concat(additional).SelectMany(record => record)];
    }

    private static byte[] Record(string owner, byte type, byte[] data)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)data.Length);
        return [.. Name(owner), 0, type, 0, 1, 0, 0, 0, 60, .. length, .. data];
    }

    private static byte[] Name(string name) =>
        [.. name.Split('.').SelectMany(label => new[] { (byte)label.Length }.Concat(Encoding.ASCII.GetBytes(label))), 0];
}
