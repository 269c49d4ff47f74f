using System.Text.Json.Nodes;

namespace SwarmOps.Services.Specification;

/// <summary>Mode and number of tasks in the engine's document.</summary>
internal static class SpecMode
{
    /// <summary>The mode of a document.</summary>
    public static SwarmServiceMode Of(JsonNode? spec) =>
        spec?["Mode"] switch
        {
            JsonObject mode when mode["Global"] is not null => SwarmServiceMode.Global,
            JsonObject mode when mode["ReplicatedJob"] is not null => SwarmServiceMode.ReplicatedJob,
            JsonObject mode when mode["GlobalJob"] is not null => SwarmServiceMode.GlobalJob,
            _ => SwarmServiceMode.Replicated,
        };

    /// <summary>Writes mode and number.</summary>
    /// <exception cref="SwarmOpsException"><c>ServiceModeFixed</c>, <c>ReplicasWithoutReplication</c>.</exception>
    public static void Apply(JsonObject spec, ServiceRequest request)
    {
        if (spec["Mode"] is JsonObject && request.Mode is { } wanted && wanted != Of(spec))
            throw ServiceErrors.ServiceModeFixed(request.Name, Of(spec), wanted);
        var mode = spec["Mode"] is null ? request.Mode ?? SwarmServiceMode.Replicated : Of(spec);
        if (request.Replicas is not null && mode is SwarmServiceMode.Global or SwarmServiceMode.GlobalJob)
            throw ServiceErrors.ReplicasWithoutReplication(request.Name, mode);
        if (request.MaxConcurrent is not null && mode != SwarmServiceMode.ReplicatedJob)
            throw ServiceErrors.MaxConcurrentWithoutJob(request.Name);
        var entry = spec.Child("Mode").Child(mode.ToString());
        switch (mode)
        {
            case SwarmServiceMode.Replicated when request.Replicas is not null || entry["Replicas"] is null:
                entry["Replicas"] = request.Replicas ?? 1;
                break;
            case SwarmServiceMode.ReplicatedJob
                when request.Replicas is not null || request.MaxConcurrent is not null || entry["TotalCompletions"] is null:
                // As in the CLI: all tasks run at once unless fewer are allowed.
                var total = request.Replicas ?? entry["TotalCompletions"]?.GetValue<long>() ?? 1;
                entry["TotalCompletions"] = total;
                entry["MaxConcurrent"] = request.MaxConcurrent ?? entry["MaxConcurrent"]?.GetValue<long>() ?? total;
                break;
        }
    }
}
