namespace SwarmOps.Tests.Lab;

/// <summary>Sixty small files, each of which says something that the engine can be asked for: the keys of its one service, and what else the file has. No task runs, so that they take no time.</summary>
internal static class StackComparisonFiles
{
    private const string None = "deploy: {replicas: 0}";

    public static readonly IReadOnlyList<(string Keys, string More)> All =
    [
        ($"{None}", ""),
        ($"{None}\ncommand: sleep 900", ""),
        ($"{None}\ncommand: [sh, -c, 'echo \"a b\"']", ""),
        ($"{None}\nentrypoint: /bin/sh -c\ncommand: 'echo $$HOME'", ""),
        ($"{None}\nentrypoint: [/bin/sh, -c]\ncommand: ['true']", ""),
        ($"{None}\nenvironment: [A=1, B=, 'C=x=y', D]", ""),
        ($"{None}\nenvironment: {{A: 1, B: 'true', C: '', D: null, E: 1.5}}", ""),
        ($"{None}\nenv_file: a.env", ""),
        ($"{None}\nenv_file: [a.env, b.env]\nenvironment: {{A: over}}", ""),
        ($"{None}\nlabels: [a=b, c]", ""),
        ($"{None}\nlabels: {{a: b, c: 1, d: ''}}", ""),
        ("deploy: {replicas: 0, labels: {a: b, 'c.d/e': f}}", ""),
        ("deploy: {replicas: 0, labels: [a=b]}", ""),
        ($"{None}\nports: ['18101:80']", ""),
        ($"{None}\nports: ['80', '81/udp']", ""),
        ($"{None}\nports: ['18102-18104:90-92', '18105:53/udp']", ""),
        ($"{None}\nports: [{{target: 80, published: 18106, protocol: tcp, mode: ingress}}]", ""),
        ($"{None}\nports: [{{target: 80, mode: host}}, {{target: 53, published: 18107, protocol: udp, mode: host}}]", ""),
        ("deploy: {replicas: 0, endpoint_mode: dnsrr}", ""),
        ("deploy: {replicas: 0, endpoint_mode: vip}\nports: ['18108:80']", ""),
        ($"{None}\nvolumes: [/data]", ""),
        ($"{None}\nvolumes: ['data:/data', 'data:/ro:ro']", "volumes: {data: }"),
        (
            $"{None}\nvolumes: ['data:/data:nocopy']",
            "volumes: {data: {driver: local, driver_opts: {type: tmpfs, device: tmpfs, o: size=1m}}}"
        ),
        ($"{None}\nvolumes: ['data:/data']", "volumes: {data: {labels: {a: b}}}"),
        ($"{None}\nvolumes: ['data:/data']", "volumes: {data: {name: fixed-name}}"),
        ($"{None}\nvolumes: ['data:/data']", "volumes: {data: {external: true}}"),
        ($"{None}\nvolumes: ['data:/data']", "volumes: {data: {external: true, name: elsewhere}}"),
        ($"{None}\nvolumes: ['/tmp:/h', '/var/log:/l:ro', '/srv:/s:rslave']", ""),
        ($"{None}\nvolumes: ['./conf:/conf']", ""),
        (
            $"{None}\nvolumes: [{{type: bind, source: /tmp, target: /h, read_only: true, bind: {{propagation: rshared}}}}, {{type: volume, source: data, target: /d, volume: {{nocopy: true}}}}]",
            "volumes: {data: }"
        ),
        ($"{None}\nvolumes: [{{type: tmpfs, target: /t, tmpfs: {{size: 1048576}}}}]", ""),
        ($"{None}\nnetworks: [front, back]", "networks: {front: , back: {internal: true}}"),
        ($"{None}\nnetworks: {{front: {{aliases: [www, web2]}}}}", "networks: {front: {attachable: true}}"),
        ($"{None}\nnetworks: [front]", "networks: {front: {driver: overlay, driver_opts: {a: b}, labels: {c: d}}}"),
        ($"{None}\nnetworks: [front]", "networks: {front: {name: fixed-net}}"),
        ($"{None}\nnetworks: [front]", "networks: {front: {ipam: {config: [{subnet: 10.213.7.0/24}]}}}"),
        ($"{None}\nnetworks: [out]", "networks: {out: {external: true, name: host}}"),
        (None, "networks: {default: {attachable: true}}"),
        ($"{None}\nhealthcheck: {{test: 'exit 0', interval: 1m30s, timeout: 5s, retries: 3, start_period: 2s}}", ""),
        ($"{None}\nhealthcheck: {{test: [CMD, 'true']}}", ""),
        ($"{None}\nhealthcheck: {{test: [CMD-SHELL, 'true'], start_interval: 2s}}", ""),
        ($"{None}\nhealthcheck: {{disable: true}}", ""),
        ($"{None}\nhealthcheck: {{test: [NONE]}}", ""),
        ($"{None}\nuser: '1000:1000'\nworking_dir: /tmp\nhostname: '{{{{.Node.Hostname}}}}-{{{{.Task.Slot}}}}'", ""),
        ($"{None}\ninit: true\nread_only: true\ntty: true\nstdin_open: true", ""),
        ($"{None}\nstop_signal: SIGQUIT\nstop_grace_period: 1m", ""),
        ($"{None}\ncap_add: [NET_ADMIN, sys_time]\ncap_drop: [ALL]", ""),
        ($"{None}\nextra_hosts: ['db:10.0.0.5', 'six:fe80::1']", ""),
        ($"{None}\nextra_hosts: {{db: 10.0.0.5}}\ndns: 1.1.1.1\ndns_search: [a.example, b.example]", ""),
        ($"{None}\nsysctls: [net.core.somaxconn=99]\nulimits: {{nofile: 1024, nproc: {{soft: 10, hard: 20}}}}", ""),
        ($"{None}\nlogging: {{driver: json-file, options: {{max-size: 1m, max-file: '3'}}}}", ""),
        ($"{None}\nisolation: default", ""),
        ("deploy: {replicas: 0, resources: {limits: {cpus: '0.50', memory: 64M, pids: 9}, reservations: {cpus: '0.1', memory: 20m}}}", ""),
        (
            "deploy: {replicas: 0, restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 120s}, update_config: {parallelism: 0, order: start-first, failure_action: rollback, delay: 10s, monitor: 7s, max_failure_ratio: 0.3}}",
            ""
        ),
        (
            "deploy: {replicas: 0, rollback_config: {parallelism: 2, delay: 1s, failure_action: pause, monitor: 3s, max_failure_ratio: 0.1, order: stop-first}}",
            ""
        ),
        (
            "deploy: {replicas: 0, placement: {constraints: ['node.role == manager', 'node.labels.a!=b'], preferences: [{spread: node.labels.region}, {spread: node.labels.zone}], max_replicas_per_node: 3}}",
            ""
        ),
        ("deploy: {mode: global, placement: {constraints: [node.labels.region!=nowhere]}}\ncommand: sleep 900\nstop_grace_period: 1s", ""),
        ("deploy: {mode: replicated-job, replicas: 1}\ncommand: ['true']", ""),
        (
            $"{None}\nconfigs: [conf, {{source: other, target: /etc/other, uid: '103', gid: '103', mode: 0440}}]\nsecrets: [pw, {{source: pw, target: again, mode: 0400}}]",
            "configs: {conf: {file: conf.txt}, other: {file: conf.txt, name: own-name}}\nsecrets: {pw: {file: conf.txt, labels: {a: b}}}"
        ),
        ($"{None}\nconfigs: [{{source: tpl}}]", "configs: {tpl: {file: conf.txt, template_driver: golang}}"),
    ];
}
