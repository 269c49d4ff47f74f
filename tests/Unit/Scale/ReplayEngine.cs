using System.Globalization;
using System.Text;

namespace SwarmOps.Tests.Unit;

/// <summary>The only manager of a large swarm: replays its lists as an engine sends them, in chunks and ordered by id, as fast as they are read.</summary>
internal sealed class ReplayEngine : IAsyncDisposable
{
    /// <summary>Elements in a chunk of an answer.</summary>
    public const int ChunkSize = 100;

    private const string Info = """
        {"ID":"e0","Name":"host-00000","ServerVersion":"28.5.2","Swarm":{"LocalNodeState":"active","NodeID":"n00000","NodeAddr":"192.0.2.1","ControlAvailable":true,
         "Error":"","RemoteManagers":[{"NodeID":"n00000","Addr":"192.0.2.1:2377"}],"Cluster":{"ID":"swarm","CreatedAt":"2026-01-01T00:00:00Z","Spec":{"Name":"default"}}}}
        """;

    private const string Leader = """
        ,"ManagerStatus":{"Leader":true,"Reachability":"reachable","Addr":"192.0.2.1:2377"}
        """;

    private static readonly string Plugins = string.Join(
        ',',
        "awslogs,fluentd,gcplogs,gelf,journald,json-file,local,logentries,splunk,syslog"
            .Split(',')
            .Select(name => $$"""{"Type":"Log","Name":"{{name}}"}""")
            .Concat("bridge,host,ipvlan,macvlan,null,overlay".Split(',').Select(name => $$"""{"Type":"Network","Name":"{{name}}"}"""))
    );

    private static readonly string Certificate =
        "-----BEGIN CERTIFICATE-----\\n" + new string('A', 720) + "\\n-----END CERTIFICATE-----\\n";

    private readonly TransportEngineStub stub;
    private readonly Dictionary<string, byte[][]> lists;

    /// <summary>A manager of a swarm of some size; the tasks are spread over its services and nodes.</summary>
    public ReplayEngine(int nodes = 10, int services = 0, int tasks = 0)
    {
        lists = new Dictionary<string, byte[][]>(StringComparer.Ordinal)
        {
            ["/nodes"] = Chunks(nodes, Node),
            ["/services"] = Chunks(services, Service),
            ["/tasks"] = Chunks(tasks, index => Task(index, index % Math.Max(services, 1), index % nodes)),
        };
        stub = new TransportEngineStub(Answer, SendAsync);
    }

    /// <summary>The node.</summary>
    public SwarmNode Node0 => stub.Node with { Name = "first", Region = "r0" };

    /// <summary>Called before each chunk of a list, with its path and its number from 0.</summary>
    public Func<string, int, Task>? BeforeChunk { get; set; }

    /// <summary>What was asked, in order.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Asked { get; } = [];

    public ValueTask DisposeAsync() => stub.DisposeAsync();

