using System.Text.Json.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>Placement, resources, networks and log driver of a service's tasks in the engine's document.</summary>
internal static class SpecTask
{
    public static void Apply(JsonObject task, ServiceRequest request, ResolvedReferences references)
    {
        if (request.Networks is { } networks)
        {
            // The host network has an id in the swarm that no engine lists; it replaces the id that was sent.
            var unlisted = (task["Networks"] as JsonArray ?? [])
                .Select(network => (string?)network?["Target"] ?? "")
                .FirstOrDefault(id => !references.ListedNetworks.Contains(id));
            // The engine returns them in this order, and the CLI sends them so.
            task["Networks"] = new JsonArray([
                .. networks
                    .Select(network =>
                        (Id: network.Name == "host" && unlisted is not null ? unlisted : references.Networks[network.Name], network.Aliases)
                    )
                    .OrderBy(network => network.Id, StringComparer.Ordinal)
                    .Select(network => Attachment(network.Id, network.Aliases)),
            ]);
        }

        ServiceSpec.ApplyRestart(task, request.Restart);
        ApplyResources(task, request);
        ApplyPlacement(task, request, references);
        if (request.LogDriver is { } driver)
            task["LogDriver"] = new JsonObject { ["Name"] = driver };
        if (request.LogOptions is { } options)
            task.Child("LogDriver")
                .SetTable("Options", options.ToDictionary(option => option.Key, option => (string?)option.Value), keepsOthers: false);
    }

    private static JsonObject Attachment(string id, IReadOnlyList<string> aliases)
    {
        var attachment = new JsonObject { ["Target"] = id };
        attachment.SetIf("Aliases", aliases.Count > 0 ? aliases : null);
        return attachment;
    }

    private static void ApplyResources(JsonObject task, ServiceRequest request)
    {
        // To the engine an empty object differs from a missing one: it would replace the tasks of a service that has none.
        if (request.LimitNanoCpu is not null || request.LimitMemory is not null || request.LimitPids is not null)
        {
            var limits = task.Child("Resources").Child("Limits");
            limits.SetIf("NanoCPUs", request.LimitNanoCpu);
            limits.SetIf("MemoryBytes", request.LimitMemory);
            limits.SetIf("Pids", request.LimitPids);
        }

        if (request.ReserveNanoCpu is not null || request.ReserveMemory is not null)
        {
            var reservations = task.Child("Resources").Child("Reservations");
            reservations.SetIf("NanoCPUs", request.ReserveNanoCpu);
            reservations.SetIf("MemoryBytes", request.ReserveMemory);
        }
    }

    private static void ApplyPlacement(JsonObject task, ServiceRequest request, ResolvedReferences references)
    {
        if (request.Constraints is null && request.MaxReplicasPerNode is null && request.SpreadOver is null && references.Platforms is null)
            return;
        var placement = task.Child("Placement");
        placement.SetIf("Constraints", request.Constraints);
        placement.SetIf("MaxReplicas", request.MaxReplicasPerNode);
        if (request.SpreadOver is { } spread)
            placement["Preferences"] = new JsonArray([
                .. spread.Select(over => new JsonObject { ["Spread"] = new JsonObject { ["SpreadDescriptor"] = over } }),
            ]);
        if (references.Platforms is { } platforms)
            placement["Platforms"] = platforms.DeepClone();
    }
}
