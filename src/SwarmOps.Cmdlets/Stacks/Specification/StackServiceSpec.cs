using System.Text.Json.Nodes;
using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Model;

namespace SwarmOps.Stacks.Specification;

/// <summary>
/// The engine's document of a service of a stack: what docker stack deploy sends for the same file (docker/cli, cli/compose/convert), and what it
/// leaves out and the engine knows: groups, options of the resolver, tmpfs, modes of tmpfs, <c>restart: "no"</c>.
/// </summary>
internal sealed class StackServiceSpec(StackDefinition stack, StackNames names, StackReferences references)
{
    public JsonObject Create(StackService service)
    {
        var spec = new JsonObject { ["Name"] = names.Scoped(service.Key) };
        spec.SetTable(
            "Labels",
            new Dictionary<string, string?>(names.Labels(service.Labels)) { [StackNames.ImageLabel] = service.Image },
            keepsOthers: false
        );
        spec["TaskTemplate"] = Task(service);
        spec["Mode"] = Mode(service);
        SetPolicy(spec, "UpdateConfig", service.Update);
        SetPolicy(spec, "RollbackConfig", service.Rollback);
        spec["EndpointSpec"] = Endpoint(service);
        return spec;
    }

    private JsonObject Task(StackService service)
    {
        var task = new JsonObject
        {
            ["ContainerSpec"] = new StackContainerSpec(stack, names, references).Create(service),
            ["Resources"] = Resources(service.Resources),
        };
        if (service.Restart is { } restart)
            task["RestartPolicy"] = Restart(restart);
        task["Placement"] = Placement(service);
        task["Networks"] = Networks(service);
        if (service.Logging is { } logging)
        {
            var driver = new JsonObject();
            driver.SetIf("Name", logging.Driver);
            driver.SetTable("Options", Nullable(logging.Options), keepsOthers: false);
            task["LogDriver"] = driver;
        }

        task["ForceUpdate"] = 0L;
        return task;
    }

    private static JsonObject Resources(StackResources resources)
    {
        var json = new JsonObject();
        if (resources.LimitNanoCpu is not null || resources.LimitMemory is not null || resources.LimitPids is not null)
        {
            var limits = json.Child("Limits");
            limits.SetIf("NanoCPUs", NotZero(resources.LimitNanoCpu));
            limits.SetIf("MemoryBytes", NotZero(resources.LimitMemory));
            limits.SetIf("Pids", NotZero(resources.LimitPids));
        }

        if (resources.ReserveNanoCpu is not null || resources.ReserveMemory is not null || resources.Generic.Count > 0)
        {
            var reservations = json.Child("Reservations");
            reservations.SetIf("NanoCPUs", NotZero(resources.ReserveNanoCpu));
            reservations.SetIf("MemoryBytes", NotZero(resources.ReserveMemory));
            if (resources.Generic.Count > 0)
            {
                reservations["GenericResources"] = new JsonArray([
                    .. resources.Generic.Select(generic => new JsonObject
                    {
                        ["DiscreteResourceSpec"] = new JsonObject { ["Kind"] = generic.Kind, ["Value"] = generic.Count },
                    }),
                ]);
            }
        }

        return json;
    }

    private static JsonObject Restart(RestartRequest restart)
    {
        var json = new JsonObject();
        json.SetIf(
            "Condition",
            restart.Condition switch
            {
                SwarmRestartCondition.Any => "any",
                SwarmRestartCondition.OnFailure => "on-failure",
                SwarmRestartCondition.None => "none",
                _ => null,
            }
        );
        json.SetIf("Delay", restart.Delay?.Nanoseconds());
        json.SetIf("MaxAttempts", restart.MaxAttempts);
        json.SetIf("Window", restart.Window?.Nanoseconds());
        return json;
    }

