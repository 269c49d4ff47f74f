using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Building;

/// <summary>How a service runs: mode, resources, placement, restarts and updates, also in the older keys of the service itself.</summary>
internal sealed class DeployBuilder(Fields service, string path, BuildContext context)
{
    private static readonly string[] Policies = ["update_config", "rollback_config"];

    private readonly Fields deploy = service.Map("deploy");
    private readonly Fields limits = service.Map("deploy").Map("resources").Map("limits");
    private readonly Fields reservations = service.Map("deploy").Map("resources").Map("reservations");
    private readonly Fields placement = service.Map("deploy").Map("placement");

    public StackService AddTo(StackService built)
    {
        var mode = Mode();
        var isJob = mode is SwarmServiceMode.ReplicatedJob or SwarmServiceMode.GlobalJob;
        if (isJob)
        {
            foreach (var key in Policies.Where(deploy.Has))
                context.Problems.Add(
                    deploy.At(key),
                    $"{path}.deploy has {key}, and the service is a job: a job is run again, not updated.",
                    $"Remove {key}."
                );
        }

        return built with
        {
            Mode = mode,
            Replicas = Replicas(mode),
            EndpointMode = deploy.Text("endpoint_mode") switch
            {
                "vip" => SwarmEndpointMode.Vip,
                "dnsrr" => SwarmEndpointMode.Dnsrr,
                _ => null,
            },
            Labels = deploy.Table("labels"),
            Update = Policy("update_config"),
            Rollback = Policy("rollback_config"),
            Restart = Restart(isJob),
            Resources = Resources(),
            Constraints = placement.Texts("constraints"),
            SpreadOver = [.. placement.Items("preferences").OfType<YamlMapping>().Select(Spread).OfType<string>()],
            MaxReplicasPerNode = MaxReplicas(mode),
        };
    }

    private SwarmServiceMode Mode() =>
        deploy.Text("mode") switch
        {
            "global" => SwarmServiceMode.Global,
            "replicated-job" => SwarmServiceMode.ReplicatedJob,
            "global-job" => SwarmServiceMode.GlobalJob,
            _ => SwarmServiceMode.Replicated,
        };

    private long? Replicas(SwarmServiceMode mode)
    {
        var replicas = Either(deploy, "replicas", "scale", Quantities.Count);
        if (replicas is not null && mode is SwarmServiceMode.Global or SwarmServiceMode.GlobalJob)
        {
            var at = deploy.Has("replicas") ? deploy.At("replicas") : service.At("scale");
            context.Problems.Add(
                at,
                $"{path} has a number of replicas, and runs on every node (mode: global).",
                "Remove the number, or write 'mode: replicated'."
            );
        }

        return replicas;
    }

    private long? MaxReplicas(SwarmServiceMode mode)
    {
        var most = placement.Count("max_replicas_per_node");
        if (most is > 0 && mode is SwarmServiceMode.Global or SwarmServiceMode.GlobalJob)
            context.Problems.Add(
                placement.At("max_replicas_per_node"),
                $"{path} runs one task on every node (mode: global).",
                "Remove max_replicas_per_node."
            );
        return most;
    }

    private string? Spread(YamlMapping preference)
    {
        if (new Fields(preference).Text("spread") is { } spread)
            return spread;
        if (!new Fields(preference).Has("spread"))
            context.Problems.Add(
                preference.At,
                $"{path}.deploy.placement.preferences has an entry without 'spread'.",
                "Write '- spread: node.labels.region'."
            );
        return null;
    }

