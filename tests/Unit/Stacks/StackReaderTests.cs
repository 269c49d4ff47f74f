using SwarmOps.Services.Specification;
using SwarmOps.Stacks;
using SwarmOps.Stacks.Model;
using static SwarmOps.Tests.Unit.Stacks.MemoryFiles;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>The definition that comes of a file.</summary>
public sealed class StackReaderTests
{
    [Fact]
    public void A_service_has_the_defaults_of_its_image()
    {
        var stack = Stack("services: {web: {image: nginx}}");
        var service = stack.Services.Single();
        Assert.Equal("nginx", service.Image);
        Assert.Null(service.Command);
        Assert.Null(service.Init);
        Assert.Null(service.Restart);
        Assert.Null(service.Replicas);
        Assert.Equal(SwarmServiceMode.Replicated, service.Mode);
        Assert.Equal(["default"], service.Networks.Select(network => network.Network));
        Assert.Equal(["default"], stack.Networks.Select(network => network.Key));
    }

    [Fact]
    public void Scalars_of_a_container_are_read()
    {
        var service = Service(
            """
            hostname: "{{.Node.Hostname}}"
            user: "1000:1000"
            group_add: [audio, 44]
            working_dir: /srv
            init: true
            read_only: "yes"
            tty: ${T}
            stdin_open: true
            stop_grace_period: 1m30s
            stop_signal: SIGINT
            isolation: process
            oom_score_adj: -500
            dns: 1.1.1.1
            dns_search: [a.example, b.example]
            dns_opt: ["ndots:2"]
            sysctls: {net.core.somaxconn: 1024}
            """,
            ("T", "true")
        );
        Assert.Equal("{{.Node.Hostname}}", service.Hostname);
        Assert.Equal(["audio", "44"], service.Groups);
        Assert.True(service.Init);
        Assert.True(service.ReadOnly && service.Tty && service.OpenStdin);
        Assert.Equal(TimeSpan.FromSeconds(90), service.StopGracePeriod);
        Assert.Equal("process", service.Isolation);
        Assert.Equal(-500, service.OomScoreAdjustment);
        Assert.Equal(["1.1.1.1"], service.Dns);
        Assert.Equal(["a.example", "b.example"], service.DnsSearch);
        Assert.Equal(["ndots:2"], service.DnsOptions);
        Assert.Equal("1024", service.Sysctls["net.core.somaxconn"]);
    }