    private static JsonObject Placement(StackService service)
    {
        var json = new JsonObject();
        if (service.Constraints.Count > 0)
            json.SetIf("Constraints", service.Constraints);
        if (service.SpreadOver.Count > 0)
        {
            json["Preferences"] = new JsonArray([
                .. service.SpreadOver.Select(label => new JsonObject { ["Spread"] = new JsonObject { ["SpreadDescriptor"] = label } }),
            ]);
        }

        json.SetIf("MaxReplicas", NotZero(service.MaxReplicasPerNode));
        return json;
    }

    /// <summary>Attachments in the order of the networks' names, each with the service's key as alias, except on predefined networks.</summary>
    private JsonArray Networks(StackService service)
    {
        var known = stack.Networks.ToDictionary(network => network.Key, StringComparer.Ordinal);
        return new JsonArray([
            .. service
                .Networks.Select(network => (Attachment: network, Target: names.Of(known[network.Network])))
                .OrderBy(pair => pair.Target, StringComparer.Ordinal)
                .Select(pair =>
                {
                    var json = new JsonObject { ["Target"] = pair.Target };
                    IEnumerable<string> aliases = pair.Target is "host" or "none" or "bridge" or "default"
                        ? pair.Attachment.Aliases
                        : pair.Attachment.Aliases.Append(service.Key);
                    if (aliases.Any())
                        json.SetIf("Aliases", aliases);
                    if (pair.Attachment.DriverOptions.Count > 0)
                        json.SetTable("DriverOpts", Nullable(pair.Attachment.DriverOptions), keepsOthers: false);
                    return json;
                }),
        ]);
    }

    private static JsonObject Mode(StackService service)
    {
        var inner = new JsonObject();
        var name = service.Mode.ToString();
        if (service.Mode == SwarmServiceMode.Replicated)
            inner.SetIf("Replicas", service.Replicas);
        if (service.Mode == SwarmServiceMode.ReplicatedJob)
        {
            inner.SetIf("MaxConcurrent", service.Replicas);
            inner.SetIf("TotalCompletions", service.Replicas);
        }

        return new JsonObject { [name] = inner };
    }

    private static void SetPolicy(JsonObject spec, string name, UpdatePolicyRequest? policy)
    {
        if (policy is null)
            return;
        // A missing parallelism would be 0, which is all at once.
        var json = new JsonObject { ["Parallelism"] = policy.Parallelism ?? 1 };
        json.SetIf("Delay", NotZero(policy.Delay?.Nanoseconds()));
        json.SetIf("FailureAction", policy.FailureAction?.ToString().ToLowerInvariant());
        json.SetIf("Monitor", NotZero(policy.Monitor?.Nanoseconds()));
        json["MaxFailureRatio"] = policy.MaxFailureRatio ?? 0;
        json["Order"] = policy.Order switch
        {
            SwarmUpdateOrder.StartFirst => "start-first",
            SwarmUpdateOrder.StopFirst => "stop-first",
            _ => "",
        };
        spec[name] = json;
    }

    private static JsonObject Endpoint(StackService service)
    {
        var json = new JsonObject();
        json.SetIf("Mode", service.EndpointMode?.ToString().ToLowerInvariant());
        if (service.Ports.Count > 0)
        {
            json["Ports"] = new JsonArray([
                .. service
                    // The order of `docker stack deploy`: the engine keeps it, and another one would be a difference.
                    .Ports.OrderBy(port => port.Published)
                    .ThenBy(port => port.Target)
                    .ThenBy(port => port.Protocol, StringComparer.Ordinal)
                    .Select(Port),
            ]);
        }

        return json;
    }

    private static JsonObject Port(PublishedPort port)
    {
        var json = new JsonObject { ["Protocol"] = port.Protocol, ["TargetPort"] = port.Target };
        if (port.Published > 0)
            json["PublishedPort"] = port.Published;
        json["PublishMode"] = port.OnHost ? "host" : "ingress";
        return json;
    }

    private static long? NotZero(long? value) => value is 0 ? null : value;

    internal static IReadOnlyDictionary<string, string?> Nullable(IReadOnlyDictionary<string, string> table) =>
        table.ToDictionary(entry => entry.Key, entry => (string?)entry.Value, StringComparer.Ordinal);
}