    private static byte[][] Chunks(int count, Func<int, string> element)
    {
        var chunks = new List<byte[]>();
        for (var first = 0; first < count || first == 0; first += ChunkSize)
        {
            var elements = Enumerable.Range(first, Math.Min(ChunkSize, count - first)).Select(element);
            var text = (first == 0 ? "[" : ",") + string.Join(",", elements) + (first + ChunkSize >= count ? "]\n" : "");
            var bytes = Encoding.UTF8.GetBytes(text);
            chunks.Add([.. Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"), .. bytes, .. "\r\n"u8]);
        }

        return [.. chunks];
    }

    private static string Number(int index) => index.ToString("00000", CultureInfo.InvariantCulture);

    private static string Node(int index) =>
        $$$$"""
            {"ID":"n{{{{Number(
                index
            )}}}}","Version":{"Index":{{{{index}}}}},"CreatedAt":"2026-01-01T00:00:00.123456789Z","UpdatedAt":"2026-01-01T00:00:00.123456789Z",
            "Spec":{"Labels":{"region":"r{{{{index % 7}}}}","zone":"z{{{{index % 3}}}}"},"Role":"{{{{(
                index == 0 ? "manager" : "worker"
            )}}}}","Availability":"active"},
            "Description":{"Hostname":"host-{{{{Number(
                index
            )}}}}","Platform":{"Architecture":"x86_64","OS":"linux"},"Resources":{"NanoCPUs":4000000000,"MemoryBytes":8232984576},
            "Engine":{"EngineVersion":"28.5.2","Plugins":[{{{{Plugins}}}}]},"TLSInfo":{"TrustRoot":"{{{{Certificate}}}}","CertIssuerSubject":"MBMxETAPBgNVBAMTCHN3YXJtLWNh"}},
            "Status":{"State":"ready","Addr":"192.0.2.1"}{{{{(index == 0 ? Leader : "")}}}}}
            """;

    private static string Service(int index) =>
        $$$$"""
            {"ID":"s{{{{Number(
                index
            )}}}}","Version":{"Index":{{{{index}}}}},"CreatedAt":"2026-01-01T00:00:00.123456789Z","UpdatedAt":"2026-01-01T00:00:00.123456789Z",
            "Spec":{"Name":"service-{{{{Number(index)}}}}","Labels":{"team":"t{{{{index
                % 9}}}}"},"TaskTemplate":{{{{Template}}}},"Mode":{"Replicated":{"Replicas":1}},"EndpointSpec":{"Mode":"vip"}},
            "Endpoint":{"Spec":{"Mode":"vip"},"VirtualIPs":[{"NetworkID":"net","Addr":"10.0.0.2/24"}]},"ServiceStatus":{"RunningTasks":1,"DesiredTasks":1}}
            """;

    private static string Task(int index, int service, int node) =>
        $$$$"""
            {"ID":"t{{{{Number(
                index
            )}}}}","Version":{"Index":{{{{index}}}}},"CreatedAt":"2026-01-01T00:00:00.123456789Z","UpdatedAt":"2026-01-01T00:00:00.123456789Z","Labels":{},
            "Spec":{{{{Template}}}},"ServiceID":"s{{{{Number(service)}}}}","Slot":{{{{index + 1}}}},"NodeID":"n{{{{Number(node)}}}}",
            "Status":{"Timestamp":"2026-01-01T00:00:00.123456789Z","State":"running","Message":"started",
            "ContainerStatus":{"ContainerID":"{{{{Number(index)}}}}{{{{new string(
                'c',
                59
            )}}}}","PID":4242,"ExitCode":0},"PortStatus":{}},"DesiredState":"running",
            "NetworksAttachments":[{"Network":{"ID":"net","Spec":{"Name":"internal","DriverConfiguration":{"Name":"overlay"}}},"Addresses":["10.0.0.3/24"]}]}
            """;

    private static string Template =>
        $$$$"""
            {"ContainerSpec":{"Image":"registry.example/shop/web:1.27@sha256:{{{{new string(
                '0',
                64
            )}}}}","Env":["MODE=production","REGION=eu"],
            "Mounts":[{"Type":"volume","Source":"data","Target":"/data"}],"Isolation":"default"},"Resources":{"Limits":{"MemoryBytes":268435456},"Reservations":{}},
            "RestartPolicy":{"Condition":"any","MaxAttempts":0},"Placement":{"Constraints":["node.labels.region==r1"]},"Networks":[{"Target":"net"}],"ForceUpdate":0,"Runtime":"container"}
            """;

    private static string PathOf(string request)
    {
        var path = request.Split(' ')[1].Split('?')[0];
        return path.StartsWith("/v", StringComparison.Ordinal) ? path[path.IndexOf('/', 1)..] : path;
    }

    private string Answer(string request)
    {
        const string version = "Api-Version: 1.43\r\n";
        Asked.Enqueue(request.Split(' ')[1]);
        return PathOf(request) switch
        {
            "/_ping" => TransportEngineStub.Http("200 OK", version, "OK"),
            "/info" => TransportEngineStub.Http("200 OK", version, Info),
            "/networks" => TransportEngineStub.Http(
                "200 OK",
                version,
                """[{"Id":"net","Name":"internal","Driver":"overlay","Scope":"swarm"}]"""
            ),
            var path when lists.ContainsKey(path) =>
                $"HTTP/1.1 200 OK\r\n{version}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
            _ => TransportEngineStub.Http("404 Not Found", version, """{"message":"not found"}"""),
        };
    }

    private async Task SendAsync(string request, Stream network, CancellationToken cancellationToken)
    {
        var path = PathOf(request);
        var chunks = lists[path];
        for (var index = 0; index < chunks.Length; index++)
        {
            if (BeforeChunk is { } wait)
                await wait(path, index);
            await network.WriteAsync(chunks[index], cancellationToken);
        }

        await network.WriteAsync("0\r\n\r\n"u8.ToArray(), cancellationToken);
    }
}
