using static SwarmOps.Stacks.Rules.RuleRows;
using static SwarmOps.Stacks.Rules.ValueTypes;

namespace SwarmOps.Stacks.Rules;

/// <summary>What a container is started with.</summary>
internal static partial class RuleTable
{
    private static IEnumerable<KeyRule> Container =>
        [
            Honoured(
                "services.*.hostname",
                ValueTypes.String,
                "The host name; templates such as {{.Node.Hostname}} are resolved for each task.",
                Forms.NotEmpty
            ),
            Honoured("services.*.user", ValueTypes.String, "The user, and after a colon the group.", Forms.NotEmpty),
            .. Texts(Honoured("services.*.group_add", None, "Further groups of the user."), null, ValueTypes.String | Number),
            Honoured("services.*.working_dir", ValueTypes.String, "The working directory.", Forms.NotEmpty),
            Honoured(
                "services.*.init",
                ValueTypes.Boolean | ValueTypes.String,
                "Whether an init process forwards signals and reaps processes.",
                Forms.Flag
            ),
            Honoured(
                "services.*.read_only",
                ValueTypes.Boolean | ValueTypes.String,
                "Whether the root file system is read-only.",
                Forms.Flag
            ),
            Honoured("services.*.tty", ValueTypes.Boolean | ValueTypes.String, "Whether the containers have a terminal.", Forms.Flag),
            Honoured("services.*.stdin_open", ValueTypes.Boolean | ValueTypes.String, "Whether standard input stays open.", Forms.Flag),
            Honoured("services.*.stop_grace_period", ValueTypes.String, "The time from the stop signal to the kill.", Forms.Duration),
            Honoured("services.*.stop_signal", ValueTypes.String, "The stop signal.", Forms.NotEmpty),
            Honoured("services.*.isolation", ValueTypes.String, "The isolation of Windows containers.") with
            {
                Values = ["default", "process", "hyperv"],
            },
            .. Texts(Honoured("services.*.cap_add", None, "Capabilities to add."), Forms.Capability),
            .. Texts(Honoured("services.*.cap_drop", None, "Capabilities to drop; one that is also added is added."), Forms.Capability),
            .. TextOrList(Honoured("services.*.dns", None, "DNS servers."), Forms.Address),
            .. TextOrList(Honoured("services.*.dns_search", None, "DNS search domains."), Forms.NotEmpty),
            .. Texts(Honoured("services.*.dns_opt", None, "Options of the resolver."), Forms.NotEmpty),
            .. Hosts(Honoured("services.*.extra_hosts", None, "Entries of /etc/hosts: name:address or name=address.")),
            .. Named(Honoured("services.*.sysctls", None, "Kernel parameters of the container's namespaces.")),
            .. Ulimits(Honoured("services.*.ulimits", None, "Limits of the processes: one value, or soft and hard; -1 is unlimited.")),
            Honoured(
                "services.*.oom_score_adj",
                Integer | ValueTypes.String,
                "Preference of the kernel's OOM killer. Needs Docker 27 on all nodes.",
                Forms.OomScore
            ),
            Honoured("services.*.healthcheck", Map, "The health check. A service converges when its tasks are healthy."),
            Honoured(
                "services.*.healthcheck.test",
                ValueTypes.String | List,
                "A command line for the shell, or a list that begins with CMD, CMD-SHELL or NONE."
            ) with
            {
                Merge = MergeRule.Replace,
            },
            Part("services.*.healthcheck.test[]", ValueTypes.String),
            Honoured(
                "services.*.healthcheck.disable",
                ValueTypes.Boolean | ValueTypes.String,
                "Disables the image's health check.",
                Forms.Flag
            ),
            Honoured("services.*.healthcheck.interval", ValueTypes.String, "Time between two checks.", Forms.Duration),
            Honoured("services.*.healthcheck.timeout", ValueTypes.String, "Time limit of a check.", Forms.Duration),
            Honoured(
                "services.*.healthcheck.retries",
                Number | ValueTypes.String,
                "Failures in a row until a task is unhealthy.",
                Forms.Count
            ),
            Honoured("services.*.healthcheck.start_period", ValueTypes.String, "Time in which failures do not count.", Forms.Duration),
            Honoured(
                "services.*.healthcheck.start_interval",
                ValueTypes.String,
                "Time between checks in the start period. Needs Docker 25 on all nodes.",
                Forms.Duration
            ),
            Honoured("services.*.logging", Map, "The log driver.") with
            {
                Merge = MergeRule.Logging,
            },
            Honoured("services.*.logging.driver", ValueTypes.String, "Its name.", Forms.NotEmpty),
            .. Options(Honoured("services.*.logging.options", None, "Its options."), ValueTypes.String | Number | Null),
            .. TextOrList(
                Honoured(
                    "services.*.tmpfs",
                    None,
                    "tmpfs mounts: a path, and after a colon size=, mode= and ro. A swarm mounts them with noexec, nosuid and nodev."
                ),
                Forms.Tmpfs
            ),
            Honoured("services.*.volumes", List, "Mounts.") with
            {
                IsUnique = true,
                Merge = MergeRule.ByTarget,
            },
            Honoured(
                "services.*.volumes[]",
                ValueTypes.String | Map,
                "[source:]target[:options] with ro, nocopy or a propagation. A source that begins with /, ./ or ~ is a path: it must exist on every node that runs a task. Without a source each task has a volume of its own.",
                Forms.Volume
            ) with
            {
                Required = ["type"],
            },
            Honoured("services.*.volumes[].type", ValueTypes.String, "bind, volume, tmpfs, npipe or cluster; image is refused.") with
            {
                Values = ["bind", "volume", "tmpfs", "cluster", "npipe", "image"],
            },
            Honoured("services.*.volumes[].source", ValueTypes.String, "Name of the volume, or path on the nodes.", Forms.NotEmpty),
            Honoured("services.*.volumes[].target", ValueTypes.String, "Path in the container.", Forms.ContainerPath),
            Honoured("services.*.volumes[].read_only", ValueTypes.Boolean | ValueTypes.String, "Whether it is read-only.", Forms.Flag),
            Honoured("services.*.volumes[].consistency", ValueTypes.String, "Passed to the engine.") with
            {
                Values = ["default", "consistent", "cached", "delegated"],
            },
            Part("services.*.volumes[].bind", Map),
            Honoured("services.*.volumes[].bind.propagation", ValueTypes.String, "The propagation of mounts.") with
            {
                Values = ["private", "rprivate", "shared", "rshared", "slave", "rslave"],
            },
            Refused(
                "services.*.volumes[].bind.create_host_path",
                ValueTypes.Boolean | ValueTypes.String,
                "A swarm does not create paths on the nodes.",
                "Create the path on the nodes, or use a volume, and remove create_host_path.",
                "false"
            ),
            Honoured(
                "services.*.volumes[].bind.recursive",
                ValueTypes.String,
                "Whether mounts below the path are mounted too. Needs Docker 25 on all nodes."
            ) with
            {
                Values = ["enabled", "disabled", "writable", "readonly"],
            },
            Refused(
                "services.*.volumes[].bind.selinux",
                ValueTypes.String,
                "A swarm does not relabel paths on the nodes. The same is true of z and Z in the short form.",
                "Label the path on the nodes, with chcon or semanage."
            ) with
            {
                Values = ["z", "Z"],
            },
            Part("services.*.volumes[].volume", Map),
            .. Named(Honoured("services.*.volumes[].volume.labels", None, "Labels of the volumes that the engines create.")),
            Honoured(
                "services.*.volumes[].volume.nocopy",
                ValueTypes.Boolean | ValueTypes.String,
                "Whether a new volume starts empty.",
                Forms.Flag
            ),
            Honoured(
                "services.*.volumes[].volume.subpath",
                ValueTypes.String,
                "The folder of the volume to mount. Needs Docker 26 on all nodes.",
                Forms.NotEmpty
            ),
            Part("services.*.volumes[].tmpfs", Map),
            Honoured("services.*.volumes[].tmpfs.size", Integer | ValueTypes.String, "The size.", Forms.Bytes),
            Honoured("services.*.volumes[].tmpfs.mode", Number | ValueTypes.String, "The mode in octal.", Forms.FileMode),
            Part("services.*.volumes[].image", Map),
            Refused(
                "services.*.volumes[].image.subpath",
                ValueTypes.String,
                "Services cannot mount images.",
                "Copy the content into the service's image or into a config."
            ),
        ];
}
