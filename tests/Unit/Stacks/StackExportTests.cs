using System.Text.Json.Nodes;
using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Exporting;
using SwarmOps.Stacks.Planning;
using SwarmOps.Stacks.Specification;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>What is exported reads back as the same service.</summary>
public sealed class StackExportTests
{
    private static readonly StackNames Names = new("shop");

    [Theory]
    [InlineData("entrypoint: [a, b]\ncommand: [c, 'd e', '$$x']\nenvironment: {A: 'x=y $$z', EMPTY: '', N: '022', M: \"a\\nb\"}")]
    [InlineData("labels: {l: m, 'a.b/c': ''}\ndeploy: {labels: {on: 'yes'}, mode: global}")]
    [InlineData("ports: ['8080:80', {target: 53, published: 53, protocol: udp, mode: host}, 9]\ndeploy: {replicas: 3}")]
    [InlineData(
        "user: '1000:1000'\ngroup_add: ['44']\nworking_dir: /srv\nhostname: '{{.Node.Hostname}}'\ninit: false\nread_only: true\ntty: true"
    )]
    [InlineData(
        "healthcheck: {test: [CMD, a, b], interval: 1m30s, timeout: 2500ms, start_period: 5s, retries: 4}\nstop_grace_period: 90s\nstop_signal: SIGINT"
    )]
    [InlineData(
        "healthcheck: {disable: true}\nextra_hosts: ['db=10.0.0.5', 'six=fe80::1']\ndns: [1.1.1.1]\ndns_search: [a.example]\ndns_opt: ['ndots:2']"
    )]
    [InlineData(
        "cap_add: [net_admin]\ncap_drop: [ALL]\nsysctls: {net.core.somaxconn: 99}\nulimits: {nofile: {soft: 1, hard: 2}}\noom_score_adj: 500"
    )]
    [InlineData(
        "volumes: ['data:/data:ro', '/host:/h:rslave', 'there:/t', {type: volume, source: data, target: /n, volume: {nocopy: true, subpath: x}}]\ntmpfs: '/run:size=1m,mode=1777'"
    )]
    [InlineData("logging: {driver: json-file, options: {max-size: 1m}}\nnetworks: {front: {aliases: [www]}, out: , hosts: }")]
    [InlineData(
        "deploy: {replicas: 2, endpoint_mode: dnsrr, update_config: {parallelism: 0, delay: 10s, order: start-first, max_failure_ratio: 0.25, monitor: 7s, failure_action: rollback}, rollback_config: {parallelism: 2}, restart_policy: {condition: on-failure, delay: 3s, max_attempts: 4, window: 9s}, resources: {limits: {cpus: '0.5', memory: 64m, pids: 9}, reservations: {cpus: '0.1', memory: 20m, generic_resources: [{discrete_resource_spec: {kind: gpu, value: 2}}]}}, placement: {constraints: [node.role==worker], preferences: [{spread: node.labels.az}], max_replicas_per_node: 2}}"
    )]
    [InlineData("deploy: {mode: replicated-job, replicas: 4, restart_policy: {condition: none}}")]
    [InlineData("configs: [{source: conf, target: /etc/x, mode: 0400, uid: '5'}]\nsecrets: [{source: pw, target: p}]")]
    public void A_service_reads_back_as_it_was(string keys)
    {
        const string shared =
            "volumes: {data: {driver: nfs, driver_opts: {o: 'a,b'}, labels: {k: v}}, there: {external: true}}\nnetworks: {default: , front: , out: {external: true}, hosts: {external: true, name: host}}\nconfigs: {conf: {content: \"a: $$b\\n# c\\n\"}}\nsecrets: {pw: {external: true, name: pw-2}}\n";
        var before = MemoryFiles.Stack("services:\n  web:\n    image: nginx:1\n" + MemoryFiles.Indented(keys, 4) + shared);
        var config = StackSwarm.Config("shop_conf", "a: $b\n# c\n", "shop", "id-conf");
        var secret = new SwarmOps.Services.Stored.StoredItem(
            SwarmOps.Services.Stored.StoredKind.Secret,
            JsonNode.Parse("""{"ID":"id-pw","Spec":{"Name":"pw-2"}}""")!
        );
        var state = new StackState(
            [],
            [StackSwarm.Network("shop_default", "shop"), StackSwarm.Network("shop_front", "shop"), StackSwarm.Network("out", null)],
            [secret],
            [config]
        );
        var references = new StackReferences(
            new Dictionary<string, (string, string)> { ["pw"] = ("id-pw", "pw-2"), ["pw-2"] = ("id-pw", "pw-2") },
            new Dictionary<string, (string, string)> { ["conf"] = ("id-conf", "shop_conf") }
        );
        var spec = new StackServiceSpec(before, Names, references).Create(before.Services[0]);

        var objects = new ObjectExport(Names, state);
        var file = new JsonObject
        {
            ["name"] = "shop",
            ["services"] = new JsonObject { ["web"] = new ServiceExport(StackSwarm.Service(spec), "web", objects).Create() },
        };
        objects.AddTo(file);
        var text = YamlWriter.Write(file);

        var after = MemoryFiles.Stack(text);
        var again = new StackServiceSpec(after, Names, references).Create(after.Services[0]);
        Assert.True(SpecDifferences.List(spec, again).Count == 0, $"{string.Join('\n', SpecDifferences.List(spec, again))}\n{text}");
        if (after.Configs.Count > 0)
            Assert.Equal(before.Configs[0].Value!.Bytes.ToArray(), after.Configs[0].Value!.Bytes.ToArray());
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("registry.lab:5000/web:1", "registry.lab:5000/web:1")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("012", "\"012\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("Infinity", "\"Infinity\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("a #b", "\"a #b\"")]
    [InlineData("$HOME", "\"$$HOME\"")]
    [InlineData("", "\"\"")]
    [InlineData("ends:", "\"ends:\"")]
    [InlineData("tab\there", "\"tab\\there\"")]
    [InlineData("zwei\nZeilen\n", "|\n  zwei\n  Zeilen")]
    [InlineData("zwei\n\nZeilen", "|-\n  zwei\n\n  Zeilen")]
    [InlineData(" vorn\nx", "\" vorn\\nx\"")]
    public void A_text_is_written_so_that_it_reads_back(string text, string expected)
    {
        Assert.Equal($"a: {expected}\n", YamlWriter.Write(new JsonObject { ["a"] = text }));
        var config = MemoryFiles.Stack(
            YamlWriter.Write(
                new JsonObject
                {
                    ["services"] = new JsonObject
                    {
                        ["w"] = new JsonObject
                        {
                            ["image"] = "a",
                            ["environment"] = new JsonObject { ["A"] = text },
                        },
                    },
                }
            )
        );
        Assert.Equal(text, config.Services[0].Environment["A"]);
    }

    [Theory]
    [InlineData(90_000_000_000, "90s")]
    [InlineData(2_500_000_000, "2500ms")]
    [InlineData(1, "1ns")]
    [InlineData(0, "0s")]
    public void Durations_are_written_with_their_largest_whole_unit(long nanoseconds, string expected) =>
        Assert.Equal(expected, Amounts.Duration(nanoseconds));
}
