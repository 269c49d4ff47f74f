namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>The files.</summary>
public sealed partial class BadFileTests
{
    private const string Image = "services: {web: {image: a}}\n";

    public static TheoryData<string, string, string> Syntax() =>
        new()
        {
            { "", "The file is empty", "services:" },
            { "# nothing\n", "The file is empty", "services:" },
            { "^^- a", "A Compose file is a mapping, not a list", "services:" },
            { "^^text", "A Compose file is a mapping", "services:" },
            { "services:\n  web:\n^^\timage: a", "This is not YAML", "spaces" },
            { "services: {web: {image: ^^@a}}", "This is not YAML", "quotes" },
            { "services:\n  web:\n    image: nginx\n    ports:\n   ^^- 80", "This is not YAML", "ndentation" },
            {
                "services: {web: {image: a}}\n^^services: {db: {image: b}}",
                "'services' is in this mapping already, on line 1",
                "Remove one"
            },
            { Web("^^image: b"), "'image' is in this mapping already, on line 3", "Remove one" },
            { "services: {web: {image: a}}\n^^---\nservices: {}", "A second document", "files of their own" },
            { "services: {web: {image: ^^*none}}", "No anchor '&none'", "&none" },
            { "services: &s {web: {image: a, x-y: [^^*s]}}", "would contain itself", "value itself" },
            { "services: {web: {image: ^^!secret a}}", "The tag '!secret'", "!override" },
            { "services: {web: {image: ^^!!int a}}", "The tag 'tag:yaml.org,2002:int'", "Remove it" },
            { "services: {web: {image: a, ^^<<: 3}}", "The merge key '<<' takes a mapping", "<<: *name" },
            { "services: {web: {image: a, ^^[a]: b}}", "A key must be a text", "Write the key" },
            { "services: {web: {image: a, labels: {^^80: x}}}", "The key the number 80 is not a string", "'80'" },
            { "services: {web: {image: a, labels: {^^true: x}}}", "The key the boolean true", "'true'" },
            {
                Image
                    + "x-a: &a0 [x,x,x,x,x,x,x,x,x,x]\nx-b: &a1 [*a0,*a0,*a0,*a0,*a0,*a0,*a0,*a0,*a0,*a0]\nx-c: &a2 [*a1,*a1,*a1,*a1,*a1,*a1,*a1,*a1,*a1,*a1]\nx-d: &a3 [*a2,*a2,*a2,*a2,*a2,*a2,*a2,*a2,*a2,*a2]\nx-e: &a4 [*a3,*a3,*a3,*a3,*a3,*a3,*a3,*a3,*a3,*a3]\nx-f: [^^*a4,*a4]",
                "more than 200000 values",
                "fewer aliases"
            },
            {
                Image + "x-a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[^^[[[[[",
                "deeper than 64 levels",
                "fewer levels"
            },
        };

