using static SwarmOps.Stacks.Rules.RuleRows;
using static SwarmOps.Stacks.Rules.ValueTypes;

namespace SwarmOps.Stacks.Rules;

/// <summary>What a service is and what it is connected to.</summary>
internal static partial class RuleTable
{
    private static IEnumerable<KeyRule> Service =>
        [
            Honoured("services.*.image", ValueTypes.String, "The image of the containers.", Forms.Image),
            .. Command(
                Honoured(
                    "services.*.command",
                    None,
                    "Replaces the image's command. A text is split into words as a shell would; no shell is started."
                )
            ),
            .. Command(Honoured("services.*.entrypoint", None, "Replaces the image's entry point, and with it the image's command.")),
            .. Named(
                Honoured(
                    "services.*.environment",
                    None,
                    "Environment variables. A name without a value takes that of the session or of the .env file; if there is none, the variable is removed from the container."
                )
            ),
            Honoured(
                "services.*.env_file",
                ValueTypes.String | List,
                "Files of environment variables, which 'environment' overrides: quotes, comments and variables by the rules of .env files, or with 'format: raw' as they are. A file with 'required: false' may be missing."
            ) with
            {
                Merge = MergeRule.Texts,
                Form = Forms.NotEmpty,
            },
            Part("services.*.env_file[]", ValueTypes.String | Map, Forms.NotEmpty) with
            {
                Required = ["path"],
                TakesExtensions = false,
            },
            Part("services.*.env_file[].path", ValueTypes.String, Forms.NotEmpty),
            Part("services.*.env_file[].format", ValueTypes.String) with
            {
                Values = ["raw"],
            },
            Part("services.*.env_file[].required", ValueTypes.Boolean | ValueTypes.String, Forms.Flag),
            .. Named(Honoured("services.*.labels", None, "Labels of the containers; those of the service are under deploy.")),
            Honoured(
                "services.*.label_file",
                ValueTypes.String | List,
                "Files of container labels, which 'labels' overrides.",
                Forms.NotEmpty
            ) with
            {
                Merge = MergeRule.Texts,
            },
            Part("services.*.label_file[]", ValueTypes.String, Forms.NotEmpty),
            Honoured(
                "services.*.depends_on",
                List | Map,
                "The order in which services are deployed: each after those that it depends on have converged. A swarm restarts tasks in any order, so an application must be able to wait."
            ) with
            {
                IsUnique = true,
                Merge = MergeRule.Names,
                TakesExtensions = false,
                Names = Forms.NotEmpty,
            },
            Part("services.*.depends_on[]", ValueTypes.String, Forms.NotEmpty),
            Part("services.*.depends_on.*", Map) with
            {
                Required = ["condition"],
            },
            Honoured(
                "services.*.depends_on.*.condition",
                ValueTypes.String,
                "service_started and service_healthy: the dependency has converged, which includes its health check. service_completed_successfully: the dependency is a job, and has completed."
            ) with
            {
                Values = ["service_started", "service_healthy", "service_completed_successfully"],
            },
            Honoured(
                "services.*.depends_on.*.required",
                ValueTypes.Boolean,
                "A dependency that is not required may be absent from the stack.",
                Forms.Flag
            ),
            Refused(
                "services.*.depends_on.*.restart",
                ValueTypes.Boolean | ValueTypes.String,
                "A swarm does not restart a service because another one was restarted.",
                "Remove it; let the application connect again.",
                "false"
            ),
            Honoured(
                "services.*.networks",
                List | Map,
                "Overlay networks; without any, the service is on the stack's network 'default'."
            ) with
            {
                IsUnique = true,
                Merge = MergeRule.Names,
                TakesExtensions = false,
                Names = Forms.ObjectName,
            },
            Part("services.*.networks[]", ValueTypes.String, Forms.ObjectName),
            Part("services.*.networks.*", Map | Null),
            .. Texts(Honoured("services.*.networks.*.aliases", None, "Further names of the service on the network."), Forms.NotEmpty),
            .. Options(Honoured("services.*.networks.*.driver_opts", None, "Options of the attachment.")),
            .. Keys("ipv4_address", "ipv6_address", "mac_address")
                .Select(key =>
                    Refused(
                        "services.*.networks.*." + key,
                        ValueTypes.String,
                        "A swarm assigns addresses itself: a service has many tasks.",
                        "Use the service's name, which DNS resolves; a subnet can be set under networks."
                    )
                ),
            .. Texts(Refused("services.*.networks.*.link_local_ips", None, "A swarm assigns addresses itself.", "Remove it.")),
            Refused("services.*.networks.*.interface_name", ValueTypes.String, "A swarm names interfaces itself.", "Remove it."),
            Refused("services.*.networks.*.priority", Number, "A swarm does not order the networks of a task.", "Remove it.", "0"),
            Refused(
                "services.*.networks.*.gw_priority",
                Number,
                "Tasks leave the swarm through docker_gwbridge, not through an overlay network.",
                "Remove it.",
                "0"
            ),
            Honoured("services.*.ports", List, "Published ports, on the routing mesh or with 'mode: host' on each task's host.") with
            {
                IsUnique = true,
                Merge = MergeRule.ByPort,
            },
            Honoured(
                "services.*.ports[]",
                Number | ValueTypes.String | Map,
                "[published:]target[/protocol], each port may be a range. Without a published port the swarm chooses one.",
                Forms.Ports
            ),
            Honoured("services.*.ports[].target", Integer | ValueTypes.String, "The port of the container.", Forms.Port),
            Honoured(
                "services.*.ports[].published",
                Integer | ValueTypes.String,
                "The published port; a range is refused, since a swarm cannot choose from it.",
                Forms.PublishedPort
            ),
            Honoured("services.*.ports[].protocol", ValueTypes.String, "tcp, udp or sctp.", Forms.Protocol),
            Honoured("services.*.ports[].mode", ValueTypes.String, "ingress (the routing mesh, the default) or host.") with
            {
                Values = ["ingress", "host"],
            },
            Accepted("services.*.ports[].name", ValueTypes.String, "Documentation."),
            Accepted("services.*.ports[].app_protocol", ValueTypes.String, "Documentation."),
            Refused(
                "services.*.ports[].host_ip",
                ValueTypes.String,
                "A swarm publishes on all addresses of a host. The same is true of an address in the short form.",
                "Remove the address, and limit access with the host's firewall.",
                "0.0.0.0",
                "::"
            ),
            Accepted("services.*.expose", List, "Documentation: services on a common overlay network reach each other's ports.") with
            {
                IsUnique = true,
                Merge = MergeRule.Texts,
            },
            Part("services.*.expose[]", ValueTypes.String | Number, Forms.Exposed),
            Honoured(
                "services.*.extends",
                ValueTypes.String | Map,
                "The settings of another service, of this file or of another one; this service's settings override them.",
                Forms.NotEmpty
            ) with
            {
                Required = ["service"],
                TakesExtensions = false,
            },
            Part("services.*.extends.service", ValueTypes.String, Forms.NotEmpty),
            Part("services.*.extends.file", ValueTypes.String, Forms.NotEmpty),
            .. Texts(
                Honoured(
                    "services.*.profiles",
                    None,
                    "The service is part of the stack only if one of its profiles is chosen; without profiles it always is."
                ),
                Forms.NotEmpty
            ),
            Honoured("services.*.scale", Integer | ValueTypes.String, "The same as deploy.replicas.", Forms.Count),
            Honoured(
                "services.*.restart",
                ValueTypes.String,
                "The restart policy, unless deploy.restart_policy is set: always and unless-stopped restart on any exit, on-failure on a failure, \"no\" never.",
                Forms.Restart
            ),
            .. Files(
                Honoured(
                    "services.*.secrets",
                    None,
                    "Secrets as files below /run/secrets; 'mode' is octal and 0444 by default, as with docker stack deploy."
                )
            ),
            .. Files(Honoured("services.*.configs", None, "Configs as files; 'mode' is octal and 0444 by default.")),
            Honoured("services.*.credential_spec", Map, "Credential spec of a Windows service account: exactly one of the three."),
            Honoured("services.*.credential_spec.config", ValueTypes.String, "A config of the stack.", Forms.NotEmpty),
            Honoured(
                "services.*.credential_spec.file",
                ValueTypes.String,
                "A file in the engine's folder CredentialSpecs.",
                Forms.NotEmpty
            ),
            Honoured("services.*.credential_spec.registry", ValueTypes.String, "A value of the registry.", Forms.NotEmpty),
        ];
}
