using static SwarmOps.Stacks.Rules.RuleRows;
using static SwarmOps.Stacks.Rules.ValueTypes;

namespace SwarmOps.Stacks.Rules;

/// <summary>What a swarm cannot do for a service, and what concerns other programs only.</summary>
internal static partial class RuleTable
{
    private const string Hardware = "A swarm's tasks have no access to devices of the host.";
    private const string UseResources = "Use deploy.resources.limits.";
    private const string UseConstraint = "Use deploy.placement.constraints to choose the nodes.";

    private static IEnumerable<KeyRule> ServiceRefused =>
        [
            .. Build,
            .. Develop,
            Honoured("services.*.mem_limit", Number | ValueTypes.String, "The same as deploy.resources.limits.memory.", Forms.Bytes),
            Honoured(
                "services.*.mem_reservation",
                Integer | ValueTypes.String,
                "The same as deploy.resources.reservations.memory.",
                Forms.Bytes
            ),
            Honoured("services.*.cpus", Number | ValueTypes.String, "The same as deploy.resources.limits.cpus.", Forms.Cpus),
            Honoured(
                "services.*.pids_limit",
                Number | ValueTypes.String,
                "The same as deploy.resources.limits.pids; -1 and 0 are no limit.",
                Forms.Limit
            ),
            Honoured(
                "services.*.pull_policy",
                ValueTypes.String,
                "always, missing and if_not_present: the tag is resolved to a digest when the stack is published, and each node pulls that image if it does not have it."
            ) with
            {
                Values = ["always", "missing", "if_not_present"],
            },
            Accepted(
                "services.*.attach",
                ValueTypes.Boolean | ValueTypes.String,
                "Concerns the output of 'docker compose up' only.",
                Forms.Flag
            ),
            .. Named(Refused("services.*.annotations", None, "A swarm's tasks have no annotations.", "Use labels.")),
            Refused("services.*.blkio_config", Map, "A swarm's tasks have no limits of block I/O.", "Remove it.") with
            {
                TakesExtensions = false,
            },
            .. Keys("device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops")
                .SelectMany(key => DeviceLimits(key, "rate")),
            .. DeviceLimits("weight_device", "weight"),
            Part("services.*.blkio_config.weight", Integer | ValueTypes.String),
            Refused(
                "services.*.cgroup",
                ValueTypes.String,
                "A swarm's tasks have a private cgroup namespace.",
                "Remove it.",
                "private"
            ) with
            {
                Values = ["host", "private"],
            },
            Refused("services.*.cgroup_parent", ValueTypes.String, "A swarm places tasks in the engine's cgroup.", UseResources),
            Refused(
                "services.*.container_name",
                ValueTypes.String,
                "A swarm names containers itself: a service may have many.",
                "Remove it; other services reach this one by its name, or by an alias under networks."
            ) with
            {
                Form = Forms.ContainerName,
            },
            Refused(
                "services.*.cpu_count",
                Integer | ValueTypes.String,
                "Not known to swarm.",
                "Use deploy.resources.limits.cpus.",
                "0"
            ) with
            {
                Form = Forms.Count,
            },
            Refused(
                "services.*.cpu_percent",
                Integer | ValueTypes.String,
                "Not known to swarm.",
                "Use deploy.resources.limits.cpus.",
                "0"
            ) with
            {
                Form = Forms.Percent,
            },
            .. Keys("cpu_shares", "cpu_quota", "cpu_period", "cpu_rt_period", "cpu_rt_runtime")
                .Select(key =>
                    Refused(
                        "services.*." + key,
                        Number | ValueTypes.String,
                        "Not known to swarm.",
                        "Use deploy.resources.limits.cpus and reservations.cpus.",
                        "0"
                    )
                ),
            Refused(
                "services.*.cpuset",
                ValueTypes.String,
                "A swarm's tasks are not bound to processors.",
                "Use deploy.resources.limits.cpus."
            ),
            .. Texts(Refused("services.*.device_cgroup_rules", None, Hardware, UseConstraint)),
            Refused(
                "services.*.devices",
                List,
                Hardware,
                "Use deploy.resources.reservations.generic_resources, or mount the device's path with a bind mount if that is enough."
            ),
            Part("services.*.devices[]", ValueTypes.String | Map) with
            {
                Required = ["source"],
            },
            Part("services.*.devices[].source", ValueTypes.String),
            Part("services.*.devices[].target", ValueTypes.String),
            Part("services.*.devices[].permissions", ValueTypes.String),
            Refused(
                "services.*.domainname",
                ValueTypes.String,
                "A swarm's tasks have no domain name of their own.",
                "Write it into hostname, or use dns_search."
            ),
            .. Texts(
                Refused(
                    "services.*.external_links",
                    None,
                    "Containers outside of the stack cannot be linked.",
                    "Attach both to an external network."
                )
            ),
            Refused(
                "services.*.gpus",
                ValueTypes.String | List,
                "A swarm knows GPUs as generic resources only.",
                "Use deploy.resources.reservations.generic_resources."
            ) with
            {
                Values = ["all"],
            },
            Part("services.*.gpus[]", Map),
            .. GpuKeys("services.*.gpus[]"),
            Refused("services.*.ipc", ValueTypes.String, "A swarm's tasks have a private IPC namespace.", "Remove it.", "private"),
            .. Texts(
                Refused(
                    "services.*.links",
                    None,
                    "Links do not exist on overlay networks.",
                    "Use the service's name, or aliases under networks."
                )
            ),
            Refused("services.*.mac_address", ValueTypes.String, "A swarm assigns MAC addresses.", "Remove it."),
            Refused("services.*.mem_swappiness", Integer | ValueTypes.String, "Not known to swarm.", UseResources),
            Refused("services.*.memswap_limit", Number | ValueTypes.String, "Not known to swarm.", UseResources),
            Refused(
                "services.*.models",
                List | Map,
                "Language models are run by Docker Desktop, not by a swarm.",
                "Run the model as a service with an image."
            ) with
            {
                IsUnique = true,
                TakesExtensions = false,
                Names = Forms.ObjectName,
            },
            Part("services.*.models[]", ValueTypes.String),
            Part("services.*.models.*", Map),
            Part("services.*.models.*.endpoint_var", ValueTypes.String),
            Part("services.*.models.*.model_var", ValueTypes.String),
            Refused(
                "services.*.network_mode",
                ValueTypes.String,
                "A service is attached to networks.",
                "For the host's network define 'networks: {hostnet: {external: true, name: host}}' and attach the service to hostnet; else use networks."
            ),
            Refused(
                "services.*.oom_kill_disable",
                ValueTypes.Boolean | ValueTypes.String,
                "Not known to swarm.",
                "Use oom_score_adj.",
                "false"
            ),
            Refused("services.*.pid", ValueTypes.String | Null, "A swarm's tasks have a private PID namespace.", "Remove it.", ""),
            Refused(
                "services.*.platform",
                ValueTypes.String,
                "A swarm chooses the image's variant by the node.",
                "Use deploy.placement.constraints, such as node.platform.arch==aarch64."
            ),
            .. Hooks("post_start"),
            .. Hooks("pre_stop"),
            Refused(
                "services.*.privileged",
                ValueTypes.Boolean | ValueTypes.String,
                "A swarm has no privileged tasks.",
                "Use cap_add for the capabilities that are needed.",
                "false"
            ),
            Refused("services.*.provider", Map, "A provider is a program on the machine of 'docker compose'.", "Remove it.") with
            {
                Required = ["type"],
            },
            Part("services.*.provider.type", ValueTypes.String),
            Part("services.*.provider.options", Map) with
            {
                TakesExtensions = false,
                Names = Forms.NotEmpty,
            },
            Part("services.*.provider.options.*", ValueTypes.String | Number | ValueTypes.Boolean | List),
            Part("services.*.provider.options.*[]", ValueTypes.String | Number | ValueTypes.Boolean),
            Refused(
                "services.*.pull_refresh_after",
                ValueTypes.String,
                "A swarm pulls an image when the service is updated.",
                "Remove it, and publish the stack again for a new image."
            ),
            Refused(
                "services.*.runtime",
                ValueTypes.String,
                "A swarm uses the engine's default runtime.",
                "Set default-runtime in the daemon.json of some nodes, and choose them with deploy.placement.constraints."
            ),
            .. Texts(
                Refused(
                    "services.*.security_opt",
                    None,
                    "A stack cannot set security options.",
                    "Set the engine's defaults in the daemon.json of the nodes."
                )
            ),
            Refused(
                "services.*.shm_size",
                Number | ValueTypes.String,
                "A swarm's tasks have 64 MiB in /dev/shm.",
                "Mount a tmpfs: 'volumes: [{type: tmpfs, target: /dev/shm, tmpfs: {size: 256m}}]'."
            ),
            Refused("services.*.storage_opt", Map, "Not known to swarm.", "Remove it.") with
            {
                TakesExtensions = false,
            },
            Part("services.*.storage_opt.*", Any),
            Refused(
                "services.*.use_api_socket",
                ValueTypes.Boolean,
                "A swarm does not pass the engine's socket on.",
                "Mount /var/run/docker.sock on managers.",
                "false"
            ),
            Refused("services.*.userns_mode", ValueTypes.String, "A swarm uses the engine's user namespace.", "Remove it.", ""),
            Refused("services.*.uts", ValueTypes.String, "A swarm's tasks have a private UTS namespace.", "Use hostname.", ""),
            .. Texts(
                Refused(
                    "services.*.volumes_from",
                    None,
                    "Tasks of a swarm do not share the mounts of a container.",
                    "Mount the same volume in both services."
                )
            ),
        ];