    public static TheoryData<string, string, string> Shape() =>
        new()
        {
            { Image + "^^servces: {}", "The file has no key 'servces'", "'services'" },
            { "^^web: {image: a}\n" + Image, "The file has no key 'web'", "x-" },
            { "^^replicas: 3\n" + Image, "The file has no key 'replicas'", "x-" },
            { Web("^^contaner_name: x"), "services.web has no key 'contaner_name'", "'container_name'" },
            { Web("^^replicas: 3"), "services.web has no key 'replicas'", "under 'deploy'" },
            { Web("^^constraints: [a]"), "services.web has no key 'constraints'", "under 'deploy.placement'" },
            { Web("^^volume_driver: x"), "services.web has no key 'volume_driver'", "under the volume" },
            { Web("deploy: {^^image: x}"), "services.web.deploy has no key 'image'", "under the service" },
            { Web("deploy: {resources: {^^memory: 5M}}"), "services.web.deploy.resources has no key 'memory'", "under 'limits'" },
            { Web("healthcheck: {^^command: a}"), "services.web.healthcheck has no key 'command'", "under the service" },
            { Web("ports: [{target: 80, ^^publish: 80}]"), "services.web.ports[0] has no key 'publish'", "'published'" },
            { "services: {web: ^^nginx}", "services.web takes a mapping, not the string 'nginx'", "mapping" },
            { "services: {web: ^^}", "services.web takes a mapping, not empty", "remove the key" },
            { "services: ^^[web]", "services takes a mapping, not a list", "without '- '" },
            { "services: {web: {image: ^^[nginx]}}", "services.web.image takes a string, not a list", "Write a string" },
            { "services: {web: {image: ^^}}", "services.web.image takes a string, not empty", "Write a value" },
            { Web("hostname: ^^80"), "services.web.hostname takes a string, not the number 80", "\"80\"" },
            { Web("stop_grace_period: ^^10"), "services.web.stop_grace_period takes a string, not the number 10", "\"10s\"" },
            {
                Web("deploy: {resources: {limits: {memory: ^^50000000}}}"),
                "memory takes a string, not the number 50000000",
                "\"50000000b\""
            },
            { Web("ports: ^^80"), "services.web.ports takes a list", "'- 80'" },
            { Web("volumes: ^^{}"), "services.web.volumes takes a list, not a mapping", "begins with '- '" },
            { Web("command: [a, ^^3]"), "services.web.command[1] takes a string, not the number 3", "\"3\"" },
            { Web("command: ^^{}"), "services.web.command takes a string, a list or nothing, not a mapping", "list" },
            { Web("labels: [a=b, ^^a=b]"), "services.web.labels has the string 'a=b' twice", "Remove one" },
            { Web("ports: ['80', ^^'80']"), "services.web.ports has the string '80' twice", "Remove one" },
            { Web("environment: {A: ^^[b]}"), "services.web.environment.A takes", "Write" },
            { Web("environment: [^^{A: b}]"), "services.web.environment[0] takes a string, not a mapping", "Write a string" },
            {
                Web("secrets: [{source: s, uid: ^^103}]") + "secrets: {s: {environment: A}}\n=== .env\nA=1",
                "uid takes a string, not the number 103",
                "\"103\""
            },
            { Web("read_only: ^^3"), "services.web.read_only takes a string or true or false", "\"3\"" },
            { "version: ^^3\n" + Image, "version takes a string, not the number 3", "\"3\"" },
            { Web("depends_on: {db: ^^{}}\n") + "  db: {image: a}", "services.web.depends_on.db has no 'condition'", "Add 'condition" },
            { Web("volumes: [^^{target: /a}]"), "services.web.volumes[0] has no 'type'", "Add 'type" },
            { Web("ulimits: {nofile: ^^{soft: 3}}"), "services.web.ulimits.nofile has no 'hard'", "Add 'hard" },
            { Image + "networks: {^^a b: {}}", "'a b' cannot be a name", "Rename" },
            { "services: {^^a.b: {image: a}}", "'a.b' cannot be the name of a service", "Rename" },
            { Web("deploy: ^^[]"), "services.web.deploy takes a mapping or nothing, not a list", "without '- '" },
        };

