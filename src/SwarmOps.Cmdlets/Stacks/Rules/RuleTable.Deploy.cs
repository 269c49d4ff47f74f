using static SwarmOps.Stacks.Rules.RuleRows;
using static SwarmOps.Stacks.Rules.ValueTypes;

namespace SwarmOps.Stacks.Rules;

/// <summary>How a service runs on the swarm.</summary>
internal static partial class RuleTable
{
    private static IEnumerable<KeyRule> Deploy =>
        [
            Honoured("services.*.deploy", Map | Null, "How the service runs on the swarm."),
            Honoured("services.*.deploy.mode", ValueTypes.String, "replicated (the default), global, replicated-job or global-job.") with
            {
                Values = ["replicated", "global", "replicated-job", "global-job"],
            },
            Honoured(
                "services.*.deploy.replicas",
                Integer | ValueTypes.String,
                "The number of tasks; of a job, how many must complete. 1 by default.",
                Forms.Count
            ),
            Honoured("services.*.deploy.endpoint_mode", ValueTypes.String, "vip (the default) or dnsrr.") with
            {
                Values = ["vip", "dnsrr"],
            },
            .. Named(Honoured("services.*.deploy.labels", None, "Labels of the service.")),
            .. Update(
                "update_config",
                ["continue", "pause", "rollback"],
                "How tasks are replaced by an update. Without it the defaults of New-SwarmService apply."
            ),
            .. Update("rollback_config", ["continue", "pause"], "How tasks are replaced by a rollback."),
            Part("services.*.deploy.resources", Map),
            Part("services.*.deploy.resources.limits", Map),
            Honoured(
                "services.*.deploy.resources.limits.cpus",
                Number | ValueTypes.String,
                "Processors that a task can use at most.",
                Forms.Cpus
            ),
            Honoured("services.*.deploy.resources.limits.memory", ValueTypes.String, "Memory that a task can use at most.", Forms.Bytes),
            Honoured(
                "services.*.deploy.resources.limits.pids",
                Integer | ValueTypes.String,
                "Processes that a task can have at most; 0 is no limit.",
                Forms.Count
            ),
            Part("services.*.deploy.resources.reservations", Map),
            Honoured(
                "services.*.deploy.resources.reservations.cpus",
                Number | ValueTypes.String,
                "Processors that a node must have free.",
                Forms.Cpus
            ),
            Honoured(
                "services.*.deploy.resources.reservations.memory",
                ValueTypes.String,
                "Memory that a node must have free.",
                Forms.Bytes
            ),
            Honoured(
                "services.*.deploy.resources.reservations.generic_resources",
                List,
                "Resources that the nodes' engines advertise (node-generic-resources)."
            ),
            Part("services.*.deploy.resources.reservations.generic_resources[]", Map),
            Part("services.*.deploy.resources.reservations.generic_resources[].discrete_resource_spec", Map),
            Honoured(
                "services.*.deploy.resources.reservations.generic_resources[].discrete_resource_spec.kind",
                ValueTypes.String,
                "Its name.",
                Forms.NotEmpty
            ),
            Honoured(
                "services.*.deploy.resources.reservations.generic_resources[].discrete_resource_spec.value",
                Number | ValueTypes.String,
                "How many a task needs.",
                Forms.Positive
            ),
            Refused(
                "services.*.deploy.resources.reservations.devices",
                List,
                "A swarm does not know device requests.",
                "Use generic_resources, which the nodes' engines advertise with node-generic-resources."
            ),
            Part("services.*.deploy.resources.reservations.devices[]", Map) with
            {
                Required = ["capabilities"],
            },
            .. GpuKeys("services.*.deploy.resources.reservations.devices[]"),
            Honoured("services.*.deploy.restart_policy", Map, "When a task that has ended is restarted."),
            Honoured("services.*.deploy.restart_policy.condition", ValueTypes.String, "any (the default), on-failure or none.") with
            {
                Values = ["none", "on-failure", "any"],
            },
            Honoured("services.*.deploy.restart_policy.delay", ValueTypes.String, "Time before a restart.", Forms.Duration),
            Honoured(
                "services.*.deploy.restart_policy.max_attempts",
                Integer | ValueTypes.String,
                "Restarts within the window; 0 is no limit.",
                Forms.Count
            ),
            Honoured(
                "services.*.deploy.restart_policy.window",
                ValueTypes.String,
                "Time within which restarts are counted.",
                Forms.Duration
            ),
            Part("services.*.deploy.placement", Map),
            Honoured(
                "services.*.deploy.placement.constraints",
                List,
                "Conditions that a node must meet, such as node.labels.region==eu-central-1."
            ) with
            {
                Merge = MergeRule.Texts,
            },
            Part("services.*.deploy.placement.constraints[]", ValueTypes.String, Forms.Constraint),
            Honoured("services.*.deploy.placement.preferences", List, "Labels over whose values tasks are spread evenly."),
            Part("services.*.deploy.placement.preferences[]", Map),
            Honoured(
                "services.*.deploy.placement.preferences[].spread",
                ValueTypes.String,
                "A label of the nodes (node.labels.region) or of their engines (engine.labels.rack).",
                Forms.Spread
            ),
            Honoured(
                "services.*.deploy.placement.max_replicas_per_node",
                Integer | ValueTypes.String,
                "Tasks that a node runs at most; 0 is no limit.",
                Forms.Count
            ),
        ];

    private static IEnumerable<KeyRule> Update(string key, IReadOnlyList<string> actions, string how)
    {
        var path = "services.*.deploy." + key;
        return
        [
            Honoured(path, Map, how),
            Honoured(path + ".parallelism", Integer | ValueTypes.String, "Tasks at a time; 0 is all at once. 1 by default.", Forms.Count),
            Honoured(path + ".delay", ValueTypes.String, "Time between them.", Forms.Duration),
            Honoured(path + ".failure_action", ValueTypes.String, "What follows from a failure.") with
            {
                Values = actions,
            },
            Honoured(path + ".monitor", ValueTypes.String, "Time in which a new task must not fail.", Forms.Duration),
            Honoured(path + ".max_failure_ratio", Number | ValueTypes.String, "The share of tasks that may fail.", Forms.Ratio),
            Honoured(path + ".order", ValueTypes.String, "Whether the old task is stopped first.") with
            {
                Values = ["stop-first", "start-first"],
            },
        ];
    }
}
