using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Unit;

/// <summary>A swarm's manager, as far as Tab asks it; counts what it is asked.</summary>
internal sealed partial class CompletionManager : IAsyncDisposable
{
    private readonly TransportEngineStub stub;
    private readonly ConcurrentDictionary<string, string> documents = new(StringComparer.Ordinal)
    {
        ["/nodes"] = """
            [{"ID":"n1","Spec":{"Role":"manager","Availability":"active","Labels":{"region":"eu","zone":"eu-1","disk":"ssd"}},"Description":{"Hostname":"one"},
              "Status":{"State":"ready","Addr":"192.0.2.1"},"ManagerStatus":{"Leader":true,"Reachability":"reachable","Addr":"192.0.2.1:2377"}},
             {"ID":"n2","Spec":{"Role":"worker","Availability":"drain","Labels":{"region":"us"}},"Description":{"Hostname":"two"},"Status":{"State":"down","Addr":"192.0.2.2"}}]
            """,
        ["/services"] = """
            [{"ID":"s1","Spec":{"Name":"web","Labels":{"team":"shop"},"Mode":{"Replicated":{"Replicas":3}},
               "TaskTemplate":{"ContainerSpec":{"Image":"nginx:1.27@sha256:00","Env":["PASSWORD=hush","MODE=x"]}}},"ServiceStatus":{"RunningTasks":2,"DesiredTasks":3}},
             {"ID":"s2","Spec":{"Name":"web db","Labels":{"tier":"data"},"Mode":{"Global":{}},"TaskTemplate":{"ContainerSpec":{"Image":"redis"}}},"ServiceStatus":{"RunningTasks":2,"DesiredTasks":2}},
             {"ID":"s3","Spec":{"Name":"galera-eu","Labels":{"swarmops.galera.cluster":"galera","swarmops.folder":"uploads"},"Mode":{"Replicated":{"Replicas":1}},
               "TaskTemplate":{"ContainerSpec":{"Image":"mariadb:10.11"}}},"ServiceStatus":{"RunningTasks":1,"DesiredTasks":1}},
             {"ID":"s4","Spec":{"Name":"front-eu","Labels":{"swarmops.edge":"front"},"Mode":{"Global":{}},"TaskTemplate":{"ContainerSpec":{"Image":"caddy"}}}}]
            """,
        ["/tasks"] = """
            [{"ID":"t1","ServiceID":"s1","Slot":1,"NodeID":"n1","DesiredState":"running","Status":{"State":"running"},"Spec":{"ContainerSpec":{"Image":"nginx:1.27@sha256:00"}}},
             {"ID":"t2","ServiceID":"s1","Slot":2,"NodeID":"n1","DesiredState":"running","Status":{"State":"preparing"},"Spec":{"ContainerSpec":{"Image":"nginx:1.27"}}},
             {"ID":"t3","ServiceID":"s2","NodeID":"n2","DesiredState":"running","Status":{"State":"running"},"Spec":{"ContainerSpec":{"Image":"redis"}}}]
            """,
        ["/networks"] = """
            [{"Id":"a","Name":"internal","Driver":"overlay","Scope":"swarm","Options":{"encrypted":""},"IPAM":{"Config":[{"Subnet":"10.0.1.0/24"}]}},
             {"Id":"b","Name":"ingress","Driver":"overlay","Scope":"swarm","Ingress":true},{"Id":"c","Name":"bridge","Driver":"bridge","Scope":"local"}]
            """,
        ["/secrets"] = """
            [{"ID":"x1","Spec":{"Name":"db","Labels":{"swarmops.name":"db","swarmops.version":"1"}}},{"ID":"x2","Spec":{"Name":"db-v2","Labels":{"swarmops.name":"db","swarmops.version":"2"}}},
             {"ID":"x3","Spec":{"Name":"key","Labels":{}}}]
            """,
        ["/configs"] = """[{"ID":"c1","Spec":{"Name":"motd","Labels":{},"Data":"aGVsbG8="}}]""",
        ["/images/json"] = """[{"RepoTags":["nginx:1.27","nginx:latest"]},{"RepoTags":["<none>:<none>"]},{"RepoTags":null}]""",
    };

    /// <summary>A manager, or a worker, which refuses to speak of the swarm.</summary>
    public CompletionManager(bool isWorker = false) => stub = new TransportEngineStub(request => Answer(request, isWorker));

    public ConcurrentBag<string> Asked { get; } = [];

    public SwarmNode Node => stub.Node with { Name = "one", AdvertiseAddress = "192.0.2.1", Region = "eu" };

    /// <summary>Changes what it answers.</summary>
    public void Set(string path, string document) => documents[path] = document;

    public int Count(string path) => Asked.Count(asked => asked == path);

    public ValueTask DisposeAsync() => stub.DisposeAsync();

    private string Answer(string request, bool isWorker)
    {
        const string version = "Api-Version: 1.43\r\n";
        var path = Path().Match(request).Groups["path"].Value;
        Asked.Add(path);
        if (path == "/_ping")
            return TransportEngineStub.Http("200 OK", version, "OK");
        if (isWorker && path is not ("/networks" or "/images/json"))
            return TransportEngineStub.Http("503 Service Unavailable", version, """{"message":"This node is not a swarm manager."}""");
        return documents.TryGetValue(path, out var document)
            ? TransportEngineStub.Http("200 OK", version, JsonNode.Parse(document)!.ToJsonString())
            : TransportEngineStub.Http("404 Not Found", version, "{}");
    }

    [GeneratedRegex(@"^\S+ (?:/v[0-9.]+)?(?<path>[^ ?]+)")]
    private static partial Regex Path();
}

/// <summary>An engine that takes a connection and never says a word.</summary>
internal sealed class SilentEngine : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"silent-{Guid.NewGuid():N}.sock");
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public SilentEngine()
    {
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
    }

    public SwarmNode Node => new() { Name = "silent", DockerHost = "unix://" + path };

    public void Dispose()
    {
        listener.Dispose();
        File.Delete(path);
    }
}