    public static TheoryData<string, string, string> Values() =>
        new()
        {
            { "services: {web: {image: ^^Nginx}}", "'Nginx' is not a valid image", "lower case" },
            { "services: {web: {image: ^^\"nginx:a b\"}}", "is not a valid image", "registry" },
            { Web("stop_grace_period: ^^\"10\""), "'10' is not a duration", "10s" },
            { Web("healthcheck: {test: a, interval: ^^1d}"), "'1d' is not a duration", "1m30s" },
            { Web("deploy: {resources: {limits: {memory: ^^5X}}}"), "'5X' is not a size", "512m" },
            { Web("deploy: {resources: {limits: {cpus: ^^half}}}"), "'half' is not a number of processors", "0.5" },
            { Web("deploy: {replicas: ^^-1}"), "'-1' is not a count", "not negative" },
            { Web("deploy: {replicas: ^^\"${N:-many}\"}"), "'many' is not a count", "not negative" },
            { Web("deploy: {mode: ^^globl}"), "services.web.deploy.mode does not take 'globl'", "replicated, global" },
            { Web("deploy: {endpoint_mode: ^^dns}"), "endpoint_mode does not take 'dns'", "vip or dnsrr" },
            { Web("deploy: {update_config: {order: ^^first}}"), "order does not take 'first'", "stop-first or start-first" },
            {
                Web("deploy: {rollback_config: {failure_action: ^^rollback}}"),
                "failure_action does not take 'rollback'",
                "continue or pause"
            },
            { Web("deploy: {update_config: {max_failure_ratio: ^^1.5}}"), "'1.5' is not a ratio", "0 to 1" },
            { Web("deploy: {restart_policy: {condition: ^^always}}"), "condition does not take 'always'", "any" },
            { Web("deploy: {placement: {constraints: [^^node=foo]}}"), "'node=foo' is not a valid placement constraint", "key==value" },
            { Web("deploy: {placement: {constraints: [^^node.label.a==b]}}"), "does not know the key 'node.label.a'", "node.labels" },
            { Web("deploy: {placement: {preferences: [{spread: ^^region}]}}"), "'region' is not a label", "node.labels.region" },
            { Web("restart: ^^sometimes"), "'sometimes' is not a restart policy", "on-failure" },
            { Web("restart: ^^no-failure"), "'no-failure' is not a restart policy", "on-failure" },
            { Web("ports: [^^\"80:70000\"]"), "a port that is not from 1 to 65535", "1 to 65535" },
            { Web("ports: [^^70000]"), "a port that is not from 1 to 65535", "1 to 65535" },
            { Web("ports: [^^\"8080:80/icmp\"]"), "'icmp' is not a protocol", "tcp, udp or sctp" },
            { Web("ports: [^^\"8000-8002:80-81\"]"), "have 3 and 2 ports", "same length" },
            { Web("ports: [^^\"web:80\"]"), "'web:80' is not a port", "8080:80" },
            { Web("ports: [{target: 80, published: ^^\"8000-8010\"}]"), "a range of published ports", "one port" },
            { Web("ports: [{target: 80, mode: ^^hst}]"), "mode does not take 'hst'", "ingress or host" },
            { Web("expose: [^^\"80:80\"]"), "'80:80' is not a port of the container", "under ports" },
            { Web("volumes: [^^data]"), "'data' in the container is not absolute", "Begin it with /" },
            { Web("volumes: [^^\"/a:/b:rx\"]"), "'rx' is not an option", "ro" },
            { Web("volumes: [{type: ^^nfs, target: /a}]"), "type does not take 'nfs'", "bind, volume" },
            { Web("volumes: [{type: volume, target: ^^a}]"), "is not absolute", "Begin it with /" },
            { Web("tmpfs: ^^\"/run:exec\""), "'exec' is not an option of a tmpfs", "size=64m" },
            { Web("dns: ^^dns.example"), "'dns.example' is not an IP address", "10.0.0.5" },
            { Web("extra_hosts: [^^db]"), "'db' is not an entry of /etc/hosts", "name:address" },
            { Web("extra_hosts: {db: ^^nowhere}"), "'nowhere' is not an IP address", "10.0.0.5" },
            { Web("cap_add: [^^net-admin]"), "'net-admin' is not a valid capability", "NET_ADMIN" },
            { Web("ulimits: {nofile: ^^many}"), "'many' is not a limit", "-1" },
            { Web("ulimits: {^^NoFile: 3}"), "'NoFile' is not the name of a limit", "nofile" },
            { Web("command: ^^echo 'a"), "A quote (') is not closed", "list" },
            { Web("environment: {UMASK: ^^022}"), "022 is a number", "'022'" },
            { Web("labels: {version: ^^1.10}"), "1.10 is a number", "'1.10'" },
            { Web("environment: {A: ^^$B!$}"), "is not a variable", "$$" },
            {
                Web("environment: {A: ^^\"${MISSING:?tell me}\"}"),
                "The variable MISSING is not set, and the file requires it: tell me",
                "MISSING"
            },
            { Web("isolation: ^^docker"), "isolation does not take 'docker'", "hyperv" },
            { Web("oom_score_adj: ^^2000"), "is not from -1000 to 1000", "-1000 to 1000" },
            { Image + "name: ^^Shop", "'Shop' cannot be the name of a stack", "lower-case" },
            { Image + "networks: {n: {ipam: {config: [{subnet: ^^10.0.0.1/24}]}}}", "'10.0.0.1/24' is not a subnet", "first address" },
            { Web("env_file: [{path: a, format: ^^json}]") + "=== a\nA=1", "format does not take 'json'", "'raw'" },
            { Web("gpus: ^^some"), "gpus does not take 'some'", "all" },
            { Web("read_only: ^^\"maybe\""), "'maybe' is neither true nor false", "true or false" },
        };

