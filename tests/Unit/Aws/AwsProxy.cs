using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Unit;

/// <summary>A server between the SDK and a real EC2 API, that sees each attempt of a call, and answers some of them itself as AWS would.</summary>
internal sealed partial class AwsProxy : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly HttpClient http = new();
    private readonly Uri server;

    public AwsProxy(Uri server)
    {
        this.server = server;
        Address = new Uri($"http://127.0.0.1:{FreePort()}/");
        listener.Prefixes.Add(Address.AbsoluteUri);
        listener.Start();
        _ = Task.Run(ServeAsync);
    }

    /// <summary>The endpoint to give to the module.</summary>
    public Uri Address { get; }

    /// <summary>Every attempt, in the order in which they came.</summary>
    public ConcurrentQueue<AwsAttempt> Attempts { get; } = new();

    /// <summary>Whether the answer to an attempt is lost after the server carried it out.</summary>
    public Func<AwsAttempt, bool> LoseAnswer { get; set; } = _ => false;

    /// <summary>Changes what the server answered.</summary>
    public Func<AwsAttempt, AwsAnswer, AwsAnswer> Change { get; set; } = (_, answer) => answer;

    /// <summary>Answers an attempt; null lets it through to the server.</summary>
    public Func<AwsAttempt, AwsAnswer?> Answer { get; set; } = _ => null;

    public void Dispose()
    {
        listener.Close();
        http.Dispose();
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                var call = await listener.GetContextAsync();
                _ = Task.Run(() => ServeAsync(call));
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(HttpListenerContext call)
    {
        try
        {
            using var reader = new StreamReader(call.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            var signature = call.Request.Headers["Authorization"] ?? "";
            var attempt = new AwsAttempt(
                call.Request.Url!.AbsolutePath,
                Action().Match(body).Groups[1].Value,
                body,
                AccessKey().Match(signature).Groups[1].Value,
                call.Request.Headers["X-Amz-Security-Token"],
                Scope().Match(signature).Groups[1].Value
            )
            {
                Method = call.Request.HttpMethod,
            };
            Attempts.Enqueue(attempt);
            var answer = Answer(attempt) ?? Change(attempt, await ForwardAsync(call.Request, body));
            if (LoseAnswer(attempt))
            {
                call.Response.Abort();
                return;
            }

            call.Response.StatusCode = answer.Status;
            call.Response.ContentType = answer.ContentType;
            var bytes = Encoding.UTF8.GetBytes(answer.Body);
            call.Response.ContentLength64 = bytes.Length;
            await call.Response.OutputStream.WriteAsync(bytes);
            call.Response.Close();
        }
        catch (Exception exception)
            when (exception is HttpListenerException or ObjectDisposedException or IOException or HttpRequestException)
        {
            call.Response.Abort();
        }
    }

    private async Task<AwsAnswer> ForwardAsync(HttpListenerRequest request, string body)
    {
        using var forwarded = new HttpRequestMessage(new HttpMethod(request.HttpMethod), new Uri(server, request.RawUrl))
        {
            Content = new StringContent(body),
        };
        forwarded.Content.Headers.Remove("Content-Type");
        foreach (
            var name in request
                .Headers.AllKeys.OfType<string>()
                .Where(name => name is not ("Host" or "Content-Length" or "Connection" or "Expect" or "Transfer-Encoding"))
        )
        {
            if (!forwarded.Headers.TryAddWithoutValidation(name, request.Headers[name]))
                forwarded.Content.Headers.TryAddWithoutValidation(name, request.Headers[name]);
        }

        using var answer = await http.SendAsync(forwarded);
        return new AwsAnswer(
            (int)answer.StatusCode,
            await answer.Content.ReadAsStringAsync(),
            answer.Content.Headers.ContentType?.ToString() ?? "text/xml"
        );
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    [GeneratedRegex("(?:^|&)Action=([A-Za-z]+)")]
    private static partial Regex Action();

    [GeneratedRegex("Credential=([^/]+)/")]
    private static partial Regex AccessKey();

    [GeneratedRegex("Credential=[^/]+/[0-9]+/([^/]+)/")]
    private static partial Regex Scope();
}

/// <summary>One attempt of a call.</summary>
/// <param name="Path">The path of its address.</param>
/// <param name="Action">EC2's name of the call; empty for other protocols.</param>
/// <param name="Body">Its parameters.</param>
/// <param name="AccessKey">The access key id that signed it.</param>
/// <param name="SessionToken">The session token that came with it.</param>
/// <param name="Region">The region that it is signed for.</param>
internal sealed record AwsAttempt(string Path, string Action, string Body, string AccessKey, string? SessionToken, string Region)
{
    /// <summary>The method of HTTP.</summary>
    public string Method { get; init; } = "";
}

/// <summary>An answer of AWS.</summary>
internal sealed record AwsAnswer(int Status, string Body, string ContentType = "text/xml")
{
    /// <summary>An error as EC2's API Reference shows it.</summary>
    public static AwsAnswer Error(string code, int status = 400) =>
        new(
            status,
            $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{code}</Code><Message>We said {code}.</Message></Error></Errors><RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>"
        );
}
