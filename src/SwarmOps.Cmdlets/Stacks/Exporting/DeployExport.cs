using System.Text.Json.Nodes;
using SwarmOps.Services.Running;
using SwarmOps.Stacks.Specification;

namespace SwarmOps.Stacks.Exporting;

/// <summary>How a service runs, as <c>deploy</c> of a Compose file.</summary>
/// <param name="service">The service.</param>
internal sealed class DeployExport(ServiceState service)
{
    public JsonObject Create()
    {
        var json = new JsonObject();
        switch (service.Mode)
        {
            case SwarmServiceMode.Replicated:
                if ((long?)service.Spec["Mode"]?["Replicated"]?["Replicas"] is { } replicas)
                    json["replicas"] = replicas;
                break;
            case SwarmServiceMode.ReplicatedJob:
                (json["mode"], json["replicas"]) = ("replicated-job", service.DesiredCount);
                break;
            case SwarmServiceMode.Global:
                json["mode"] = "global";
                break;
            default:
                json["mode"] = "global-job";
                break;
        }

        if (service.EndpointMode == SwarmEndpointMode.Dnsrr)
            json["endpoint_mode"] = "dnsrr";
        var labels = service
            .Labels.Where(label => label.Key is not (StackNames.StackLabel or StackNames.ImageLabel))
            .Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value));
        ServiceExport.Set(json, "labels", new JsonObject(labels));
        ServiceExport.Set(json, "resources", Resources());
        ServiceExport.Set(json, "placement", Placement());
        ServiceExport.Set(json, "restart_policy", Restart(service.Template?["RestartPolicy"] as JsonObject));
        ServiceExport.Set(json, "update_config", Policy(service.Spec["UpdateConfig"] as JsonObject));
        ServiceExport.Set(json, "rollback_config", Policy(service.Spec["RollbackConfig"] as JsonObject));
        return json;
    }

    private JsonObject Resources()
    {
        var json = new JsonObject();
        foreach (var (from, to) in new[] { ("Limits", "limits"), ("Reservations", "reservations") })
        {
            if (service.Template?["Resources"]?[from] is not JsonObject amounts)
                continue;
            var part = new JsonObject();
            if ((long?)amounts["NanoCPUs"] is { } cpus and > 0)
                part["cpus"] = Amounts.Cpus(cpus);
            if ((long?)amounts["MemoryBytes"] is { } memory and > 0)
                part["memory"] = Amounts.Bytes(memory);
            ServiceExport.Copy(amounts, "Pids", part, "pids");
            var generic = ServiceExport
                .Items(amounts["GenericResources"])
                .Select(resource => resource["DiscreteResourceSpec"])
                .OfType<JsonObject>()
                .Select(spec => new JsonObject
                {
                    ["discrete_resource_spec"] = new JsonObject
                    {
                        ["kind"] = spec["Kind"]?.DeepClone(),
                        ["value"] = spec["Value"]?.DeepClone(),
                    },
                });
            ServiceExport.Set(part, "generic_resources", new JsonArray([.. generic]));
            ServiceExport.Set(json, to, part);
        }

        return json;
    }

    private JsonObject Placement()
    {
        var json = new JsonObject();
        var placement = service.Template?["Placement"] as JsonObject ?? [];
        ServiceExport.Copy(placement, "Constraints", json, "constraints");
        var spread = ServiceExport
            .Items(placement["Preferences"])
            .Select(preference => (string?)preference["Spread"]?["SpreadDescriptor"])
            .OfType<string>()
            .Select(descriptor => new JsonObject { ["spread"] = descriptor });
        ServiceExport.Set(json, "preferences", new JsonArray([.. spread]));
        ServiceExport.Copy(placement, "MaxReplicas", json, "max_replicas_per_node");
        return json;
    }

    private static JsonObject? Restart(JsonObject? policy)
    {
        if (policy is null)
            return null;
        var json = new JsonObject { ["condition"] = (string?)policy["Condition"] ?? "any" };
        if ((long?)policy["Delay"] is { } delay)
            json["delay"] = Amounts.Duration(delay);
        ServiceExport.Copy(policy, "MaxAttempts", json, "max_attempts");
        if ((long?)policy["Window"] is { } window)
            json["window"] = Amounts.Duration(window);
        return json;
    }

    private static JsonObject? Policy(JsonObject? policy)
    {
        if (policy is null)
            return null;
        var json = new JsonObject { ["parallelism"] = (long?)policy["Parallelism"] ?? 0 };
        if ((long?)policy["Delay"] is { } delay and > 0)
            json["delay"] = Amounts.Duration(delay);
        ServiceExport.Copy(policy, "FailureAction", json, "failure_action");
        if ((long?)policy["Monitor"] is { } monitor and > 0)
            json["monitor"] = Amounts.Duration(monitor);
        if ((double?)policy["MaxFailureRatio"] is { } ratio and > 0)
            json["max_failure_ratio"] = ratio;
        ServiceExport.Copy(policy, "Order", json, "order");
        return json;
    }
}