    public static TheoryData<string, string, string> Meaning() =>
        new()
        {
            { "^^services: {}", "The file has no services", "at least one service" },
            { "^^networks: {n: {}}", "The file has no services", "at least one service" },
            { "services: {^^web: {tty: true}}", "services.web has no image", "image" },
            { Web("networks: [^^front]"), "uses 'front', which is not under networks", "networks: {front: ...}" },
            { Web("networks: {^^front: {}}"), "uses 'front', which is not under networks", "at the top level" },
            { Web("volumes: [^^\"data:/data\"]"), "uses 'data', which is not under volumes", "volumes: {data: ...}" },
            { Web("secrets: [^^s]"), "uses 's', which is not under secrets", "secrets: {s: ...}" },
            { Web("configs: [^^{source: c, target: /c}]"), "uses 'c', which is not under configs", "configs: {c: ...}" },
            { Web("^^credential_spec: {config: c}"), "uses 'c', which is not under configs", "configs" },
            { Web("^^credential_spec: {file: a, registry: b}"), "exactly one of config, file and registry", "Keep one" },
            { Web("depends_on: [^^db]"), "depends on 'db', which does not exist", "Correct" },
            { Web("depends_on: [^^db]") + "  db: {image: a, profiles: [x]}", "has a profile that is not chosen", "profile" },
            { "^^services: {web: {image: a, profiles: [dev]}}", "All services have profiles", "dev" },
            {
                Web("depends_on: {^^db: {condition: service_completed_successfully}}") + "  db: {image: a}",
                "waits until 'db' has completed",
                "replicated-job"
            },
            {
                "services:\n  a: {image: a, depends_on: [b]}\n  b: {image: a, depends_on: [c]}\n  c: {image: a, depends_on: [^^a]}",
                "a -> b -> c -> a",
                "Remove one"
            },
            { "services: {a: {image: a, depends_on: [^^a]}}", "a -> a", "Remove one" },
            { Web("ports: ['80:80', ^^'80:81']"), "publishes 80/tcp twice", "another port" },
            { Web("ports: ['80:80']") + "  db: {image: a, ports: [^^'80:81']}", "both publish 80/tcp", "another port" },
            { Web("ports: [^^'80:80']\ndeploy: {endpoint_mode: dnsrr}"), "needs a virtual IP address", "mode: host" },
            { Web("volumes: [/a, ^^/a/]"), "mounts '/a' twice", "another path" },
            { Web("volumes: [/run]\ntmpfs: ^^/run"), "mounts '/run' twice", "another path" },
            { Web("volumes: [^^{type: bind, target: /a}]"), "without a source", "source" },
            { Web("volumes: [^^{type: volume}]"), "without a target", "target" },
            { Web("volumes: [{type: volume, ^^source: /host, target: /a}]"), "is a path", "type: bind" },
            { Web("volumes: [{type: tmpfs, target: /a, ^^source: x}]"), "a tmpfs with a source", "Remove the source" },
            { Web("volumes: [{type: tmpfs, target: /a, ^^bind: {propagation: shared}}]"), "options of 'bind'", "type: bind" },
            { Web("volumes: [^^{type: cluster, source: c, target: /c}]"), "uses 'c', which is not under volumes", "volumes: {c: ...}" },
            { Web("volumes: [^^'/a:/a:nocopy']"), "has the option nocopy on a bind", "Remove it" },
            { Web("volumes: [^^'vol:/a:rslave']") + "volumes: {vol: }", "has the option rslave on a volume", "Remove it" },
            { Web("ports: [^^{published: 80}]"), "without a target", "target" },
            { Web("secrets: [^^{target: a}]"), "without a source", "source" },
            {
                Web("secrets: [a, ^^{source: b, target: a}]") + "secrets: {a: {external: true}, b: {external: true}}",
                "two files 'a'",
                "another target"
            },
            { Web("deploy: {mode: global, ^^replicas: 3}"), "runs on every node", "mode: replicated" },
            { Web("^^scale: 3\ndeploy: {mode: global}"), "runs on every node", "mode: replicated" },
            { Web("^^scale: 3\ndeploy: {replicas: 2}"), "services.web.scale differs", "Remove 'scale'" },
            { Web("^^mem_limit: 64m\ndeploy: {resources: {limits: {memory: 32m}}}"), "mem_limit differs", "Remove 'mem_limit'" },
            {
                Web("deploy: {resources: {limits: {memory: 32m}, reservations: {^^memory: 64m}}}"),
                "reserves more memory than its limit",
                "Raise the limit"
            },
            { Web("deploy: {resources: {limits: {^^memory: 1m}}}"), "less than 6 MiB", "larger limit" },
            { Web("deploy: {mode: replicated-job, ^^update_config: {parallelism: 1}}"), "the service is a job", "Remove update_config" },
            { Web("^^restart: always\ndeploy: {mode: global-job}"), "is a job, which cannot be restarted", "on-failure" },
            { Web("healthcheck: {test: a, ^^disable: true}"), "has a test and disables", "Remove" },
            { Web("healthcheck: {test: ^^[curl, localhost]}"), "begins with 'curl'", "CMD-SHELL" },
            { Web("ulimits: {^^nofile: {soft: 5, hard: 3}}"), "a soft limit above the hard one", "Raise" },
            { Image + "secrets: {^^s: {}}", "secrets.s has no value", "'file: ...'" },
            { Image + "configs: {^^c: {content: a, file: b}}", "configs.c has more than one value: file, content", "Keep one" },
            { Image + "secrets: {s: {file: ^^missing.txt}}", "There is no file", "Correct the path" },
            { Image + "secrets: {s: {environment: ^^NOT_SET}}", "The variable NOT_SET is not set", ".env" },
            { Image + "configs: {c: {content: ^^\"\"}}", "The value is empty", "Write a value" },
            { Image + "networks: {n: {external: true, ^^driver: overlay}}", "networks.n is external", "Remove 'driver'" },
            { Image + "volumes: {^^v: {name: a, external: {name: b}}}", "has two names", "one 'name'" },
            {
                Image + "secrets: {s: {environment: A, ^^driver_opts: {a: b}}}\n=== .env\nA=1",
                "options of a driver, and no driver",
                "Add 'driver'"
            },
        };