    [Fact]
    public void Variables_come_from_files_and_the_session()
    {
        var service = new MemoryFiles(
            (
                "compose.yaml",
                """
                services:
                  web:
                    image: nginx
                    env_file:
                      - one.env
                      - {path: raw.env, format: raw}
                      - {path: missing.env, required: false}
                    environment: {OWN: 1, FLAG: true, FROM_SESSION: , GONE: , EMPTY: "", WITH_DOLLAR: $$x}
                """
            ),
            ("one.env", "A='a'\nB=\"b $V\"\nBOTH=one"),
            ("raw.env", "C='c' # raw\nBOTH=two")
        )
            .Read(request =>
                request with
                {
                    Environment = new Dictionary<string, string> { ["FROM_SESSION"] = "s", ["V"] = "v" },
                }
            )
            .Services.Single();
        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["A"] = "a",
                ["B"] = "b v",
                ["BOTH"] = "two",
                ["C"] = "'c' # raw",
                ["OWN"] = "1",
                ["FLAG"] = "true",
                ["FROM_SESSION"] = "s",
                ["GONE"] = null,
                ["EMPTY"] = "",
                ["WITH_DOLLAR"] = "$x",
            },
            service.Environment
        );
    }

    [Fact]
    public void Ports_are_read_in_both_forms()
    {
        var service = Service(
            "ports:\n  - 3000\n  - '8000-8001:80-81'\n  - {target: 53, published: '53', protocol: udp, mode: host}\n  - {target: 9}\nexpose: [1, '2-3']"
        );
        Assert.Equal(
            [
                new PublishedPort(3000, 0, "tcp", false),
                new PublishedPort(80, 8000, "tcp", false),
                new PublishedPort(81, 8001, "tcp", false),
                new PublishedPort(53, 53, "udp", true),
                new PublishedPort(9, 0, "tcp", false),
            ],
            service.Ports
        );
    }

    [Fact]
    public void Mounts_are_read_in_both_forms()
    {
        var stack = Stack(
            """
            services:
              web:
                image: nginx
                volumes:
                  - /anonymous
                  - data:/data:ro,nocopy
                  - {type: volume, source: data, target: /sub, volume: {subpath: x, nocopy: true, labels: {a: b}}}
                  - {type: bind, source: /host, target: /host, read_only: true, bind: {propagation: rslave, recursive: disabled}}
                  - {type: tmpfs, target: /t, tmpfs: {size: 10000, mode: 0700}}
                  - {type: cluster, source: group:g, target: /c}
                  - ./relative:/r
                tmpfs: ["/run:size=64m,mode=1777"]
            volumes: {data: }
            """
        );
        var mounts = stack.Services.Single().Mounts;
        Assert.Equal(["volume", "volume", "volume", "bind", "tmpfs", "cluster", "bind", "tmpfs"], mounts.Select(mount => mount.Type));
        Assert.Null(mounts[0].Source);
        Assert.True(mounts[1] is { Source: "data", ReadOnly: true, NoCopy: true });
        Assert.True(mounts[2] is { Subpath: "x", NoCopy: true } && mounts[2].VolumeLabels["a"] == "b");
        Assert.True(mounts[3] is { Propagation: "rslave", Recursive: "disabled", ReadOnly: true });
        Assert.True(mounts[4] is { TmpfsSize: 10000, TmpfsMode: 0x1C0 });
        Assert.Equal(Full("relative"), mounts[6].Source);
        Assert.True(mounts[7] is { Target: "/run", TmpfsSize: 64 << 20, TmpfsMode: 0x3FF });
        Assert.Contains(stack.Notes, note => note.Message.Contains(Full("relative"), StringComparison.Ordinal));
    }

    [Fact]
    public void Deploy_is_read_whole()
    {
        var service = Service(
            """
            deploy:
              mode: replicated
              replicas: 6
              endpoint_mode: vip
              labels: [A=B]
              update_config: {parallelism: 3, delay: 10s, failure_action: rollback, monitor: 60s, max_failure_ratio: 0.3, order: start-first}
              rollback_config: {parallelism: 0, failure_action: pause, order: stop-first}
              resources:
                limits: {cpus: '0.5', memory: 50M, pids: 100}
                reservations:
                  cpus: 0.25
                  memory: 20M
                  generic_resources: [{discrete_resource_spec: {kind: gpu, value: 2}}]
              restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 120s}
              placement:
                constraints: [node.labels.region == eu]
                preferences: [{spread: node.labels.az}]
                max_replicas_per_node: 5
            """
        );
        Assert.Equal(6, service.Replicas);
        Assert.Equal(SwarmEndpointMode.Vip, service.EndpointMode);
        Assert.Equal("B", service.Labels["A"]);
        Assert.Equal(
            new UpdatePolicyRequest(
                3,
                TimeSpan.FromSeconds(10),
                SwarmUpdateFailureAction.Rollback,
                TimeSpan.FromSeconds(60),
                0.3,
                SwarmUpdateOrder.StartFirst
            ),
            service.Update
        );
        Assert.Equal(
            new UpdatePolicyRequest(0, null, SwarmUpdateFailureAction.Pause, null, null, SwarmUpdateOrder.StopFirst),
            service.Rollback
        );
        Assert.Equal(
            (500_000_000, 50 << 20, 100),
            (service.Resources.LimitNanoCpu, service.Resources.LimitMemory, service.Resources.LimitPids)
        );
        Assert.Equal((250_000_000, 20 << 20), (service.Resources.ReserveNanoCpu, service.Resources.ReserveMemory));
        Assert.Equal([("gpu", 2L)], service.Resources.Generic);
        Assert.Equal(
            new RestartRequest(SwarmRestartCondition.OnFailure, TimeSpan.FromSeconds(5), 3, TimeSpan.FromSeconds(120)),
            service.Restart
        );
        Assert.Equal(["node.labels.region == eu"], service.Constraints);
        Assert.Equal(["node.labels.az"], service.SpreadOver);
        Assert.Equal(5, service.MaxReplicasPerNode);
    }

    [Fact]
    public void Older_keys_mean_the_same_as_those_under_deploy()
    {
        var service = Service("scale: 2\nmem_limit: 64m\nmem_reservation: 32m\ncpus: 0.5\npids_limit: -1\nrestart: on-failure:3");
        Assert.Equal(2, service.Replicas);
        Assert.Equal((64 << 20, 32 << 20), (service.Resources.LimitMemory, service.Resources.ReserveMemory));
        Assert.Equal(500_000_000, service.Resources.LimitNanoCpu);
        Assert.Equal(0, service.Resources.LimitPids);
        Assert.Equal(new RestartRequest(SwarmRestartCondition.OnFailure, null, 3, null), service.Restart);
    }

    [Theory]
    [InlineData("\"no\"", SwarmRestartCondition.None)]
    [InlineData("always", SwarmRestartCondition.Any)]
    [InlineData("unless-stopped", SwarmRestartCondition.Any)]
    [InlineData("on-failure", SwarmRestartCondition.OnFailure)]
    public void Restart_is_honoured(string text, SwarmRestartCondition condition) =>
        Assert.Equal(condition, Service("restart: " + text).Restart!.Condition);

    [Theory]
    [InlineData("replicated-job", SwarmServiceMode.ReplicatedJob)]
    [InlineData("global-job", SwarmServiceMode.GlobalJob)]
    [InlineData("global", SwarmServiceMode.Global)]
    public void Modes_are_read(string text, SwarmServiceMode mode) => Assert.Equal(mode, Service($"deploy: {{mode: {text}}}").Mode);

    [Fact]
    public void Health_checks_are_read()
    {
        var health = Service(
            "healthcheck: {test: curl -f localhost, interval: 1m, timeout: 5s, retries: 3, start_period: 40s, start_interval: 2s}"
        ).Health!;
        Assert.Equal(["CMD-SHELL", "curl -f localhost"], health.Test);
        Assert.Equal(
            (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(2)),
            (health.Interval!.Value, health.Timeout!.Value, health.StartPeriod!.Value, health.StartInterval!.Value)
        );
        Assert.Equal(3, health.Retries);
        Assert.Equal(["NONE"], Service("healthcheck: {disable: true}").Health!.Test);
        Assert.Equal(["NONE"], Service("healthcheck: {test: [NONE]}").Health!.Test);
        Assert.Equal(["CMD", "a", "b"], Service("healthcheck: {test: [CMD, a, b]}").Health!.Test);
    }

    [Fact]
    public void Capabilities_have_one_form_and_what_is_added_is_not_dropped()
    {
        var service = Service("cap_add: [net_admin, CAP_SYS_TIME]\ncap_drop: [ALL, SYS_TIME]");
        Assert.Equal(["CAP_NET_ADMIN", "CAP_SYS_TIME"], service.CapabilityAdd);
        Assert.Equal(["ALL"], service.CapabilityDrop);
    }

    [Fact]
    public void Limits_hosts_and_logging_are_read()
    {
        var service = Service(
            "ulimits: {nproc: 65535, nofile: {soft: 20000, hard: 40000}, memlock: -1}\nextra_hosts: ['a:10.0.0.1', 'b=::1', 'c:host-gateway']\nlogging: {driver: json-file, options: {max-size: 10m, max-file: 3}}"
        );
        Assert.Equal(
            [new StackUlimit("memlock", -1, -1), new StackUlimit("nofile", 20000, 40000), new StackUlimit("nproc", 65535, 65535)],
            service.Ulimits
        );
        Assert.Equal(["10.0.0.1 a", "::1 b", "host-gateway c"], service.Hosts);
        Assert.Equal("json-file", service.Logging!.Driver);
        Assert.Equal("3", service.Logging.Options["max-file"]);
    }

    [Fact]
    public void Secrets_and_configs_come_from_everywhere()
    {
        var stack = new MemoryFiles(
            (
                "compose.yaml",
                """
                services:
                  web:
                    image: nginx
                    secrets: [a, {source: b, target: /b, uid: "103", gid: "104", mode: 0440}]
                    configs: [c, {source: d, target: /d}]
                    credential_spec: {config: c}
                secrets:
                  a: {file: a.txt, labels: {l: m}}
                  b: {environment: B}
                  x: {external: true, name: other}
                  old: {external: {name: older}}
                  d: {driver: vault, driver_opts: {p: 1}}
                configs:
                  c: {content: "x=${B}", name: named, template_driver: golang}
                  d: {external: true}
                """
            ),
            ("a.txt", "secret of a")
        ).Read(request => request with { Environment = new Dictionary<string, string> { ["B"] = "secret of b" } });
        Assert.Equal(
            [StackFileOrigin.File, StackFileOrigin.Environment, StackFileOrigin.External, StackFileOrigin.External, StackFileOrigin.Driver],
            stack.Secrets.Select(secret => secret.Origin)
        );
        Assert.Equal("secret of a"u8.ToArray(), stack.Secrets[0].Value!.Bytes.ToArray());
        Assert.Equal("secret of b"u8.ToArray(), stack.Secrets[1].Value!.Bytes.ToArray());
        Assert.Equal(["other", "older"], stack.Secrets.Skip(2).Take(2).Select(secret => secret.Name));
        Assert.Equal("x=secret of b"u8.ToArray(), stack.Configs[0].Value!.Bytes.ToArray());
        Assert.Equal("d", stack.Configs[1].Name);
        Assert.DoesNotContain(
            "secret of",
            stack.ToString() + string.Concat(stack.Secrets) + string.Concat(stack.Configs),
            StringComparison.Ordinal
        );
        var service = stack.Services.Single();
        Assert.Equal(new FileReference("a", "a", "0", "0", OctalMode.ReadableByAll), service.Secrets[0]);
        Assert.Equal(new FileReference("b", "/b", "103", "104", 0x120), service.Secrets[1]);
        Assert.Equal("c", service.CredentialSpec!.Config);
    }

    [Fact]
    public void Networks_and_volumes_are_read()
    {
        var stack = Stack(
            """
            services: {web: {image: nginx, networks: {front: {aliases: [www], driver_opts: {a: 1}}, host: }}}
            networks:
              front:
                driver: overlay
                driver_opts: {encrypted: "", com.docker.network.driver.mtu: 1370}
                attachable: true
                internal: true
                enable_ipv6: true
                labels: {a: b}
                ipam: {driver: default, config: [{subnet: 10.20.0.0/24, gateway: 10.20.0.1, ip_range: 10.20.0.128/25}], options: {o: p}}
              host: {external: true, name: host}
              other: {external: {name: elsewhere}}
            volumes:
              data: {driver: local, driver_opts: {type: nfs, o: "addr=10.0.0.1"}, labels: [a=b], name: fixed}
              there: {external: true}
            """
        );
        var front = stack.Networks[0];
        Assert.Equal("1370", front.DriverOptions["com.docker.network.driver.mtu"]);
        Assert.True(front is { IsAttachable: true, IsInternal: true, EnablesIPv6: true, Driver: "overlay", IpamDriver: "default" });
        Assert.Equal(new StackSubnet("10.20.0.0/24", "10.20.0.1", "10.20.0.128/25"), Assert.Single(front.Subnets));
        Assert.Equal([("host", true), ("elsewhere", true)], stack.Networks.Skip(1).Select(network => (network.Name!, network.IsExternal)));
        Assert.Equal(["www"], stack.Services[0].Networks[0].Aliases);
        Assert.Equal("nfs", stack.Volumes[0].DriverOptions["type"]);
        Assert.Equal("there", stack.Volumes[1].Name);
        Assert.DoesNotContain(stack.Networks, network => network.Key == "default");
    }

    [Fact]
    public void Only_chosen_profiles_are_part_of_the_stack()
    {
        const string Text =
            "services: {web: {image: a}, debug: {image: b, profiles: [debug]}, test: {image: c, profiles: [test, ci], depends_on: [web]}}";
        IEnumerable<string> Chosen(IReadOnlyList<string>? profiles, string? variable = null) =>
            new MemoryFiles(("compose.yaml", Text))
                .Read(request =>
                    request with
                    {
                        Profiles = profiles,
                        Environment = variable is null
                            ? new Dictionary<string, string>()
                            : new Dictionary<string, string> { ["COMPOSE_PROFILES"] = variable },
                    }
                )
                .Services.Select(service => service.Key);
        Assert.Equal(["web"], Chosen(null));
        Assert.Equal(["web", "debug"], Chosen(["debug"]));
        Assert.Equal(["web", "debug", "test"], Chosen(["*"]));
        Assert.Equal(["web", "debug", "test"], Chosen(null, "ci, debug"));
        Assert.Equal(["web"], Chosen([], "ci"));
    }

    [Fact]
    public void Dependencies_have_a_condition()
    {
        var stack = Stack(
            """
            services:
              job: {image: a, deploy: {mode: replicated-job}}
              db: {image: a}
              web:
                image: a
                depends_on:
                  job: {condition: service_completed_successfully}
                  db: {condition: service_healthy}
                  absent: {condition: service_started, required: false}
            """
        );
        Assert.Equal(
            [new StackDependency("job", StackCondition.Completed), new StackDependency("db", StackCondition.Converged)],
            stack.Services.Single(service => service.Key == "web").DependsOn
        );
    }

    [Fact]
    public void The_name_of_the_stack_is_a_variable()
    {
        Assert.Equal("shop:1", Stack("name: shop\nservices: {web: {image: \"$COMPOSE_PROJECT_NAME:1\"}}").Services[0].Image);
        var stack = new MemoryFiles(("compose.yaml", "name: shop\nservices: {web: {image: \"$COMPOSE_PROJECT_NAME\"}}")).Read(request =>
            request with
            {
                Name = "other",
            }
        );
        Assert.Equal(("other", "other"), (stack.Name, stack.Services[0].Image));
    }

    [Fact]
    public void A_variable_of_the_session_wins_over_the_env_file()
    {
        var files = new MemoryFiles(
            ("compose.yaml", "services: {web: {image: \"$A-$B-x$C\"}}"),
            (".env", "A=file\nB=file"),
            ("own.env", "A=own\nB=b\nC=own"),
            ("last.env", "C=last")
        );
        Assert.Equal(
            "session-file-x",
            files.Read(request => request with { Environment = new Dictionary<string, string> { ["A"] = "session" } }).Services[0].Image
        );
        Assert.Equal(
            "own-b-xlast",
            files.Read(request => request with { EnvironmentFiles = [Full("own.env"), Full("last.env")] }).Services[0].Image
        );
    }

    [Fact]
    public void Refused_keys_are_notes_if_they_may_be_ignored()
    {
        var files = new MemoryFiles(
            (
                "compose.yaml",
                "services: {web: {image: a, container_name: my-web, privileged: true, ports: ['127.0.0.1:80:80']}}\nnetworks: {default: {driver: bridge}}"
            )
        );
        Assert.Equal(4, files.TryRead().Problems.Count);
        var stack = files.Read(request => request with { AllowIgnored = true });
        Assert.Equal(4, stack.Notes.Count);
        Assert.Null(stack.Networks.Single().Driver);
        Assert.Equal(80, stack.Services[0].Ports.Single().Published);
    }

    [Fact]
    public void What_asks_for_nothing_is_not_refused() =>
        Service("privileged: false\nlinks: []\npid: \nipc: private\ndevices: []\noom_kill_disable: false");

    [Fact]
    public void Anchors_extensions_and_merge_keys_serve_services()
    {
        var stack = Stack(
            """
            x-common: &common
              image: nginx:${TAG:-1}
              environment: &env {A: 1}
            services:
              one: {<<: *common, x-note: [1]}
              two:
                <<: *common
                environment: {<<: *env, B: 2}
            """
        );
        Assert.Equal(["nginx:1", "nginx:1"], stack.Services.Select(service => service.Image));
        Assert.Equal(["B", "A"], stack.Services[1].Environment.Keys);
    }

    [Fact]
    public void The_error_names_every_problem()
    {
        var reader = new SwarmOps.Stacks.Reading.StackReader(
            new MemoryFiles(("compose.yaml", "services: {web: {imag: a, tty: 3}}")),
            new SwarmOps.Stacks.Reading.StackReadRequest([Full("compose.yaml")])
        );
        var exception = Assert.Throws<SwarmOpsException>(reader.Read);
        Assert.Equal(nameof(StackErrors.StackFileInvalid), exception.ErrorId);
        Assert.Equal(3, exception.Message.Split('\n').Length - 1);
        Assert.Contains("Write 'image'.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_is_an_error() =>
        Assert.Equal(
            nameof(StackErrors.StackFileMissing),
            Assert
                .Throws<SwarmOpsException>(() =>
                    new SwarmOps.Stacks.Reading.StackReader(new MemoryFiles(), new SwarmOps.Stacks.Reading.StackReadRequest([])).Read()
                )
                .ErrorId
        );
}
