using System.Net.Sockets;
using System.Text;

namespace SwarmOps.Tests.Unit;

/// <summary>Something that listens on a Unix socket and answers each request with the same bytes: what an engine is not, or is too old to be.</summary>
internal sealed class TransportEngineStub : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<string, string> answer;
    private readonly Func<string, Stream, CancellationToken, Task>? stream;
    private int requests;

    /// <summary>Starts it.</summary>
    /// <param name="answer">The answer to a request; an empty one closes the connection.</param>
    /// <param name="stream">Writes what follows an answer, if anything; the connection is closed after it.</param>
    public TransportEngineStub(Func<string, string> answer, Func<string, Stream, CancellationToken, Task>? stream = null)
    {
        this.answer = answer;
        this.stream = stream;
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"stub-{Guid.NewGuid():N}.sock");
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen();
        _ = AcceptAsync();
    }

    public string Path { get; }

    public int Requests => requests;

    public SwarmNode Node => new() { Name = "stub", DockerHost = "unix://" + Path };

    /// <summary>An HTTP answer.</summary>
    public static string Http(string status, string headers, string body = "") =>
        $"HTTP/1.1 {status}\r\n{headers}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    /// <summary>An engine that speaks a version and knows nothing but that.</summary>
    public static TransportEngineStub Engine(string apiVersion) =>
        new(_ => Http("200 OK", $"Api-Version: {apiVersion}\r\n", "{\"Version\":\"1\"}"));

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        File.Delete(Path);
    }

    private static bool IsWhole(string request)
    {
        var head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var length = System.Text.RegularExpressions.Regex.Match(
            request,
            "Content-Length: ([0-9]+)",
            System.Text.RegularExpressions.RegexOptions.IgnoreCase
        );
        return head >= 0 && request.Length >= head + 4 + (length.Success ? int.Parse(length.Groups[1].Value) : 0);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptAsync(stopping.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var network = new NetworkStream(socket, ownsSocket: true);
        var buffer = new byte[8192];
        var text = "";
        try
        {
            int count;
            while ((count = await network.ReadAsync(buffer, stopping.Token)) > 0)
            {
                text += Encoding.UTF8.GetString(buffer, 0, count);
                if (!IsWhole(text))
                    continue;
                Interlocked.Increment(ref requests);
                var bytes = Encoding.UTF8.GetBytes(answer(text));
                var request = text;
                text = "";
                if (bytes.Length == 0)
                    return;
                await network.WriteAsync(bytes, stopping.Token);
                if (stream is null || Encoding.UTF8.GetString(bytes).Contains("Content-Length", StringComparison.Ordinal))
                    continue;
                await stream(request, network, stopping.Token);
                return;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Whichever side went first.
        }
    }
}