    public static TheoryData<string, string, string> Refused() =>
        new()
        {
            { Web("^^build: ."), "services.web.build cannot be honoured", "push the image" },
            { Web("^^container_name: my-web"), "services.web.container_name cannot be honoured", "alias" },
            { Web("^^privileged: true"), "services.web.privileged cannot be honoured", "cap_add" },
            { Web("^^devices: ['/dev/a:/dev/a']"), "services.web.devices cannot be honoured", "generic_resources" },
            { Web("^^network_mode: host"), "services.web.network_mode cannot be honoured", "name: host" },
            { Web("^^links: [db]"), "services.web.links cannot be honoured", "aliases" },
            { Web("^^shm_size: 64m"), "services.web.shm_size cannot be honoured", "/dev/shm" },
            { Web("ports: [^^'127.0.0.1:80:80']"), "The address 127.0.0.1", "firewall" },
            { Web("ports: [{target: 80, ^^host_ip: 127.0.0.1}]"), "host_ip cannot be honoured", "firewall" },
            { Web("networks: {default: {^^ipv4_address: 10.0.0.5}}"), "ipv4_address cannot be honoured", "service's name" },
            { Web("volumes: [^^'/a:/a:z']"), "The option z", "chcon" },
            { Web("volumes: [^^{type: image, source: a, target: /a}]"), "mount images", "config" },
            {
                Web("volumes: [{type: bind, source: /a, target: /a, bind: {^^create_host_path: true}}]"),
                "create_host_path cannot be honoured",
                "Create the path"
            },
            {
                Web("depends_on: {db: {condition: service_started, ^^restart: true}}") + "  db: {image: a}",
                "restart cannot be honoured",
                "connect again"
            },
            { Image + "networks: {n: {^^driver: bridge}}", "exists on one node only", "overlay" },
            { Image + "networks: {n: {^^driver: host}}", "exists on one node only", "name: host" },
            { Web("^^security_opt: [no-new-privileges]"), "security_opt cannot be honoured", "daemon.json" },
            { Web("pull_policy: ^^build"), "pull_policy does not take 'build'", "always" },
        };