    private static IEnumerable<KeyRule> DeviceLimits(string key, string value) =>
        [
            Part("services.*.blkio_config." + key, List),
            Part($"services.*.blkio_config.{key}[]", Map) with
            {
                TakesExtensions = false,
            },
            Part($"services.*.blkio_config.{key}[].path", ValueTypes.String),
            Part($"services.*.blkio_config.{key}[].{value}", Integer | ValueTypes.String),
        ];

    private static IEnumerable<KeyRule> GpuKeys(string path) =>
        [
            .. Texts(Part(path + ".capabilities", None)),
            Part(path + ".count", Integer | ValueTypes.String),
            .. Texts(Part(path + ".device_ids", None)),
            Part(path + ".driver", ValueTypes.String),
            .. Named(Part(path + ".options", None)),
        ];

    private static IEnumerable<KeyRule> Hook(string path) =>
        [
            Part(path, Map) with
            {
                Required = ["command"],
            },
            .. Command(Part(path + ".command", None)),
            Part(path + ".user", ValueTypes.String),
            Part(path + ".privileged", ValueTypes.Boolean | ValueTypes.String),
            Part(path + ".working_dir", ValueTypes.String),
            .. Named(Part(path + ".environment", None)),
        ];

    private static IEnumerable<KeyRule> Hooks(string key) =>
        [
            Refused("services.*." + key, List, "A swarm runs no hooks.", "Let the entry point of the image do it."),
            .. Hook($"services.*.{key}[]"),
        ];

