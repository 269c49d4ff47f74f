using System.Text.Json.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>
/// Writes a request into the engine's document of a service. Only requested settings are changed; fields unknown to this version stay
/// as the engine returned them. A new document equals what the docker CLI sends for the same options, except for the update policy.
/// </summary>
internal static class ServiceSpec
{
    private static readonly TimeSpan DefaultMonitor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DefaultRestartDelay = TimeSpan.FromSeconds(5);

    /// <summary>The document of a new service.</summary>
    public static JsonObject Create(ServiceRequest request, ResolvedReferences references)
    {
        var spec = new JsonObject
        {
            ["Name"] = request.Name,
            ["Labels"] = new JsonObject(),
            ["TaskTemplate"] = new JsonObject
            {
                ["ContainerSpec"] = new JsonObject
                {
                    ["Init"] = false,
                    ["DNSConfig"] = new JsonObject(),
                    ["Isolation"] = "default",
                },
                ["Resources"] = new JsonObject { ["Limits"] = new JsonObject(), ["Reservations"] = new JsonObject() },
                ["Placement"] = new JsonObject(),
                ["ForceUpdate"] = 0L,
            },
            ["EndpointSpec"] = new JsonObject { ["Mode"] = "vip" },
        };
        var complete = request with
        {
            Mode = request.Mode ?? SwarmServiceMode.Replicated,
            Update = SafeUpdate(request),
            Rollback = request.Rollback,
        };
        return Apply(spec, complete, references);
    }

    /// <summary>A copy of a document with the request applied.</summary>
    public static JsonObject Apply(JsonObject current, ServiceRequest request, ResolvedReferences references)
    {
        var spec = current.DeepClone().AsObject();
        var task = spec.Child("TaskTemplate");
        spec.SetTable("Labels", request.Labels, request.KeepsOthers);
        SpecMode.Apply(spec, request);
        SpecContainer.Apply(task.Child("ContainerSpec"), request, references);
        SpecTask.Apply(task, request, references);
        ApplyPolicy(spec, "UpdateConfig", request.Update);
        ApplyPolicy(spec, "RollbackConfig", request.Rollback);
        ApplyEndpoint(spec, request);
        if (request.Force)
            task["ForceUpdate"] = (task["ForceUpdate"]?.GetValue<long>() ?? 0) + 1;
        return spec;
    }

    /// <summary>
    /// Unlike the CLI's default, which is to pause, a failed update rolls back. Start-first where possible: host ports and data
    /// allow only one task at a time, and a limit of tasks per node may leave no room for two.
    /// </summary>
    private static UpdatePolicyRequest? SafeUpdate(ServiceRequest request)
    {
        if (request.Mode is SwarmServiceMode.ReplicatedJob or SwarmServiceMode.GlobalJob)
            return request.Update;
        var oneAtATime =
            request.Mode == SwarmServiceMode.Global
            || request.MaxReplicasPerNode is not null
            || request.Ports?.Any(port => port.OnHost) is true
            || request.Mounts?.Any(mount => mount.Type != "tmpfs" && !mount.ReadOnly) is true;
        var given = request.Update ?? new UpdatePolicyRequest(null, null, null, null, null, null);
        return given with
        {
            FailureAction = given.FailureAction ?? SwarmUpdateFailureAction.Rollback,
            Order = given.Order ?? (oneAtATime ? SwarmUpdateOrder.StopFirst : SwarmUpdateOrder.StartFirst),
        };
    }

    private static void ApplyPolicy(JsonObject spec, string name, UpdatePolicyRequest? request)
    {
        if (request is null)
            return;
        var policy = spec[name] as JsonObject;
        if (policy is null)
        {
            // The policy is always complete: one without a parallelism would update all tasks at once.
            policy = new JsonObject
            {
                ["Parallelism"] = 1,
                ["FailureAction"] = "pause",
                ["Monitor"] = DefaultMonitor.Nanoseconds(),
                ["MaxFailureRatio"] = 0,
                ["Order"] = "stop-first",
            };
            spec[name] = policy;
        }

        policy.SetIf("Parallelism", request.Parallelism);
        policy.SetIf("Delay", request.Delay?.Nanoseconds());
        policy.SetIf("FailureAction", request.FailureAction?.ToString().ToLowerInvariant());
        policy.SetIf("Monitor", request.Monitor?.Nanoseconds());
        policy.SetIf("MaxFailureRatio", request.MaxFailureRatio);
        policy.SetIf(
            "Order",
            request.Order switch
            {
                SwarmUpdateOrder.StopFirst => "stop-first",
                SwarmUpdateOrder.StartFirst => "start-first",
                _ => null,
            }
        );
    }

    private static void ApplyEndpoint(JsonObject spec, ServiceRequest request)
    {
        if (request.EndpointMode is null && request.Ports is null)
            return;
        var endpoint = spec.Child("EndpointSpec");
        endpoint.SetIf("Mode", request.EndpointMode?.ToString().ToLowerInvariant());
        if (request.Ports is { } ports)
        {
            endpoint["Ports"] = new JsonArray([
                .. ports.Select(port => new JsonObject
                {
                    ["Protocol"] = port.Protocol,
                    ["TargetPort"] = port.Target,
                    ["PublishedPort"] = port.Published,
                    ["PublishMode"] = port.OnHost ? "host" : "ingress",
                }),
            ]);
        }
    }

    /// <summary>A complete restart policy: the engine treats a missing number of attempts as unlimited.</summary>
    internal static void ApplyRestart(JsonObject task, RestartRequest? request)
    {
        if (request is null)
            return;
        var policy = task["RestartPolicy"] as JsonObject;
        if (policy is null)
        {
            policy = new JsonObject
            {
                ["Condition"] = "any",
                ["Delay"] = DefaultRestartDelay.Nanoseconds(),
                ["MaxAttempts"] = 0,
            };
            task["RestartPolicy"] = policy;
        }

        policy.SetIf(
            "Condition",
            request.Condition switch
            {
                SwarmRestartCondition.Any => "any",
                SwarmRestartCondition.OnFailure => "on-failure",
                SwarmRestartCondition.None => "none",
                _ => null,
            }
        );
        policy.SetIf("Delay", request.Delay?.Nanoseconds());
        policy.SetIf("MaxAttempts", request.MaxAttempts);
        policy.SetIf("Window", request.Window?.Nanoseconds());
    }
}
