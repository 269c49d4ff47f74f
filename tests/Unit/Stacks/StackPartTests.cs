using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Planning;
using TaskState = SwarmOps.Services.Running.TaskState;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>Clusters, folders and name servers in a stack's file, and what is checked on hosts before a change.</summary>
public sealed class StackPartTests
{
    [Fact]
    public void A_service_with_galera_is_a_cluster_and_those_that_depend_on_it_wait_for_nothing()
    {
        var stack = MemoryFiles.Stack(
            """
            name: my_shop
            services:
              db:
                image: mariadb:11
                networks: [inner]
                deploy: {resources: {limits: {memory: 1g}}}
                x-swarmops: {region: [a, b, c], galera: {database: shop, user: shop, userPasswordSecret: pw, cacheSize: 512m, dataPathMode: 0700, options: {max_connections: 500}, strict: true}}
              web: {image: a, depends_on: [db], networks: [inner]}
            networks: {inner: }
            """
        );

        var galera = Assert.IsType<StackGalera>(Assert.Single(stack.Parts));
        Assert.Equal(("my-shop-db", "inner", "mariadb:11"), (galera.Cluster.Name, galera.Network, galera.Cluster.Image));
        Assert.Equal((1L << 30, 512L << 20, "0700"), (galera.Cluster.LimitMemory, galera.Cluster.CacheSize, galera.Cluster.DataMode));
        Assert.Equal(["a", "b", "c"], galera.Cluster.Regions);
        Assert.Equal("500", galera.Cluster.Options["max_connections"]);
        Assert.Equal(["web"], stack.Services.Select(service => service.Key));
        Assert.Empty(stack.Services[0].DependsOn);
        Assert.Equal(["GALERA_ROOT_PASSWORD", "pw"], PartPlanner.SecretsOf(stack).Order());
    }

    [Fact]
    public void A_volume_with_a_shared_folder_is_mounted_from_the_hosts()
    {
        var stack = MemoryFiles.Stack(
            """
            name: shop
            services: {web: {image: a, volumes: ["up:/up", {type: volume, source: up, target: /in, read_only: true, volume: {subpath: inner}}]}}
            volumes: {up: {x-swarmops: {sharedFolder: {path: /srv/up, owner: "33:33"}}}}
            """
        );

        var folder = Assert.IsType<StackFolder>(Assert.Single(stack.Parts));
        Assert.Equal(
            ("shop-up", "/srv/up", "default", "33:33"),
            (folder.Folder.Name, folder.Folder.Path, folder.Network, folder.Folder.Owner!.ToString())
        );
        Assert.Equal(
            [("bind", "/srv/up", "/up", false), ("bind", "/srv/up/inner", "/in", true)],
            stack.Services[0].Mounts.Select(mount => (mount.Type, mount.Source, mount.Target, mount.ReadOnly))
        );
        Assert.Empty(stack.Volumes);
    }

    [Fact]
    public void An_edge_service_has_its_name_servers()
    {
        var stack = MemoryFiles.Stack(
            """
            name: shop
            services:
              web:
                image: a
                ports: ["80:80"]
                x-swarmops: {edge: true, geoDns: {zone: shop.example.org, image: gdnsd, ttl: 10s, recordName: ["@", www], networkMap: {eu: 192.0.2.0/24, us: [198.51.100.0/24]}, coordinate: {eu: "50, 8"}}}
            """
        );

        var zone = Assert.IsType<StackZone>(Assert.Single(stack.Parts)).Zone;
        Assert.Equal(("shop.example.org", "gdnsd", 10), (zone.Zone, zone.Image, zone.TtlSeconds));
        Assert.Equal(["@", "www"], zone.Records);
        Assert.Equal(["192.0.2.0/24"], zone.NetworkMap!["eu"]);
        Assert.Equal("50, 8", zone.Coordinates!["eu"]);
    }

    [Theory]
    [InlineData("x-swarmops: {galera: {database: shop}}", "-Database was specified without -User")]
    [InlineData("x-swarmops: {galera: {}}\nenvironment: {A: b}", "services.web.environment cannot be honoured")]
    [InlineData("x-swarmops: {galera: {}}\ndeploy: {replicas: 3}", "services.web.deploy.replicas cannot be honoured")]
    [InlineData("x-swarmops: {galera: {}, edge: true}", "has no meaning for a Galera cluster")]
    [InlineData("x-swarmops: {galera: {name: My_Db}}", "name: ")]
    [InlineData("x-swarmops: {galera: {dataPath: /srv}}", "/srv")]
    [InlineData("x-swarmops: {galera: {nodes: 3}}", "has no key 'nodes'")]
    [InlineData("x-swarmops: {galera: {}}\nnetworks: [default, x]", "a Galera cluster is on one")]
    [InlineData("x-swarmops: {geoDns: {zone: a.example, image: i}}", "the service is none")]
    [InlineData("ports: [80]\nx-swarmops: {edge: true, geoDns: {zone: a.example}}", "geoDns has no image")]
    [InlineData("ports: [80]\nx-swarmops: {edge: true, geoDns: {zone: a.example, image: i, ttl: 1500ms}}", "ttl is 1.5 s")]
    [InlineData("ports: [80]\nx-swarmops: {edge: true, geoDns: {zone: nodots, image: i}}", "nodots")]
    public void What_a_part_cannot_be_is_a_problem(string keys, string words) =>
        Assert.Contains(
            MemoryFiles.Problems("services:\n  web:\n    image: a\n" + MemoryFiles.Indented(keys, 4) + "networks: {x: }\n"),
            problem => problem.Message.Contains(words, StringComparison.Ordinal) && problem.Remedy.Length > 0
        );

