using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace SwarmOps.Tests.Lab;

/// <summary>A host's engine at its socket, for what every test repeats: a start of the docker CLI costs 50 ms of a processor, and a shell on the host as much.</summary>
internal static class LabEngine
{
    /// <summary>The state of the host in its swarm, such as <c>active</c>; empty when its engine does not answer.</summary>
    public static async Task<string> SwarmStateAsync(this LabHost host)
    {
        try
        {
            using var client = Client(host);
            return (string?)JsonNode.Parse(await client.GetStringAsync("/info"))?["Swarm"]?["LocalNodeState"] ?? "";
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return "";
        }
    }

    /// <summary>Removes all services, secrets and configs of a manager's swarm.</summary>
    public static async Task ClearAsync(this LabHost manager)
    {
        using var client = Client(manager);
        foreach (var kind in new[] { "services", "secrets", "configs" })
        {
            foreach (var entry in JsonNode.Parse(await client.GetStringAsync($"/{kind}"))!.AsArray())
            {
                using var response = await client.DeleteAsync($"/{kind}/{entry!["ID"]}");
                response.EnsureSuccessStatusCode();
            }
        }
    }

    private static HttpClient Client(LabHost host) =>
        new(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellationToken) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(host.DockerSocket), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new Uri("http://engine"),
            Timeout = TimeSpan.FromSeconds(30),
        };
}
