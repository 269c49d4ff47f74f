using System.Net;
using System.Net.Sockets;
using SwarmOps.GeoDns.Wire;

namespace SwarmOps.Tests.Lab;

/// <summary>Asks name servers at a steady rate over UDP, each question once, and counts those that are not answered within two seconds.</summary>
internal sealed class QueryLoad(IReadOnlyList<IPAddress> servers, int ratePerSecond) : IDisposable
{
    private const int TickMilliseconds = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stop = new();
    private Task<(int Asked, int Lost, double Seconds)> work = Task.FromResult((0, 0, 0.0));

    public void Start() => work = Task.Run(RunAsync);

    /// <summary>Ends the load and waits for the last answers.</summary>
    public async Task<(int Asked, int Lost, double Seconds)> StopAsync()
    {
        await stop.CancelAsync();
        return await work;
    }

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    private async Task<(int Asked, int Lost, double Seconds)> RunAsync()
    {
        // One socket a server, and an id for each question: 65,536 of them take longer to come round than an answer may.
        var sockets = servers.Select(server => new Flow(server)).ToList();
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var asked = 0;
        while (!stop.IsCancellationRequested)
        {
            var due = (int)(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds * ratePerSecond);
            for (; asked < due; asked++)
                await sockets[asked % sockets.Count].AskAsync();
            await Task.Delay(TickMilliseconds);
        }

        var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds;
        await Task.Delay(Patience);
        var lost = sockets.Sum(flow => flow.Unanswered);
        sockets.ForEach(flow => flow.Dispose());
        return (asked, lost, seconds);
    }

    private sealed class Flow : IDisposable
    {
        private readonly UdpClient socket = new(AddressFamily.InterNetwork);
        private readonly HashSet<ushort> open = [];
        private readonly byte[] question = new DnsQuery(GeoDnsGround.Zone, DnsType.A)
        {
            Client = DnsNetwork.TryParse("18.7.22.0/24"),
        }.Encode(0);
        private ushort last;

        public Flow(IPAddress server)
        {
            socket.Connect(server, DnsClient.Port);
            _ = ListenAsync();
        }

        public int Unanswered
        {
            get
            {
                lock (open)
                    return open.Count;
            }
        }

        public async Task AskAsync()
        {
            var id = ++last;
            (question[0], question[1]) = ((byte)(id >> 8), (byte)id);
            lock (open)
                open.Add(id);
            await socket.SendAsync(question);
        }

        public void Dispose() => socket.Dispose();

        private async Task ListenAsync()
        {
            try
            {
                while (true)
                {
                    var answer = DnsReply.Decode((await socket.ReceiveAsync()).Buffer);
                    if (answer is { Code: 0, Addresses.Count: > 0 })
                        lock (open)
                            open.Remove(answer.Id);
                }
            }
            catch (Exception error) when (error is ObjectDisposedException or SocketException)
            {
                // The end, or a port that was closed: what was open then stays unanswered.
            }
        }
    }
}
