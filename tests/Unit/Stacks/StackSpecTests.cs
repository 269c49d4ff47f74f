using System.Text.Json.Nodes;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Specification;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>The engine's documents of a stack, against what docker stack deploy sends (docker/cli, cli/compose/convert).</summary>
public sealed class StackSpecTests
{
    private static readonly StackNames Names = new("shop");

    [Fact]
    public void A_minimal_service() =>
        Same(
            """
            {
              "Name": "shop_web",
              "Labels": { "com.docker.stack.image": "nginx", "com.docker.stack.namespace": "shop" },
              "TaskTemplate": {
                "ContainerSpec": {
                  "Image": "nginx",
                  "Labels": { "com.docker.stack.namespace": "shop" },
                  "Privileges": { "CredentialSpec": null, "SELinuxContext": null }
                },
                "Resources": {},
                "Placement": {},
                "Networks": [{ "Target": "shop_default", "Aliases": ["web"] }],
                "ForceUpdate": 0
              },
              "Mode": { "Replicated": {} },
              "EndpointSpec": {}
            }
            """,
            Spec("services: {web: {image: nginx}}")
        );

    [Fact]
    public void Commands_variables_and_labels()
    {
        var container = Container(
            "entrypoint: a b\ncommand: [c]\nenvironment: {B: 1, A: x, GONE: }\nlabels: {l: 1}\nuser: me\nworking_dir: /srv\ngroup_add: [44]"
        );
        Same("[\"a\",\"b\"]", container["Command"]);
        Same("[\"c\"]", container["Args"]);
        Same("[\"A=x\",\"B=1\",\"GONE\"]", container["Env"]);
        Same("{\"l\":\"1\",\"com.docker.stack.namespace\":\"shop\"}", container["Labels"]);
        Same("[\"44\"]", container["Groups"]);
        Assert.Equal(("me", "/srv"), ((string?)container["User"], (string?)container["Dir"]));
    }

    [Fact]
    public void Mounts_have_the_names_of_the_stack()
    {
        var spec = Spec(
            """
            services:
              web:
                image: a
                volumes: ["data:/data:ro", "named:/n", "there:/t", /anonymous, "/host:/h:rslave", "driven:/d:nocopy", {type: cluster, source: "group:g", target: /c}]
                tmpfs: "/run:size=1m"
            volumes: {data: , named: {name: fixed}, there: {external: true}, driven: {driver: nfs, driver_opts: {o: x}, labels: {l: m}}}
            """
        );
        Same(
            """
            [
              {"Type":"volume","Source":"shop_data","Target":"/data","ReadOnly":true,"VolumeOptions":{"Labels":{"com.docker.stack.namespace":"shop"}}},
              {"Type":"volume","Source":"fixed","Target":"/n","VolumeOptions":{"Labels":{"com.docker.stack.namespace":"shop"}}},
              {"Type":"volume","Source":"there","Target":"/t","VolumeOptions":{}},
              {"Type":"volume","Target":"/anonymous"},
              {"Type":"bind","Source":"/host","Target":"/h","BindOptions":{"Propagation":"rslave"}},
              {"Type":"volume","Source":"shop_driven","Target":"/d","VolumeOptions":{"NoCopy":true,"Labels":{"com.docker.stack.namespace":"shop","l":"m"},"DriverConfig":{"Name":"nfs","Options":{"o":"x"}}}},
              {"Type":"cluster","Source":"group:g","Target":"/c","ClusterOptions":{}},
              {"Type":"tmpfs","Target":"/run","TmpfsOptions":{"SizeBytes":1048576}}
            ]
            """,
            spec["TaskTemplate"]!["ContainerSpec"]!["Mounts"]
        );
    }

    [Fact]
    public void Networks_are_in_the_order_of_their_names_with_the_service_as_alias()
    {
        var spec = Spec(
            "services: {web: {image: a, networks: {z: {aliases: [www]}, named: {driver_opts: {a: b}}, hostnet: }}}\nnetworks: {z: , named: {name: a-net}, hostnet: {external: true, name: host}}"
        );
        Same(
            """[{"Target":"a-net","Aliases":["web"],"DriverOpts":{"a":"b"}},{"Target":"host"},{"Target":"shop_z","Aliases":["www","web"]}]""",
            spec["TaskTemplate"]!["Networks"]
        );
    }

