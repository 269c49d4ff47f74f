using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace SwarmOps.Tests.Lab;

/// <summary>What a container of the monitoring has used so far, as its engine counts it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Service">Its service.</param>
/// <param name="Nanoseconds">Processor time.</param>
/// <param name="Bytes">Memory without the file cache that the kernel would give back, as docker stats shows it.</param>
internal sealed record ContainerCost(string Id, string Service, double Nanoseconds, double Bytes)
{
    private const double MebiByte = 1 << 20;

    /// <summary>The containers of the monitoring on a host.</summary>
    public static async Task<IReadOnlyList<ContainerCost>> OfAsync(LabHost host)
    {
        using var http = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancelled) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(host.DockerSocket), cancelled);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new Uri("http://engine/"),
        };
        var list = (await ReadAsync(http, "containers/json")).AsArray();
        var costs = new List<ContainerCost>();
        foreach (var container in list)
        {
            var service = (string?)container!["Labels"]?["com.docker.swarm.service.name"] ?? "";
            if (!service.StartsWith("monitoring-", StringComparison.Ordinal))
                continue;
            var id = (string)container["Id"]!;
            var stats = await ReadAsync(http, $"containers/{id}/stats?stream=false&one-shot=true");
            var memory = stats["memory_stats"]!;
            var cache = memory["stats"]?["inactive_file"] ?? memory["stats"]?["total_inactive_file"];
            costs.Add(
                new ContainerCost(
                    id,
                    service,
                    (double)stats["cpu_stats"]!["cpu_usage"]!["total_usage"]!,
                    (double)memory["usage"]! - ((double?)cache ?? 0)
                )
            );
        }

        return costs;
    }

    /// <summary>Its memory now, and the share of one processor that it has used since an earlier look.</summary>
    public (string Service, double MebiBytes, double ProcessorPercent) Since(ContainerCost earlier, double seconds) =>
        (Service, Bytes / MebiByte, (Nanoseconds - earlier.Nanoseconds) / 1e9 / seconds * 100);

    private static async Task<JsonNode> ReadAsync(HttpClient http, string path) =>
        JsonNode.Parse(await http.GetStringAsync(path, TestContext.Current.CancellationToken))!;
}