    public static TheoryData<string, string, string> Files() =>
        new()
        {
            { "include: [^^none.yaml]", "There is no file", "Correct the path" },
            { "include: [a.yaml]\nservices: {web: {image: a}}\n=== a.yaml\ninclude: [^^compose.yaml]", "includes itself", "Remove one" },
            { "include: [^^compose.yaml]\nservices: {web: {image: a}}", "includes itself", "Remove one" },
            { "include: [^^{project_directory: x}]\nservices: {web: {image: a}}", "has no path", "path: other" },
            {
                "include: [a.yaml]\nservices: {^^web: {image: a}}\n=== a.yaml\nservices: {web: {image: b}}",
                "defined here and in the included",
                "Rename"
            },
            { "include: [a.yaml]\n=== a.yaml\nservices: {web: {image: a, ^^tyt: 3}}", "services.web has no key 'tyt'", "'tty'" },
            {
                "include: [^^{path: a.yaml, env_file: none.env}]\n=== a.yaml\nservices: {web: {image: a}}",
                "There is no file",
                "Correct the path"
            },
            { "services: {a: {image: a, extends: b}, b: {image: a, extends: ^^a}}", "a -> b -> a", "Remove one" },
            { "services: {a: {image: a, extends: ^^a}}", "a -> a", "Remove one" },
            { "services: {a: {image: a, extends: ^^c}}", "extends the service 'c', which this file does not have", "Write one of: a" },
            { "services: {a: {image: a, extends: ^^{service: b, file: none.yaml}}}", "There is no file", "Correct the path" },
            {
                "services: {a: {image: a, extends: ^^{service: b, file: o.yaml}}}\n=== o.yaml\nservices: {c: {image: a}}",
                "does not have",
                "Write one of: c"
            },
            { "services: {a: {image: a, extends: ^^{file: o.yaml}}}", "This extends names no service", "service: name" },
            {
                "services: {a: {extends: {service: b, file: o.yaml}}}\n=== o.yaml\nservices: {b: {image: a, ^^prots: []}}",
                "services.b has no key 'prots'",
                "'ports'"
            },
            { Web("env_file: ^^none.env"), "There is no file", "Correct the path" },
            { Web("env_file: a.env") + "=== a.env\nA=1\n^^B='x", "is not closed", "end of the value" },
            { Web("env_file: [{path: a.env, format: raw}]") + "=== a.env\n^^A B=1", "is not the name of a variable", "NAME=value" },
            { Web("label_file: ^^none"), "There is no file", "Correct the path" },
            { Image + "=== .env\n^^A=${B", "is not a variable", "$$" },
        };
}