    private StackResources Resources()
    {
        var built = new StackResources
        {
            LimitNanoCpu = Either(limits, "cpus", "cpus", Quantities.NanoCpus),
            LimitMemory = Either(limits, "memory", "mem_limit", Quantities.Bytes),
            // Without a limit the engine has 0, and Compose -1.
            LimitPids = Either(limits, "pids", "pids_limit", text => Math.Max(0, Quantities.Limit(text))),
            ReserveNanoCpu = reservations.NanoCpus("cpus"),
            ReserveMemory = Either(reservations, "memory", "mem_reservation", Quantities.Bytes),
            Generic = [.. reservations.Items("generic_resources").OfType<YamlMapping>().Select(Generic).OfType<(string, long)>()],
        };
        if (built.LimitMemory is > 0 && built.ReserveMemory > built.LimitMemory)
            context.Problems.Add(MemoryAt(), $"{path} reserves more memory than its limit.", "Raise the limit, or lower the reservation.");
        if (built.LimitNanoCpu is > 0 && built.ReserveNanoCpu > built.LimitNanoCpu)
            context.Problems.Add(
                reservations.At("cpus"),
                $"{path} reserves more processors than its limit.",
                "Raise the limit, or lower the reservation."
            );
        if (built.LimitMemory is > 0 and < FewestBytes)
            context.Problems.Add(
                limits.Has("memory") ? limits.At("memory") : service.At("mem_limit"),
                $"{path} has a memory limit of less than 6 MiB, which engines refuse.",
                "Write a larger limit, such as 64m."
            );
        return built;
    }

    /// <summary>The smallest memory limit that an engine accepts (moby, linuxMinMemory).</summary>
    private const long FewestBytes = 6 * 1024 * 1024;

    private SourcePosition MemoryAt() => reservations.Has("memory") ? reservations.At("memory") : service.At("mem_reservation");

    private (string, long)? Generic(YamlMapping entry)
    {
        var spec = new Fields(entry).Map("discrete_resource_spec");
        if (spec.Text("kind") is { } kind && spec.Parsed("value", Quantities.Positive) is { } value)
            return (kind, value);
        if (!spec.Has("kind") || !spec.Has("value"))
            context.Problems.Add(
                entry.At,
                $"{path} reserves a generic resource without a kind or a value.",
                "Write 'discrete_resource_spec: {kind: gpu, value: 1}'."
            );
        return null;
    }

    /// <summary>A value that has a key under deploy and an older one at the service.</summary>
    private long? Either(Fields newer, string key, string older, Func<string, long> parse)
    {
        var first = newer.Parsed(key, parse);
        var second = service.Parsed(older, parse);
        if (first is not null && second is not null && first != second)
            context.Problems.Add(
                service.At(older),
                $"{path}.{older} differs from its key under deploy, which is on line {newer.At(key).Line}.",
                $"Remove '{older}'."
            );
        return first ?? second;
    }

    private RestartRequest? Restart(bool isJob)
    {
        var policy = deploy.Map("restart_policy");
        RestartRequest? built = null;
        if (deploy.Has("restart_policy"))
        {
            built = new RestartRequest(
                policy.Text("condition") switch
                {
                    "none" => SwarmRestartCondition.None,
                    "on-failure" => SwarmRestartCondition.OnFailure,
                    "any" => SwarmRestartCondition.Any,
                    _ => null,
                },
                policy.Duration("delay"),
                policy.Count("max_attempts"),
                policy.Duration("window")
            );
        }
        else if (service.Text("restart") is { } text)
        {
            var (condition, attempts) = Forms.RestartCondition(text);
            built = new RestartRequest(condition, null, attempts is > 0 ? attempts : null, null);
        }

        if (isJob && built?.Condition == SwarmRestartCondition.Any)
        {
            var at = deploy.Has("restart_policy") ? deploy.At("restart_policy") : service.At("restart");
            context.Problems.Add(
                at,
                $"{path} is a job, which cannot be restarted after it has succeeded.",
                "Write 'on-failure' or 'none'."
            );
        }

        return built;
    }

    private UpdatePolicyRequest? Policy(string key)
    {
        if (!deploy.Has(key))
            return null;
        var policy = deploy.Map(key);
        return new UpdatePolicyRequest(
            policy.Count("parallelism"),
            policy.Duration("delay"),
            policy.Text("failure_action") switch
            {
                "continue" => SwarmUpdateFailureAction.Continue,
                "rollback" => SwarmUpdateFailureAction.Rollback,
                "pause" => SwarmUpdateFailureAction.Pause,
                _ => null,
            },
            policy.Duration("monitor"),
            policy.Parsed("max_failure_ratio", Quantities.Ratio),
            policy.Text("order") switch
            {
                "start-first" => SwarmUpdateOrder.StartFirst,
                "stop-first" => SwarmUpdateOrder.StopFirst,
                _ => null,
            }
        );
    }
}