    [Fact]
    public void Deploy_becomes_mode_policy_resources_and_placement()
    {
        var spec = Spec(
            """
            services:
              web:
                image: a
                ports: ["8080:80", {target: 53, published: 53, protocol: udp, mode: host}, 9]
                logging: {driver: syslog, options: {a: 1}}
                deploy:
                  replicas: 3
                  endpoint_mode: vip
                  labels: {l: m}
                  update_config: {delay: 10s, order: start-first}
                  rollback_config: {parallelism: 0, failure_action: continue, max_failure_ratio: 0.5}
                  resources:
                    limits: {cpus: '0.5', memory: 64m, pids: 10}
                    reservations: {memory: 32m, generic_resources: [{discrete_resource_spec: {kind: gpu, value: 2}}]}
                  restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 2m}
                  placement: {constraints: [node.role==worker], preferences: [{spread: node.labels.az}], max_replicas_per_node: 2}
            """
        );
        Same("""{"Replicated":{"Replicas":3}}""", spec["Mode"]);
        Same("""{"Parallelism":1,"Delay":10000000000,"MaxFailureRatio":0,"Order":"start-first"}""", spec["UpdateConfig"]);
        Same("""{"Parallelism":0,"FailureAction":"continue","MaxFailureRatio":0.5,"Order":""}""", spec["RollbackConfig"]);
        Same(
            """{"Mode":"vip","Ports":[{"Protocol":"tcp","TargetPort":9,"PublishMode":"ingress"},{"Protocol":"udp","TargetPort":53,"PublishedPort":53,"PublishMode":"host"},{"Protocol":"tcp","TargetPort":80,"PublishedPort":8080,"PublishMode":"ingress"}]}""",
            spec["EndpointSpec"]
        );
        var task = spec["TaskTemplate"]!;
        Same(
            """{"Limits":{"NanoCPUs":500000000,"MemoryBytes":67108864,"Pids":10},"Reservations":{"MemoryBytes":33554432,"GenericResources":[{"DiscreteResourceSpec":{"Kind":"gpu","Value":2}}]}}""",
            task["Resources"]
        );
        Same("""{"Condition":"on-failure","Delay":5000000000,"MaxAttempts":3,"Window":120000000000}""", task["RestartPolicy"]);
        Same(
            """{"Constraints":["node.role==worker"],"Preferences":[{"Spread":{"SpreadDescriptor":"node.labels.az"}}],"MaxReplicas":2}""",
            task["Placement"]
        );
        Same("""{"Name":"syslog","Options":{"a":"1"}}""", task["LogDriver"]);
    }

    [Theory]
    [InlineData("deploy: {mode: global}", """{"Global":{}}""")]
    [InlineData("deploy: {mode: global-job}", """{"GlobalJob":{}}""")]
    [InlineData("deploy: {mode: replicated-job, replicas: 4}", """{"ReplicatedJob":{"MaxConcurrent":4,"TotalCompletions":4}}""")]
    [InlineData("scale: 2", """{"Replicated":{"Replicas":2}}""")]
    public void Modes(string keys, string expected) =>
        Same(expected, Spec("services:\n  web:\n    image: a\n" + MemoryFiles.Indented(keys, 4))["Mode"]);

    [Fact]
    public void Health_checks_limits_and_names()
    {
        Same(
            """{"Test":["CMD-SHELL","a"],"Interval":5000000000,"StartInterval":1000000000,"Retries":3}""",
            Container("healthcheck: {test: a, interval: 5s, start_interval: 1s, retries: 3}")["Healthcheck"]
        );
        Same("""{"Test":["NONE"]}""", Container("healthcheck: {disable: true}")["Healthcheck"]);
        var container = Container(
            "ulimits: {nofile: {soft: 1, hard: 2}}\nextra_hosts: ['a:10.0.0.1']\ndns: 1.1.1.1\ndns_opt: [ndots:1]\ncap_add: [net_admin]\nsysctls: {a.b: 1}\ninit: false\ntty: true"
        );
        Same("""[{"Name":"nofile","Hard":2,"Soft":1}]""", container["Ulimits"]);
        Same("""["10.0.0.1 a"]""", container["Hosts"]);
        Same("""{"Nameservers":["1.1.1.1"],"Options":["ndots:1"]}""", container["DNSConfig"]);
        Same("""["CAP_NET_ADMIN"]""", container["CapabilityAdd"]);
        Same("""{"a.b":"1"}""", container["Sysctls"]);
        Assert.False((bool)container["Init"]!);
        Assert.True((bool)container["TTY"]!);
    }

