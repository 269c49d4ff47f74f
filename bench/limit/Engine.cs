using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace SwarmOps.Limit;

/// <summary>The API of one engine, over its socket.</summary>
internal sealed class Engine : IDisposable
{
    /// <summary>Time limit of one question: an engine between two roles may not answer.</summary>
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(5);

    private readonly HttpClient client;

    public Engine(Host host)
    {
        Host = host;
        var endpoint = new UnixDomainSocketEndPoint(host.Socket);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(endpoint, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        client = new HttpClient(handler) { BaseAddress = new Uri("http://engine/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    public Host Host { get; }

    public void Dispose() => client.Dispose();

    /// <summary>Reads a resource.</summary>
    public async Task<JsonNode> GetAsync(string path) =>
        await TryGetAsync(path) ?? throw new InvalidOperationException($"{Host.Name}: GET {path} was not answered, or refused.");

    /// <summary>Reads a resource; null when the engine refuses, as one does that is not a manager yet.</summary>
    public async Task<JsonNode?> TryGetAsync(string path)
    {
        using var limit = new CancellationTokenSource(AskLimit);
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), limit.Token);
            return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStreamAsync(limit.Token)) : null;
        }
        catch (Exception error) when (error is OperationCanceledException or HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Sends a change and gives the answer's text.</summary>
    public async Task<string> PostAsync(string path, JsonNode body)
    {
        var (status, text) = await TryPostAsync(path, body);
        return (int)status < 300
            ? text
            : throw new InvalidOperationException($"{Host.Name}: POST {path} failed with {(int)status}: {text}");
    }

    /// <summary>Changes a member's specification. A version that is out of date is read again: the swarm itself updates its members, too.</summary>
    public async Task UpdateMemberAsync(string id, Action<JsonNode> change, Deadline deadline)
    {
        while (true)
        {
            var member = await GetAsync($"nodes/{id}");
            var spec = member["Spec"]!;
            change(spec);
            var path = $"nodes/{id}/update?version={member["Version"]!["Index"]}";
            var (status, text) = await TryPostAsync(path, spec);
            if ((int)status < 300)
                return;
            if (!text.Contains("out of sequence", StringComparison.Ordinal))
                throw new InvalidOperationException($"{Host.Name}: POST {path} failed with {(int)status}: {text}");
            deadline.ThrowIfOver($"{Host.Name} does not take the update of {id}");
        }
    }

    private async Task<(HttpStatusCode Status, string Text)> TryPostAsync(string path, JsonNode body)
    {
        using var content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