    private static IEnumerable<KeyRule> Develop =>
        [
            Accepted("services.*.develop", Map | Null, "Concerns 'docker compose watch' only."),
            Part("services.*.develop.watch", List),
            Part("services.*.develop.watch[]", Map) with
            {
                Required = ["path", "action"],
            },
            Part("services.*.develop.watch[].path", ValueTypes.String),
            Part("services.*.develop.watch[].action", ValueTypes.String) with
            {
                Values = ["rebuild", "sync", "restart", "sync+restart", "sync+exec"],
            },
            Part("services.*.develop.watch[].target", ValueTypes.String),
            Part("services.*.develop.watch[].initial_sync", ValueTypes.Boolean),
            .. TextOrList(Part("services.*.develop.watch[].ignore", None)),
            .. TextOrList(Part("services.*.develop.watch[].include", None)),
            .. Hook("services.*.develop.watch[].exec"),
        ];

    private static IEnumerable<KeyRule> Build =>
        [
            Refused(
                "services.*.build",
                ValueTypes.String | Map,
                "A swarm does not build images: every node pulls them from a registry.",
                "Build and push the image ('docker compose build' and 'docker compose push'), write 'image', and remove 'build' here or with 'build: !reset null' in a further file."
            ),
            .. Keys("context", "dockerfile", "dockerfile_inline", "network", "target", "isolation")
                .Select(key => Part("services.*.build." + key, ValueTypes.String)),
            .. Keys("no_cache", "pull", "privileged", "provenance", "sbom")
                .Select(key => Part("services.*.build." + key, ValueTypes.Boolean | ValueTypes.String)),
            .. Keys("entitlements", "cache_from", "cache_to", "tags", "platforms")
                .SelectMany(key => new[] { Part("services.*.build." + key, List), Part($"services.*.build.{key}[]", ValueTypes.String) }),
            .. Keys("args", "ssh", "labels", "additional_contexts").SelectMany(key => Named(Part("services.*.build." + key, None))),
            Part("services.*.build.shm_size", Integer | ValueTypes.String),
            .. Hosts(Part("services.*.build.extra_hosts", None)),
            .. Files(Part("services.*.build.secrets", None)),
            .. Ulimits(Part("services.*.build.ulimits", None)),
        ];
}