    [Theory]
    [InlineData("{x-swarmops: {sharedFolder: {}}}", "has no path")]
    [InlineData("{x-swarmops: {sharedFolder: {path: /etc/x}}}", "/etc/x")]
    [InlineData("{x-swarmops: {sharedFolder: {path: /srv/up, owner: www-data}}}", "www-data")]
    [InlineData("{x-swarmops: {sharedFolder: {path: /srv/up}}, driver: nfs}", "has 'driver' and is a shared folder")]
    [InlineData("{x-swarmops: {sharedFolder: {path: /srv/up, network: nosuch}}}", "uses the network 'nosuch'")]
    public void What_a_folder_cannot_be_is_a_problem(string volume, string words) =>
        Assert.Contains(
            MemoryFiles.Problems($"services: {{web: {{image: a, volumes: ['up:/up']}}}}\nvolumes:\n  up: {volume}\n"),
            problem => problem.Message.Contains(words, StringComparison.Ordinal) && problem.Remedy.Length > 0
        );

    [Fact]
    public void The_ports_of_a_host_are_read_from_its_kernel() =>
        Assert.Equal([(80, "tcp"), (53, "udp")], HostPortPlanner.Parse("tcp 0050\nudp 0035\ntcp 0050\nnonsense\n"));

    [Theory]
    [InlineData("deploy: {replicas: 4, resources: {reservations: {cpus: '1'}}}", "")]
    [InlineData("deploy: {replicas: 5, resources: {reservations: {cpus: '1'}}}", "room for 4")]
    [InlineData("deploy: {mode: global, resources: {reservations: {memory: 700m}}}", "these have less to offer: b")]
    [InlineData("deploy: {mode: global, resources: {reservations: {memory: 400m}}}", "")]
    [InlineData("deploy: {resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: gpu, value: 2}}]}}}", "")]
    [InlineData("deploy: {resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: gpu, value: 3}}]}}}", "3 gpu")]
    [InlineData(
        "deploy: {replicas: 2, placement: {max_replicas_per_node: 1, constraints: [node.hostname==a]}, resources: {reservations: {cpus: '1'}}}",
        "room for 1"
    )]
    public void A_reservation_that_no_node_can_meet_is_told(string keys, string words)
    {
        var (service, findings) = (MemoryFiles.Service(keys), new StackFindings());
        var swarm = StackSwarm.Session(Member("a"), Member("b"));
        var other = StackSwarm.Service(
            JsonNode
                .Parse(
                    """{"Name":"other","Mode":{"Replicated":{}},"TaskTemplate":{"Resources":{"Reservations":{"MemoryBytes":536870912}}}}"""
                )!
                .AsObject()
        );
        var state = StackSwarm.Nothing with { Services = [other] };
        var offers = new Dictionary<string, JsonNode?>
        {
            ["a"] = JsonNode.Parse(
                """{"NanoCPUs":2000000000,"MemoryBytes":1073741824,"GenericResources":[{"DiscreteResourceSpec":{"Kind":"gpu","Value":2}}]}"""
            ),
            ["b"] = JsonNode.Parse("""{"NanoCPUs":2000000000,"MemoryBytes":1073741824}"""),
        };
        var task = new TaskState(
            JsonNode.Parse("""{"ID":"t","ServiceID":"s1","NodeID":"b","DesiredState":"running","Status":{"State":"running"}}""")!
        );

        new CapacityPlanner(swarm, state, findings).Check(
            new ServiceStep(service, "shop_web", [], null, []),
            offers,
            new Dictionary<string, List<TaskState>> { ["s1"] = [task] }
        );

        Assert.Equal(words.Length > 0, findings.Any);
        if (words.Length > 0)
            Assert.Contains(words, findings.All[0].Problem, StringComparison.Ordinal);
    }

    private static NodeListResponse Member(string name) =>
        new()
        {
            ID = name,
            Spec = new NodeUpdateParameters { Availability = "active", Role = "worker" },
            Description = new NodeDescription { Hostname = name },
            Status = new Docker.DotNet.Models.NodeStatus { State = "ready" },
        };
}