    [Fact]
    public void Secrets_and_configs_are_referenced_by_id_in_the_order_of_their_names()
    {
        var stack = MemoryFiles.Stack(
            "services: {web: {image: a, secrets: [{source: z, target: t, uid: '1', mode: 0440}, a], configs: [c], credential_spec: {config: spec}}}\nsecrets: {z: {external: true}, a: {external: true}}\nconfigs: {c: {content: x}, spec: {content: y}}"
        );
        var references = new StackReferences(
            new Dictionary<string, (string, string)> { ["z"] = ("id-z", "z"), ["a"] = ("id-a", "a") },
            new Dictionary<string, (string, string)> { ["c"] = ("id-c", "shop_c"), ["spec"] = ("id-s", "shop_spec") }
        );
        var container = new StackServiceSpec(stack, Names, references).Create(stack.Services[0])["TaskTemplate"]!["ContainerSpec"]!;
        Same(
            """[{"File":{"Name":"a","UID":"0","GID":"0","Mode":292},"SecretID":"id-a","SecretName":"a"},{"File":{"Name":"t","UID":"1","GID":"0","Mode":288},"SecretID":"id-z","SecretName":"z"}]""",
            container["Secrets"]
        );
        Same(
            """[{"File":{"Name":"c","UID":"0","GID":"0","Mode":292},"ConfigID":"id-c","ConfigName":"shop_c"},{"Runtime":{},"ConfigID":"id-s","ConfigName":"shop_spec"}]""",
            container["Configs"]
        );
        Same("""{"Config":"id-s"}""", container["Privileges"]!["CredentialSpec"]);
    }

    [Fact]
    public void Objects_have_the_label_of_the_stack()
    {
        var stack = MemoryFiles.Stack(
            "services: {web: {image: a}}\nnetworks: {default: {internal: true, driver_opts: {encrypted: ''}, ipam: {config: [{subnet: 10.0.5.0/24}]}}}\nconfigs: {c: {content: x, template_driver: golang, labels: {l: m}}}\nsecrets: {s: {driver: vault, driver_opts: {a: b}}}"
        );
        var specs = new StackObjectSpec(Names);
        Same(
            """{"Name":"shop_default","Driver":"overlay","Internal":true,"IPAM":{"Config":[{"Subnet":"10.0.5.0/24"}]},"Options":{"encrypted":""},"Labels":{"com.docker.stack.namespace":"shop"}}""",
            specs.Network(stack.Networks[0])
        );
        Same(
            """{"Name":"shop_c","Labels":{"com.docker.stack.namespace":"shop","l":"m"},"Data":"eA==","Templating":{"Name":"golang"}}""",
            specs.File(stack.Configs[0], Names.Of(stack.Configs[0]))
        );
        Same(
            """{"Name":"shop_s","Labels":{"com.docker.stack.namespace":"shop"},"Driver":{"Name":"vault","Options":{"a":"b"}}}""",
            specs.File(stack.Secrets[0], "shop_s")
        );
    }

    private static JsonObject Spec(string text)
    {
        var stack = MemoryFiles.Stack(text);
        var none = new Dictionary<string, (string, string)>();
        return new StackServiceSpec(stack, Names, new StackReferences(none, none)).Create(stack.Services[0]);
    }

    private static JsonNode Container(string keys) =>
        Spec("services:\n  web:\n    image: a\n" + MemoryFiles.Indented(keys, 4))["TaskTemplate"]!["ContainerSpec"]!;

    private static void Same(string expected, JsonNode? found) =>
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(found?.ToJsonString() ?? "null")),
            $"Expected {expected}\nFound    {found?.ToJsonString()}"
        );
}
