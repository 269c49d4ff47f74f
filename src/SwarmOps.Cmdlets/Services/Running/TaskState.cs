using System.Text.Json.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Running;

/// <summary>A task as the engine describes it.</summary>
/// <param name="json">The engine's document.</param>
internal sealed class TaskState(JsonNode json)
{
    /// <summary>States in which a task has ended without success (Docker's task states).</summary>
    private static readonly string[] Failures = ["failed", "rejected", "orphaned"];

    public string Id { get; } = (string?)json["ID"] ?? "";

    public string ServiceId { get; } = (string?)json["ServiceID"] ?? "";

    public int Slot { get; } = (int?)json["Slot"] ?? 0;

    public string NodeId { get; } = (string?)json["NodeID"] ?? "";

    public string State { get; } = (string?)json["Status"]?["State"] ?? "";

    public string DesiredState { get; } = (string?)json["DesiredState"] ?? "";

    public string Error { get; } = (string?)json["Status"]?["Err"] ?? "";

    public string Message { get; } = (string?)json["Status"]?["Message"] ?? "";

    public int? ExitCode => IsOver ? (int?)json["Status"]?["ContainerStatus"]?["ExitCode"] : null;

    public string? ContainerId => (string?)json["Status"]?["ContainerStatus"]?["ContainerID"] is { Length: > 0 } id ? id : null;

    public DateTime Since => ServiceState.Time(json["Status"]?["Timestamp"]);

    public DateTime CreatedAt => ServiceState.Time(json["CreatedAt"]);

    public string Image => (string?)json["Spec"]?["ContainerSpec"]?["Image"] ?? "";

    public long JobIteration => (long?)json["JobIteration"]?["Index"] ?? 0;

    /// <summary>The template that it was created from, which may not be its service's current one.</summary>
    public JsonNode? Template => json["Spec"];

    /// <summary>Whether the swarm wants it: a running one, or one of a job.</summary>
    public bool IsWanted => DesiredState is "running" or "ready" or "complete";

    public bool IsRunning => State == "running";

    public bool IsComplete => State == "complete";

    public bool HasFailed => Failures.Contains(State);

    public bool IsOver => HasFailed || State is "complete" or "shutdown" or "remove";

    /// <summary>Identifies the slot, or the node of a global service.</summary>
    public string Place => Slot > 0 ? $"#{Slot}" : NodeId;

    /// <summary>Whether it matches the current template in everything that makes the engine replace tasks.</summary>
    public bool IsMadeFrom(JsonNode? template) =>
        Same(template, "ContainerSpec")
        && Same(template, "Resources")
        && Same(template, "ForceUpdate")
        && Same(template, "LogDriver")
        && Same(template, "Networks");

    /// <summary>The task as shown to the user.</summary>
    public SwarmTask Describe(string service, SwarmPlace? place) =>
        new()
        {
            Name = Slot > 0 ? $"{service}.{Slot}" : $"{service}.{place?.Name ?? NodeId}",
            Id = Id,
            Service = service,
            Slot = Slot,
            Node = place?.Name,
            Region = place?.Region,
            State = State,
            DesiredState = DesiredState,
            Error = Error.Length > 0 ? TaskWords.Of(Error) : null,
            ExitCode = ExitCode,
            Image = Image,
            ContainerId = ContainerId,
            Since = Since,
        };

    private bool Same(JsonNode? template, string part) => JsonNode.DeepEquals(template?[part], Template?[part]);
}
